"""Scenarios: a choice that is remembered, the way Context Handler 2 does it and the safe way.

Fiktiv Kommune moves from one identity provider to another, which is when remembering hurts.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from pages import FORGET, FORGET_ALL, STATUS, Visitor, expect, same

if TYPE_CHECKING:
    from stage import Stage

OLD, NEW = "fiktiv-gammel", "fiktiv-ny"


def chosen_by_memory(visitor: Visitor) -> None:
    chosen = visitor.hub.flow().get("chosen_by") or {}
    same(chosen.get("by"), "memory", "what decided where the login went")
    expect(chosen.get("since"), "the journal does not say since when the choice is remembered")


def announced(visitor: Visitor, focus: str) -> None:
    """What was forgotten is said, and the focus is where one goes on."""
    visitor.browser.until("a status that says what was forgotten", lambda: visitor.browser.text(STATUS).strip())
    visitor.browser.until(f"focus on {focus}", lambda: visitor.focused().startswith(focus))


def forgets_one(visitor: Visitor, then_focus: str) -> None:
    visitor.browser.follow(FORGET)
    announced(visitor, then_focus)


def remembers_nothing(visitor: Visitor) -> None:
    same(visitor.browser.count(FORGET), 0, "choices that are listed")


def pinned_as_in_context_handler_2(stage: Stage) -> None:
    hub = stage.hub("--remembered-choice", "ch2")
    visitor = stage.visitor(hub)
    browser = visitor.browser
    stage.now("the login that is remembered")
    visitor.log_in("sagssystem", OLD, remember=True)
    same(hub.chosen_by(), "chooser", "what decided the first login")

    stage.now("a login to the other system")
    visitor.start("borgerportal")
    visitor.logged_in("borgerportal")
    chosen_by_memory(visitor)
    stage.now("a login that must be made anew (ForceAuthn)")
    visitor.start("sagssystem", force=True)
    visitor.answer(OLD)
    visitor.logged_in("sagssystem")
    chosen_by_memory(visitor)

    stage.now("the management pages")
    browser.open(f"{hub.manage}/forloeb/{hub.flow()['id']}")
    expect("husket siden" in browser.text("#chosen"), "the page of the login does not say that memory decided")
    browser.open(f"{hub.manage}/admin")
    browser.follow(f'button[name="close"][value="{OLD}"]')
    browser.see(f'button[name="open"][value="{OLD}"]')

    stage.now("the municipality has moved")
    visitor.start("sagssystem")
    words = visitor.refused("HUB-C-006")
    expect("husk" in words.lower(), f"the page does not name the memory: {words!r}")
    expect(visitor.on(hub.url), "the user did not end on the hub's page")
    pinned = hub.pinned(OLD)
    same((pinned["uses"], pinned["stopped"]), (3, 1), "logins that memory decided, and those that it stopped")

    stage.now("the way out")
    browser.follow('main a[href*="/mit-valg"]')
    browser.see(FORGET)
    expect("Fiktiv Kommune" in browser.text("main"), "the choice is not listed by its name")
    forgets_one(visitor, "h1")
    remembers_nothing(visitor)
    visitor.log_in("sagssystem", NEW)


def remembered_at_once_in_context_handler_2(stage: Stage) -> None:
    """The tick alone is enough; nobody needs to have logged in."""
    visitor = stage.visitor(stage.hub())
    visitor.start("sagssystem")
    visitor.choose("testrup", remember=True)
    visitor.at_login("testrup")
    visitor.start("borgerportal")
    visitor.at_login("testrup")
    chosen_by_memory(visitor)


def remembered_after_a_login_in_safe_mode(stage: Stage) -> None:
    hub = stage.hub("--remembered-choice", "safe")
    visitor = stage.visitor(hub)
    stage.now("a tick without a login")
    visitor.start("sagssystem")
    visitor.choose(OLD, remember=True)
    visitor.at_login(OLD)
    visitor.start("sagssystem")
    visitor.at_chooser()

    stage.now("a tick and a login")
    visitor.log_in("sagssystem", "testrup", remember=True)
    visitor.start("sagssystem")
    visitor.logged_in("sagssystem")
    chosen_by_memory(visitor)
    stage.now("the other system asks for itself")
    visitor.start("borgerportal")
    visitor.at_chooser()
    stage.now("a login that must be made anew (ForceAuthn) asks")
    visitor.start("sagssystem", force=True)
    visitor.at_chooser()

    stage.now("whoever wants to be asked is")
    visitor.browser.network()
    visitor.start("sagssystem")
    visitor.logged_in("sagssystem")
    sent = [event["params"]["request"]["url"] for event in visitor.browser.network()
            if event["method"] == "Network.requestWillBeSent"]
    visitor.browser.open(next(url for url in sent if url.startswith(hub.url) and "SAMLRequest=" in url) + "&vaelg=1")
    visitor.at_chooser()


def follows_the_municipality_in_safe_mode(stage: Stage) -> None:
    hub = stage.hub("--remembered-choice", "safe")
    visitor = stage.visitor(hub)
    visitor.log_in("sagssystem", OLD, remember=True)
    stage.now("there is a new one, though the old one is open still")
    visitor.start("sagssystem")
    visitor.answer(NEW)
    visitor.logged_in("sagssystem")
    chosen_by_memory(visitor)
    stage.now("the old one is closed")
    hub.close(OLD)
    visitor.start("sagssystem")
    visitor.logged_in("sagssystem")
    chosen_by_memory(visitor)
    stage.now("the municipality goes back to the old one, the only one that is open")
    hub.close(OLD, closed=False)
    hub.close(NEW)
    visitor.start("sagssystem")
    visitor.logged_in("sagssystem")
    chosen_by_memory(visitor)
    same(hub.flow()["idp"], hub.idps[OLD]["entity_id"], "where the login went")


def asks_after_a_bounce_in_safe_mode(stage: Stage) -> None:
    """Whoever comes back from the identity provider without having logged in wanted something else."""
    visitor = stage.visitor(stage.hub("--remembered-choice", "safe"))
    visitor.log_in("sagssystem", "eksempelstrup", remember=True)
    visitor.end_session("eksempelstrup")
    stage.now("sent there by memory")
    visitor.start("sagssystem")
    visitor.at_login("eksempelstrup")
    stage.now("back at the system")
    visitor.start("sagssystem")
    visitor.choose("testrup")
    visitor.answer("testrup")
    visitor.logged_in("sagssystem")


def forgets_one_by_one_and_all(stage: Stage) -> None:
    visitor = stage.visitor(stage.hub("--remembered-choice", "safe"))
    browser = visitor.browser
    for system, idp in (("sagssystem", "eksempelstrup"), ("borgerportal", "testrup")):
        visitor.log_in(system, idp, remember=True)
    stage.now("two choices")
    visitor.choices()
    same(browser.count(FORGET), 2, "choices that are listed")
    keys = "return [...document.querySelectorAll('input[name=key]')].map(key => key.value)"
    second = browser.script(keys)[1:]
    forgets_one(visitor, "button")
    same(browser.script(keys), second, "choices that are left")
    forgets_one(visitor, "h1")
    remembers_nothing(visitor)

    stage.now("all at once")
    visitor.start("sagssystem")
    visitor.choose("provekobing-adfs", remember=True)
    visitor.answer("provekobing-adfs")
    visitor.logged_in("sagssystem")
    visitor.choices()
    browser.follow(FORGET_ALL)
    announced(visitor, "h1")
    remembers_nothing(visitor)
    visitor.start("sagssystem")
    visitor.at_chooser()


def a_link_from_the_service_desk(stage: Stage, mode: str) -> None:
    hub = stage.hub("--remembered-choice", mode)
    visitor = stage.visitor(hub)
    browser = visitor.browser
    visitor.log_in("sagssystem", OLD, remember=True)
    visitor.choices()
    link = browser.text("main code.copy")
    expect(link.startswith(hub.url), f"the link for the service desk does not lead to the hub: {link}")
    stage.now(f"the link {link}")
    browser.open(link)
    browser.until("a status that says what was forgotten", lambda: browser.text(STATUS).strip())
    visitor.start("sagssystem")
    visitor.at_chooser()
    stage.now("the link once more")
    browser.open(link)
    browser.until("a status", lambda: browser.text(STATUS).strip())
    visitor.choices()
    remembers_nothing(visitor)


def a_link_frees_in_context_handler_2(stage: Stage) -> None:
    a_link_from_the_service_desk(stage, "ch2")


def a_link_frees_in_safe_mode(stage: Stage) -> None:
    a_link_from_the_service_desk(stage, "safe")


SCENARIOS = [pinned_as_in_context_handler_2, remembered_at_once_in_context_handler_2,
             remembered_after_a_login_in_safe_mode, follows_the_municipality_in_safe_mode,
             asks_after_a_bounce_in_safe_mode, forgets_one_by_one_and_all, a_link_frees_in_context_handler_2,
             a_link_frees_in_safe_mode]
