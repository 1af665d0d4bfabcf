"""Scenarios: what is remembered is forgotten, one by one, all at once, and by the service desk's link."""
from __future__ import annotations

from typing import TYPE_CHECKING

from pages import FORGET, FORGET_ALL, STATUS, Visitor, expect, same

if TYPE_CHECKING:
    from stage import Stage


def announced(visitor: Visitor, focus: str) -> None:
    """What was forgotten is said, and the focus is where one goes on."""
    visitor.browser.until("a status that says what was forgotten", lambda: visitor.browser.text(STATUS).strip())
    visitor.browser.until(f"focus on {focus}", lambda: visitor.focused().startswith(focus))


def forgets_one(visitor: Visitor, then_focus: str) -> None:
    visitor.browser.follow(FORGET)
    announced(visitor, then_focus)


def remembers_nothing(visitor: Visitor) -> None:
    same(visitor.browser.count(FORGET), 0, "choices that are listed")


def one_by_one_and_all(stage: Stage) -> None:
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
    visitor.log_in("sagssystem", "fiktiv-gammel", remember=True)
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


SCENARIOS = [one_by_one_and_all, a_link_frees_in_context_handler_2, a_link_frees_in_safe_mode]
