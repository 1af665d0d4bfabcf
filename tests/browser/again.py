"""Scenarios: two tabs, the back button, messages that are sent twice or in the wrong browser.

Whatever happens, a person gets a page with words on it.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

from pages import expect, same
from webdriver import Browser

if TYPE_CHECKING:
    from stage import Stage


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


SCENARIOS = [two_tabs_before_any_cookie, back_to_the_chooser, sent_twice, in_the_wrong_browser]
