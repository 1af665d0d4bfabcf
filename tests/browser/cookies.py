"""Scenarios: cookies that do not come along. Whatever happens, a person gets a page with words on it."""
from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pages import SESSION, Visitor, expect

if TYPE_CHECKING:
    from stage import Stage

HUB = "hub.localhost"


def says_cookie(visitor: Visitor) -> None:
    words = visitor.refused("HUB-F-003")
    expect("cookie" in words.lower(), f"the page does not say that a cookie is missing: {words!r}")


def two_minutes_later(stage: Stage) -> None:
    """Chromium sends a cookie that does not declare SameSite on a cross-site POST for two minutes only.

    Such a cookie is set beside ours: it must stay behind, or the scenario shows nothing.
    """
    visitor = stage.visitor(stage.hub())
    browser = visitor.browser
    stage.now("a tab at the chooser and one at the identity provider")
    chooser = browser.handle
    visitor.start("borgerportal")
    visitor.at_chooser()
    browser.tab()
    visitor.start("sagssystem")
    visitor.choose("eksempelstrup")
    visitor.at_login("eksempelstrup")
    browser.devtools("Network.setCookie", name="undeclared", value="1", url=visitor.hub.url)
    time.sleep(130)   # the browser's own clock is the subject
    stage.now("the answer after 130 seconds")
    browser.network()
    visitor.answer("eksempelstrup")
    visitor.logged_in("sagssystem")
    sent, kept = carried(browser.network())
    expect(any(SESSION.fullmatch(name) for name in sent), f"the hub's cookie did not come along: {sent}")
    expect("undeclared" in kept, f"Chromium sent a cookie that this scenario expects it to keep: {sent}")
    stage.now("the choice after 130 seconds")
    browser.call("DELETE", "/window")
    browser.switch(chooser)
    visitor.choose("testrup")
    visitor.answer("testrup")
    visitor.logged_in("borgerportal")


def carried(events: list[dict[str, Any]]) -> tuple[set[str], set[str]]:
    """Names of the cookies that the answer to the hub carried, and of those that the browser kept back."""
    sent: set[str] = set()
    kept: set[str] = set()
    posts = {event["params"]["requestId"] for event in events if event["method"] == "Network.requestWillBeSent"
             and event["params"]["request"]["url"].endswith("/runtime/saml2auth/consume.idp")}
    for event in events:
        if event["method"] == "Network.requestWillBeSentExtraInfo" and event["params"]["requestId"] in posts:
            for cookie in event["params"]["associatedCookies"]:
                (kept if cookie["blockedReasons"] else sent).add(cookie["cookie"]["name"])
    return sent, kept


def lost_at_the_chooser(stage: Stage) -> None:
    visitor = stage.visitor(stage.hub())
    visitor.start("sagssystem")
    visitor.at_chooser()
    visitor.browser.forget_cookies(HUB)
    visitor.choose("eksempelstrup")
    says_cookie(visitor)
    stage.now("a new beginning")
    visitor.log_in("sagssystem", "eksempelstrup")


def lost_at_the_identity_provider(stage: Stage) -> None:
    visitor = stage.visitor(stage.hub())
    visitor.start("sagssystem")
    visitor.choose("eksempelstrup")
    visitor.at_login("eksempelstrup")
    visitor.browser.forget_cookies(HUB)
    visitor.answer("eksempelstrup")
    says_cookie(visitor)
    stage.now("a new beginning")
    visitor.start("sagssystem")
    visitor.choose("eksempelstrup")
    visitor.logged_in("sagssystem")


def blocked(stage: Stage) -> None:
    visitor = stage.visitor(stage.hub(), cookies=False)
    for system in ("sagssystem", "borgerportal"):
        stage.now(f"a login to {system}")
        visitor.browser.network()
        visitor.start(system)
        says_cookie(visitor)
        pages = [event for event in visitor.browser.network() if event["method"] == "Network.requestWillBeSent"
                 and event["params"].get("type") == "Document"]
        expect(len(pages) <= 6, f"{len(pages)} pages for one login: a loop")


SCENARIOS = [two_minutes_later, lost_at_the_chooser, lost_at_the_identity_provider, blocked]
