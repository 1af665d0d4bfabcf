"""Scenarios: what somebody else wrote is shown as text, and nothing in it acts."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pages import FORGET, MEMORY, SESSION, expect, same
from webdriver import Browser

if TYPE_CHECKING:
    from stage import Stage

MARKUP = """'"></title></textarea><script>window.hostile=1;alert(1)</script><img src=x onerror=alert(2)>&lt;{{7*7}}"""


def harmless(browser: Browser) -> None:
    """Nothing acted, and no element is there that our templates did not make. An open alert fails every command."""
    browser.see("main")
    why = browser.script("""
        if (window.hostile) return "a script ran";
        for (const script of document.scripts)
            if (new URL(script.src).origin !== location.origin || !script.src.includes("/assets/"))
                return "a script that is not ours: " + script.outerHTML;
        for (const element of document.querySelectorAll("body *, head *"))
            for (const attribute of element.attributes)
                if (attribute.name.startsWith("on")) return "a handler: " + element.outerHTML;
        return document.images.length ? "a picture: " + document.images[0].outerHTML : null;""")
    expect(not why, why)
    same(browser.console(), [], "errors in the console")


def in_addresses(stage: Stage) -> None:
    hub = stage.hub()
    visitor = stage.visitor(hub)
    browser = visitor.browser
    visitor.start("sagssystem")
    visitor.at_chooser()
    flow = browser.text("#flow")
    text = quote(MARKUP, safe="")
    sagssystem, adfs = hub.site("sagssystem"), hub.site("provekobing-adfs")
    for url in (
        f"{hub.url}/vaelg?flow={flow}&q={text}",
        f"{hub.url}/vaelg?flow={text}", f"{hub.url}/vaelg?flow={flow}&lang={text}", f"{hub.url}/vaelg?{text}",
        f"{hub.url}/?lang={text}", f"{hub.url}/{text}", f"{hub.url}/mit-valg?lang={text}&{text}={text}",
        f"{hub.url}/mit-valg/glem?retur={text}",
        f"{hub.url}/runtime/saml2/issue.idp?SAMLRequest={text}&RelayState={text}",
        f"{hub.url}/runtime/saml2/metadata.idp?samlprofile={text}&lang={text}x",
        f"{sagssystem}/log-ind?niveau={text}", f"{sagssystem}/{text}?lang={text}",
        f"{adfs}/login?SAMLRequest={text}&RelayState={text}", f"{adfs}/?lang={text}",
        f"{hub.manage}/forloeb?q={text}&lang={text}", f"{hub.manage}/forloeb/{text}", f"{hub.manage}/{text}",
    ):
        stage.now(url)
        browser.open(url)
        if not browser.count("main"):   # metadata is XML and no page
            expect("/metadata" in url, "no page")
            continue
        harmless(browser)
    stage.now("the search's box")
    browser.open(f"{hub.url}/vaelg?flow={flow}&q={text}")
    if browser.count("input[type=search]"):
        same(browser.script('return document.querySelector("input[type=search]").value'), MARKUP, "what was searched")
    stage.now("the chooser after all that")
    browser.open(f"{hub.url}/vaelg?flow={flow}")
    visitor.choose("provekobing-adfs")
    visitor.answer("provekobing-adfs")
    visitor.logged_in("sagssystem")


def in_relay_state(stage: Stage) -> None:
    """The system's own word travels to the identity provider's answer and back, and into the journal."""
    hub = stage.hub()
    visitor = stage.visitor(hub)
    browser = visitor.browser
    browser.scripts(False)
    relay_state = MARKUP[:80]   # as long as the standard allows
    visitor.start("borgerportal")
    browser.see("#autopost button")
    browser.script('document.querySelector("input[name=RelayState]").value = arguments[0]', relay_state)
    browser.follow("#autopost button")
    visitor.choose("testrup")
    visitor.answer("testrup")
    stage.now("the identity provider's message")
    browser.see("#autopost button")
    browser.follow("#autopost button")
    stage.now("the hub's message")
    browser.see("#autopost button")
    same(browser.script('return document.querySelector("input[name=RelayState]").value'), relay_state,
         "RelayState that returns")
    browser.scripts(True)
    browser.follow("#autopost button")
    stage.now("the system, which knows no such RelayState")
    visitor.not_blank()
    harmless(browser)
    stage.now("the journal")
    browser.open(f"{hub.manage}/forloeb/{hub.flow()['id']}")
    harmless(browser)
    expect(relay_state in browser.text("main"), "the journal does not show the RelayState as it was")


def in_cookies(stage: Stage) -> None:
    """Every cookie that the hub sets is replaced by garbage, one at a time, and pages and logins still work."""
    hub = stage.hub("--remembered-choice", "safe")
    visitor = stage.visitor(hub)
    browser = visitor.browser
    browser.open(f"{hub.url}/?lang=da")
    visitor.log_in("sagssystem", "eksempelstrup", remember=True)
    ours = {cookie["name"]: cookie for cookie in browser.cookies() if cookie["domain"] == "hub.localhost"}
    same({"a login" if SESSION.fullmatch(name) else name for name in ours}, {"a login", MEMORY, "vejviser-sprog"},
         "the hub's cookies")

    def put(cookie: dict[str, Any], value: str) -> bool:
        same_site = {"sameSite": cookie["sameSite"]} if "sameSite" in cookie else {}
        return browser.devtools("Network.setCookie", url=hub.url, name=cookie["name"], value=value, path="/",
                                secure=cookie["secure"], httpOnly=cookie["httpOnly"], **same_site)["success"]

    for name, cookie in ours.items():
        right = cookie["value"]
        wrong = ["%00%ff<script>alert(1)</script>", "x" * 3900, "\xc6\xd8\xc5", right[:-1] + "!", right * 2, '"', ""]
        for value in wrong:
            stage.now(f"{name} is {value[:40]!r}, {len(value)} characters")
            expect(put(cookie, value) or not value.isascii(), "the browser does not take such a cookie")
            for path in ("/", "/vaelg?flow=x", "/mit-valg"):
                browser.open(hub.url + path)
                harmless(browser)
            same(browser.count(FORGET), 0 if name == MEMORY else 1, "remembered choices")
        stage.now(f"a login with what is left of {name}")
        visitor.start("borgerportal")
        visitor.choose("eksempelstrup")
        visitor.logged_in("borgerportal")
        put(cookie, right)


SCENARIOS = [in_addresses, in_relay_state, in_cookies]
