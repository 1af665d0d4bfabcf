"""Scenario: one logout for all, started at a system, at the identity provider, and on the hub's own page."""
from __future__ import annotations

from typing import TYPE_CHECKING

from pages import LOGGED_OUT, Visitor, expect, same

if TYPE_CHECKING:
    from stage import Stage

IDP, SYSTEMS = "eksempelstrup", ("sagssystem", "borgerportal")
LOG_OUT = 'form[action="/log-ud"] button'


def logged_in_to_both(stage: Stage) -> Visitor:
    visitor = stage.visitor(stage.hub())
    stage.now("a login")
    visitor.log_in(SYSTEMS[0], IDP)
    stage.now("a second system, by the identity provider's session")
    visitor.start(SYSTEMS[1])
    visitor.choose(IDP)
    visitor.logged_in(SYSTEMS[1])
    return visitor


def nobody_is_logged_in(stage: Stage, visitor: Visitor) -> None:
    for system in SYSTEMS:
        stage.now(f"{system} afterwards")
        visitor.browser.open(f"{visitor.hub.site(system)}/")
        visitor.browser.see("h1")
        same(visitor.browser.count('#result[data-status="Success"]'), 0, f"sessions at {system}")
    stage.now("the identity provider afterwards")
    visitor.start(SYSTEMS[0])
    visitor.choose(IDP)
    visitor.at_login(IDP)   # it asks who one is again


def started_at_a_system(stage: Stage) -> None:
    visitor = logged_in_to_both(stage)
    stage.now("the logout")
    visitor.browser.open(f"{visitor.hub.site(SYSTEMS[1])}/")
    visitor.browser.follow('a[href$="/log-ud"]')
    visitor.browser.see("h1", LOGGED_OUT["da"])
    expect(visitor.on(visitor.hub.site(SYSTEMS[1])), "the logout did not come back to the system")
    same(visitor.hub.flow()["outcome"], "logged-out", "outcome in the journal")
    nobody_is_logged_in(stage, visitor)


def started_at_the_identity_provider(stage: Stage) -> None:
    visitor = logged_in_to_both(stage)
    stage.now("the logout")
    visitor.browser.open(f"{visitor.hub.site(IDP)}/")
    visitor.browser.follow('a[href$="/log-ud"]')
    visitor.browser.see("h1")
    expect(visitor.on(visitor.hub.site(IDP)), "the logout did not come back to the identity provider")
    same(visitor.hub.flow()["outcome"], "logged-out", "outcome in the journal")
    nobody_is_logged_in(stage, visitor)


def started_at_the_hub(stage: Stage) -> None:
    visitor = logged_in_to_both(stage)
    stage.now("the hub's page")
    visitor.browser.open(f"{visitor.hub.url}/log-ud")
    visitor.browser.follow(LOG_OUT)
    visitor.browser.see("#logout .badge")
    expect(visitor.on(visitor.hub.url), "the logout did not come back to the hub")
    same(visitor.browser.count("#logout .badge"), 3, "parties that were told")
    same(visitor.hub.flow()["outcome"], "logged-out", "outcome in the journal")
    nobody_is_logged_in(stage, visitor)


def without_the_hubs_cookie(stage: Stage) -> None:
    """A logout needs no cookie of the hub's; its own page says what it cannot know."""
    visitor = logged_in_to_both(stage)
    stage.now("the cookie is lost")
    visitor.browser.forget_cookies("hub.localhost")
    visitor.browser.open(f"{visitor.hub.url}/log-ud")
    visitor.browser.see("p.alert")
    same(visitor.browser.count(LOG_OUT), 0, "buttons for sessions that the hub cannot see")
    stage.now("the logout at a system")
    visitor.browser.open(f"{visitor.hub.site(SYSTEMS[0])}/log-ud")
    visitor.browser.see("h1", LOGGED_OUT["da"])
    nobody_is_logged_in(stage, visitor)


SCENARIOS = (started_at_a_system, started_at_the_identity_provider, started_at_the_hub, without_the_hubs_cookie)
