"""Scenarios: cookies that do not come along, and pages that are sent twice.

Whatever happens, a person gets a page with words on it.
"""
from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from pages import SESSION, Visitor, expect, same
from webdriver import Browser

if TYPE_CHECKING:
    from stage import Stage

HUB = "hub.localhost"


def says_cookie(visitor: Visitor) -> None:
    words = visitor.refused("HUB-F-003")
    expect("cookie" in words.lower(), f"the page does not say that a cookie is missing: {words!r}")


def message(browser: Browser) -> tuple[str, dict[str, str]]:
    """The message of a page that would post it on, and where to."""
    return browser.script("""const form = document.getElementById("autopost");
        return [form.action, Object.fromEntries(new FormData(form))];""")


def post(browser: Browser, action: str, fields: dict[str, str]) -> None:
    """Posts a form from a page of nobody's, as another site would."""
    browser.open("about:blank")
    browser.script("""const [action, fields] = arguments, form = document.createElement("form");
        Object.assign(form, {method: "post", action});
        for (const [name, value] of Object.entries(fields))
            form.append(Object.assign(document.createElement("input"), {name, value}));
        document.body.append(form);
        form.submit();""", action, fields)
    browser.until("an answer to the form", lambda: browser.url != "about:blank")


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
    expect(any(SESSION.fullmatch(name) for name in sent), f"the hub's cookie did not come along with the answer: {sent}")
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


def two_tabs_before_any_cookie(stage: Stage) -> None:
    """Both tabs ask before the hub has answered either: the second answer must not undo the first."""
    hub = stage.hub()
    visitor = stage.visitor(hub)
    browser = visitor.browser
    same(browser.cookies(), [], "cookies of a new profile")
    first = browser.handle
    browser.script("for (const url of arguments) window.open(url);",
                   *(f"{hub.site(system)}/log-ind" for system in ("sagssystem", "borgerportal")))
    browser.until("two more tabs", lambda: len(browser.call("GET", "/window/handles")) == 3)
    tabs = [tab for tab in browser.call("GET", "/window/handles") if tab != first]
    for tab in tabs:
        browser.switch(tab)
        visitor.at_chooser()
    for tab in tabs:
        browser.switch(tab)
        system = "sagssystem" if "Sagssystemet" in browser.text("main") else "borgerportal"
        stage.now(f"the tab of {system}")
        visitor.choose("eksempelstrup")
        if tab == tabs[0]:
            visitor.answer("eksempelstrup")
        visitor.logged_in(system)


def back_to_the_chooser(stage: Stage) -> None:
    visitor = stage.visitor(stage.hub())
    visitor.start("sagssystem")
    visitor.choose("provekobing-adfs")
    visitor.at_login("provekobing-adfs")
    visitor.browser.back()
    visitor.choose("testrup")
    visitor.answer("testrup")
    visitor.logged_in("sagssystem")
    stage.now("back after the login")
    for steps in range(6):
        visitor.browser.back()
        if visitor.browser.url == "data:,":   # where a new profile begins
            break
        visitor.not_blank()
    expect(steps >= 2, "the history has hardly any pages")
    stage.now("a login after all that")
    visitor.start("borgerportal")
    visitor.choose("testrup")
    visitor.logged_in("borgerportal")


def sent_twice(stage: Stage) -> None:
    visitor = stage.visitor(stage.hub())
    browser = visitor.browser
    twice = "const e = document.querySelector(arguments[0]); e.click(); e.click();"
    stage.now("two clicks at the chooser")
    visitor.start("sagssystem")
    visitor.at_chooser()
    browser.script(twice, f'button[value="{visitor.hub.idps["eksempelstrup"]["entity_id"]}"]')
    visitor.at_login("eksempelstrup")
    stage.now("two clicks at the identity provider's message")
    browser.scripts(False)
    visitor.answer("eksempelstrup")
    browser.see("#autopost button")
    action, fields = message(browser)
    page = browser.element("main")
    browser.script(twice, "#autopost button")
    browser.gone(page)
    visitor.not_blank_or_message()
    for time_ in ("again", "and again"):
        stage.now(f"the identity provider's message {time_}")
        post(browser, action, fields)
        expect("IDP-R-" in visitor.refused(""), "the page names no check of the message")

    stage.now("the hub's message to the system twice")
    visitor.start("sagssystem")
    visitor.choose("eksempelstrup")
    for _ in range(2):
        browser.see("#autopost button")
        action, fields = message(browser)
        browser.follow("#autopost button")
    visitor.logged_in("sagssystem")
    post(browser, action, fields)
    visitor.not_blank()


def in_the_wrong_browser(stage: Stage) -> None:
    """A message that another browser got leads nowhere, and takes nothing from the browser that it is for."""
    hub = stage.hub()
    right, wrong = stage.visitor(hub), stage.visitor(hub)
    right.browser.scripts(False)
    right.start("sagssystem")
    right.choose("eksempelstrup")
    right.answer("eksempelstrup")
    right.browser.see("#autopost button")
    action, fields = message(right.browser)
    wrong.start("sagssystem")
    wrong.at_chooser()
    stage.now("the message in the wrong browser")
    post(wrong.browser, action, fields)
    expect("IDP-R-" in wrong.refused(""), "the page names no check of the message")
    stage.now("the message in the right browser")
    right.browser.follow("#autopost button")
    right.browser.see("#autopost button")
    right.browser.follow("#autopost button")
    right.logged_in("sagssystem")


SCENARIOS = [two_minutes_later, lost_at_the_chooser, lost_at_the_identity_provider, blocked,
             two_tabs_before_any_cookie, back_to_the_chooser, sent_twice, in_the_wrong_browser]
