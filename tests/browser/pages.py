"""What is on the pages, and how a person gets from one to the next."""
from __future__ import annotations

import re
from typing import Any

from hub import Hub
from webdriver import Browser, Failed

LOGGED_IN, LOGGED_OUT = {"da": "Logget ind", "en": "Logged in"}, {"da": "Logget ud", "en": "Logged out"}
CHOOSER, LOGIN = 'button[name="idp"]', 'button[name="person"]'
REMEMBER, FORGET, FORGET_ALL = "#husk", 'input[name="key"] + button', 'button[name="alle"]'
SESSION = re.compile("__Host-vejviser-[0-9a-f]{6}")   # the cookie that a login is bound to
MEMORY = "__Host-vejviser-valg"
STATUS, CHECK = '[role="status"]', "#check"


def expect(holds: Any, what: str) -> None:
    if not holds:
        raise Failed(what)


def same(found: Any, expected: Any, what: str) -> None:
    expect(found == expected, f"{what}: {found!r}, expected {expected!r}")


class Visitor:
    """A person in front of a browser."""

    def __init__(self, browser: Browser, hub: Hub, language: str) -> None:
        self.browser, self.hub, self.language = browser, hub, language

    # ---- where one stands ----------------------------------------------------------------------------

    def on(self, site: str) -> bool:
        return self.browser.url.startswith(site + "/")

    def at_chooser(self) -> None:
        self.browser.see(CHOOSER)
        expect(self.on(self.hub.url), "this is not the hub's chooser")

    def at_login(self, idp: str) -> None:
        """At the page where this identity provider asks who one is."""
        self.browser.until(f"the login page of {idp}",
                           lambda: self.on(self.hub.site(idp)) and self.browser.count(LOGIN))

    def logged_in(self, system: str) -> None:
        def welcomed() -> bool:
            return self.on(self.hub.site(system)) and bool(self.browser.count('#result[data-status="Success"]'))
        self.browser.until(f"{system} to say that one is logged in", welcomed)
        self.browser.see("h1", LOGGED_IN[self.language])

    def refused(self, check: str) -> str:
        """A page of the hub that says in words what is wrong; returns what it says."""
        self.browser.see(CHECK, check)
        words = self.browser.text("main")
        expect(len(words) > 100, f"the page of {check} hardly says anything: {words!r}")
        expect(self.browser.count("main #flow"), "the page of a refusal has no flow id")
        return words

    def not_blank(self) -> None:
        """Some page of ours, with words on it: the system's, an identity provider's, or one with a flow id."""
        self.browser.see("main")
        words = self.browser.text("main").strip()
        expect(len(words) > 20, f"a blank page: {words!r}")
        expect(self.browser.count("#flow, #result, " + LOGIN), "a page without a flow id that is no system's either")

    def not_blank_or_message(self) -> None:
        """As above, or a message that waits to be sent on."""
        self.browser.see("main")
        if not self.browser.count("#autopost button"):
            self.not_blank()

    # ---- going on ------------------------------------------------------------------------------------

    def start(self, system: str, force: bool = False) -> None:
        """Asks a system to log one in."""
        self.browser.open(f"{self.hub.site(system)}/log-ind" + ("?force=1" if force else ""))

    def choose(self, idp: str, remember: bool = False) -> None:
        self.at_chooser()
        if remember:
            expect(not self.browser.count(f"{REMEMBER}:checked"), "the box is ticked before anybody ticked it")
            self.browser.click(REMEMBER)
        self.browser.follow(f'button[name="idp"][value="{self.hub.idps[idp]["entity_id"]}"]')

    def answer(self, idp: str, person: str = "") -> None:
        """Says who one is; the person who can do everything, where nobody is named."""
        self.at_login(idp)
        self.browser.follow(f'button[name="person"][value="{person or self.hub.person(idp)}"]')

    def log_in(self, system: str, idp: str, remember: bool = False) -> None:
        """From the system's front page to its welcome, by way of the chooser."""
        self.start(system)
        self.choose(idp, remember)
        self.answer(idp)
        self.logged_in(system)

    def end_session(self, idp: str) -> None:
        """Forgets who one is at an identity provider, so that it asks again."""
        self.browser.forget_cookies(self.hub.site(idp).split("//")[1].split(":")[0])

    def choices(self) -> None:
        self.browser.open(f"{self.hub.url}/mit-valg")
        self.browser.see("h1")

    def focused(self) -> str:
        """What has the focus: the name of the element and what it says."""
        return self.browser.script("""const e = document.activeElement;
            return e.tagName.toLowerCase() + ": " + (e.innerText || e.value || "").trim();""")
