"""Scenario: a login by a person, in both languages."""
from __future__ import annotations

from typing import TYPE_CHECKING

from pages import LOGGED_OUT, Visitor, expect, same

if TYPE_CHECKING:
    from stage import Stage


def speaks(visitor: Visitor, language: str) -> None:
    same(visitor.browser.script("return document.documentElement.lang"), language,
         f"language of {visitor.browser.url}")


def there_and_back(stage: Stage, language: str, system: str, idp: str) -> None:
    hub = stage.hub()
    visitor = stage.visitor(hub, language)
    browser = visitor.browser
    stage.now("the hub's front page")
    browser.open(hub.url)
    browser.see("h1")
    speaks(visitor, language)
    browser.follow(f'a[href^="{hub.site(system)}"]')
    stage.now("the chooser")
    visitor.at_chooser()
    speaks(visitor, language)
    visitor.choose(idp)
    stage.now("the identity provider")
    visitor.at_login(idp)
    speaks(visitor, language)
    visitor.answer(idp)
    stage.now("the system")
    visitor.logged_in(system)
    speaks(visitor, language)
    browser.follow('a[href$="/log-ud"]')
    browser.see("h1", LOGGED_OUT[language])
    same(hub.flow()["outcome"], "logged-out", "outcome in the journal")


def in_danish(stage: Stage) -> None:
    there_and_back(stage, "da", "sagssystem", "provekobing-adfs")


def in_english(stage: Stage) -> None:
    there_and_back(stage, "en", "borgerportal", "eksempelstrup")


def a_language_once_asked_for_is_kept(stage: Stage) -> None:
    hub = stage.hub()
    visitor = stage.visitor(hub, "da")
    visitor.browser.open(f"{hub.url}/?lang=en")
    speaks(visitor, "en")
    visitor.start("sagssystem")
    visitor.at_chooser()
    speaks(visitor, "en")
    stage.now("the link to the other language")
    before = visitor.browser.text("#flow")
    visitor.browser.follow('.languages a[hreflang="da"]')
    visitor.at_chooser()
    speaks(visitor, "da")
    same(visitor.browser.text("#flow"), before, "the login that is being chosen for")
    visitor.choose("eksempelstrup")
    visitor.answer("eksempelstrup")
    visitor.logged_in("sagssystem")


def without_scripts(stage: Stage) -> None:
    """Every message that a script would post on has a button as well."""
    hub = stage.hub()
    visitor = stage.visitor(hub)
    browser = visitor.browser
    browser.scripts(False)
    visitor.start("borgerportal")
    stage.now("the system's message")
    browser.follow("#autopost button")
    visitor.choose("eksempelstrup")
    visitor.answer("eksempelstrup")
    for sender in ("the identity provider's message", "the hub's message"):
        stage.now(sender)
        browser.see("#autopost button")
        browser.follow("#autopost button")
    visitor.logged_in("borgerportal")


def cancelling(stage: Stage) -> None:
    """Whoever leaves the chooser or the identity provider ends at the system, with words."""
    hub = stage.hub()
    visitor = stage.visitor(hub)
    visitor.start("sagssystem")
    visitor.at_chooser()
    visitor.browser.follow('button[name="cancel"]')
    visitor.browser.see('#result[data-status$=":Responder"]')
    expect(visitor.on(hub.site("sagssystem")), "cancelling at the chooser does not lead back")
    visitor.start("sagssystem")
    visitor.choose("testrup")
    visitor.at_login("testrup")
    visitor.browser.follow('button[name="cancel"]')
    visitor.browser.see('#result[data-status$=":Responder"]')
    expect(visitor.on(hub.site("sagssystem")), "cancelling at the identity provider does not lead back")
    visitor.not_blank()


SCENARIOS = [in_danish, in_english, a_language_once_asked_for_is_kept, without_scripts, cancelling]
