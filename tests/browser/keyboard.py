"""Scenario: from the system to logged in, and back out of the memory, without a mouse."""
from __future__ import annotations

from typing import TYPE_CHECKING

from pages import CHOOSER, FORGET, LOGIN, REMEMBER, STATUS, Visitor, expect
from webdriver import ENTER, SPACE, TAB

if TYPE_CHECKING:
    from stage import Stage

MAX_STOPS = 60


def has_focus(visitor: Visitor, css: str) -> bool:
    return bool(visitor.browser.script("return document.activeElement.matches(arguments[0])", css))


def visible(visitor: Visitor) -> None:
    """What has the focus can be seen to have it, and is on the screen."""
    why = visitor.browser.script("""
        const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
        if (e === document.body) return "nothing has the focus";
        if (!e.matches(":focus-visible")) return "it is not :focus-visible";
        if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 1) return "it has no outline";
        if (box.width < 1 || box.height < 1 || box.bottom <= 0 || box.right <= 0
            || box.top >= innerHeight || box.left >= innerWidth) return "it is off the screen";
        return null;""")
    expect(not why, f"focus on {visitor.focused()!r}: {why}")


def tab_to(visitor: Visitor, css: str) -> None:
    """Presses Tab until the focus is there. The focus is seen at every stop."""
    for _ in range(MAX_STOPS):
        visitor.browser.press(TAB)
        visible(visitor)
        if has_focus(visitor, css):
            return
    expect(False, f"{MAX_STOPS} times Tab, and {css} has not had the focus")


def strike(visitor: Visitor, key: str) -> None:
    """A key that leads to the next page."""
    page = visitor.browser.element("main")
    visitor.browser.press(key)
    visitor.browser.gone(page)


def skip_link(visitor: Visitor) -> None:
    """The first stop of a page; what it leads to begins after the header."""
    tab_to(visitor, ".skip-link")
    visitor.browser.press(ENTER)
    visitor.browser.press(TAB)
    expect(visitor.browser.script('return document.activeElement.closest("main") !== null'),
           f"the skip link does not lead past the header: focus on {visitor.focused()!r}")
    visible(visitor)


def without_a_mouse(stage: Stage) -> None:
    hub = stage.hub()
    visitor = stage.visitor(hub)
    browser = visitor.browser
    stage.now("the system's front page")
    browser.open(f"{hub.site('sagssystem')}/")
    browser.see("main")
    tab_to(visitor, 'a[href$="/log-ind"]')
    strike(visitor, ENTER)

    stage.now("the chooser")
    visitor.at_chooser()
    skip_link(visitor)
    if not has_focus(visitor, REMEMBER):
        tab_to(visitor, REMEMBER)
    browser.press(SPACE)
    expect(browser.count(f"{REMEMBER}:checked"), "Space does not tick the box")
    tab_to(visitor, f'{CHOOSER}[value="{hub.idps["eksempelstrup"]["entity_id"]}"]')
    strike(visitor, ENTER)

    stage.now("the identity provider")
    visitor.at_login("eksempelstrup")
    tab_to(visitor, f'{LOGIN}[value="{hub.person("eksempelstrup")}"]')
    strike(visitor, SPACE)
    visitor.logged_in("sagssystem")

    stage.now("the remembered choice")
    visitor.choices()
    skip_link(visitor)
    visitor.choices()
    tab_to(visitor, FORGET)
    strike(visitor, ENTER)
    browser.until("a status that says what was forgotten", lambda: browser.text(STATUS).strip())
    browser.until("focus on the heading", lambda: has_focus(visitor, "h1"))

    stage.now("the way out of the system")
    browser.open(f"{hub.site('sagssystem')}/")
    browser.see("main")
    tab_to(visitor, 'a[href$="/log-ud"]')
    strike(visitor, ENTER)
    browser.see('h1', "Logget ud")


SCENARIOS = [without_a_mouse]
