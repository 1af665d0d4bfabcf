"""Scenarios: a choice that is remembered, the way Context Handler 2 does it and the safe way.

Fiktiv Kommune moves from one identity provider to another, which is when remembering hurts.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from forgetting import forgets_one, remembers_nothing
from pages import FORGET, Visitor, expect, same

if TYPE_CHECKING:
    from stage import Stage

OLD, NEW = "fiktiv-gammel", "fiktiv-ny"


def chosen_by_memory(visitor: Visitor) -> None:
    chosen = visitor.hub.flow().get("chosen_by") or {}
    same(chosen.get("by"), "memory", "what decided where the login went")
    expect(chosen.get("since"), "the journal does not say since when the choice is remembered")


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


SCENARIOS = [pinned_as_in_context_handler_2, remembered_at_once_in_context_handler_2,
             remembered_after_a_login_in_safe_mode, follows_the_municipality_in_safe_mode,
             asks_after_a_bounce_in_safe_mode]
