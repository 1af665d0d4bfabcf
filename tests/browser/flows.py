"""Scenarios: the list of flows and the page of one, looked at, by keyboard, live, and with hostile content."""
from __future__ import annotations

import base64
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

from gallery import Camera
from hostile import MARKUP, harmless
from keyboard import has_focus, strike, tab_to, visible
from pages import Visitor, expect, same
from webdriver import ENTER

if TYPE_CHECKING:
    from hub import Hub
    from stage import Stage

ATTACKS = Path(__file__).parents[2] / "fixtures" / "attacks"
ROWS = "#flows tbody tr"
ACS, SSO = "/runtime/saml2auth/consume.idp", "/runtime/saml2/issue.idp"


def refuse(visitor: Visitor) -> str:
    """A login that the identity provider does not let through; returns its flow."""
    visitor.start("sagssystem")
    visitor.choose("provekobing-adfs")
    visitor.answer("provekobing-adfs", "erik")
    visitor.browser.see('button[name="again"]')
    visitor.browser.follow('button[name="cancel"]')
    visitor.browser.see("#result")
    return visitor.hub.flow()["id"]


def post(hub: Hub, path: str, field: str, xml: bytes) -> str:
    """Sends a message as nobody's browser, hostile in every header; returns the flow that came of it."""
    form = urllib.parse.urlencode({field: base64.b64encode(xml).decode(), "RelayState": MARKUP[:80]}).encode()
    request = urllib.request.Request(hub.url.replace("hub.localhost", "127.0.0.1") + path, data=form)
    for name in ("User-Agent", "Referer", "Accept-Language", "Cookie"):
        request.add_header(name, f"x={MARKUP}" if name == "Cookie" else MARKUP)
    request.add_header("Host", hub.url.split("//")[1])
    try:
        urllib.request.urlopen(request, timeout=30).close()
    except urllib.error.HTTPError as refused:
        refused.close()
    return hub.ask("/flows")["flows"][0]["id"]


def samples() -> dict[str, tuple[str, bytes]]:
    """One message of each class of attacks: what it is, and its bytes."""
    found: dict[str, tuple[str, bytes]] = {}
    for path in sorted(ATTACKS.glob("*.case")):
        header, _, message = path.read_bytes().partition(b"\n\n")
        said = dict(line.split(": ", 1) for line in header.decode().splitlines())
        if said["input"] == "xml" and said["kind"] in ("request", "response") and "repeat" not in said:
            found.setdefault(said["class"], (said["kind"], message))
    expect(len(found) > 5, f"only {len(found)} classes of attacks")
    return found


def looked_at(stage: Stage, language: str) -> None:
    (stage.options.work / "pages").mkdir(exist_ok=True)
    hub = stage.hub()
    visitor = stage.visitor(hub, language)
    browser = visitor.browser
    with Camera(stage, visitor) as camera:
        browser.open(f"{hub.manage}/forloeb")
        camera.look("flows-none", "form.filter")
        visitor.log_in("borgerportal", "testrup")
        success = hub.flow()["id"]
        refused = refuse(visitor)
        hostile = post(hub, ACS, "SAMLResponse", f"<Response>{MARKUP}".encode())
        visitor.start("sagssystem")
        visitor.at_chooser()
        abandoned = hub.ask("/flows")["flows"][0]["id"]
        hub.ask("/clock", "PUT", {"offset_seconds": 2 * 60 * 60})
        flows = {"success": success, "refusal": refused, "hostile": hostile, "abandoned": abandoned}
        for kind, flow in flows.items():
            browser.open(f"{hub.manage}/forloeb/{flow}")
            camera.look(f"flow-{kind}", "ol.chain")
        browser.open(f"{hub.manage}/forloeb/{refused}")
        browser.script("for (const e of document.querySelectorAll('main details')) e.open = true")
        camera.look("flow-unfolded", "ol.chain")
        for kind, query in (("all", ""), ("narrowed", "outcome=refused&known=1"), ("nothing", "actor=hub"),
                            ("not-understood", "outcome=x")):
            browser.open(f"{hub.manage}/forloeb?{query}")
            camera.look(f"flows-{kind}", "form.filter")


def in_danish(stage: Stage) -> None:
    looked_at(stage, "da")


def in_english(stage: Stage) -> None:
    looked_at(stage, "en")


def without_a_mouse(stage: Stage) -> None:
    hub = stage.hub()
    visitor = stage.visitor(hub)
    browser = visitor.browser
    flow = refuse(visitor)
    stage.now("the list")
    browser.open(f"{hub.manage}/forloeb")
    tab_to(visitor, "#f-outcome")
    tab_to(visitor, f'a[href="/forloeb/{flow}"]')
    strike(visitor, ENTER)
    stage.now("from the verdict to what shows it")
    browser.see("#flow")
    tab_to(visitor, "section.verdict a[href^='#m']")
    browser.press(ENTER)
    browser.until("focus on the row", lambda: has_focus(visitor, "table.checks tr, section.message"))
    stage.now("from a check to its line")
    tab_to(visitor, "td.place a")
    line = browser.script("return document.activeElement.hash")
    browser.press(ENTER)
    browser.until(f"focus on {line}", lambda: has_focus(visitor, line))
    visible(visitor)
    stage.now("folding")
    tab_to(visitor, ".xml summary")
    before = browser.script("return document.activeElement.parentElement.open")
    browser.press(ENTER)
    browser.until("the fold to turn", lambda: before != browser.script(
        "return document.activeElement.parentElement.open"))
    visible(visitor)


def live(stage: Stage) -> None:
    """New flows come into a list that somebody looks at, unless it is held or in use."""
    hub = stage.hub()
    watcher, visitor = stage.visitor(hub), stage.visitor(hub)
    browser = watcher.browser
    visitor.log_in("borgerportal", "testrup")
    browser.open(f"{hub.manage}/forloeb")
    same(browser.count(ROWS), 1, "flows at first")
    stage.now("a login in another browser")
    visitor.start("sagssystem")
    visitor.at_chooser()
    browser.until("a second row", lambda: browser.count(ROWS) == 2)
    browser.until("a status", lambda: "1 nyt forløb" in browser.text("#live-status"))
    stage.now("held")
    browser.click("#live button")
    visitor.start("borgerportal")
    browser.until("word of a third flow", lambda: "venter: 1" in browser.text("#live-status"))
    same(browser.count(ROWS), 2, "rows of a list that is held")
    browser.click("#live button")
    browser.until("the third row", lambda: browser.count(ROWS) == 3)
    stage.now("the focus is in the list")
    browser.script("document.querySelector('#flows tbody a').focus()")
    visitor.start("sagssystem")
    browser.until("word of a fourth flow", lambda: "venter: 1" in browser.text("#live-status"))
    expect(has_focus(watcher, "#flows tbody a"), "the focus is lost")
    browser.script("document.activeElement.blur()")
    browser.until("the fourth row", lambda: browser.count(ROWS) == 4)
    stage.now("everything is deleted")
    browser.script("document.querySelector('main > details:last-of-type').open = true")
    browser.follow('form[action="/forloeb/slet"] button')
    same(browser.count(ROWS), 0, "rows after deleting")


def with_hostile_messages(stage: Stage) -> None:
    hub = stage.hub()
    visitor = stage.visitor(hub)
    browser = visitor.browser
    messages = {"markup": ("response", f"<Response x='{MARKUP}'>{MARKUP}</Response>".encode()),
                "no XML": ("request", MARKUP.encode())} | samples()
    for name, (kind, message) in messages.items():
        stage.now(name)
        path, field = (SSO, "SAMLRequest") if kind == "request" else (ACS, "SAMLResponse")
        flow = post(hub, path, field, message)
        browser.open(f"{hub.manage}/forloeb/{flow}")
        harmless(browser)
        expect(browser.count("section.message"), "the message is not shown")
    stage.now("the list")
    browser.open(f"{hub.manage}/forloeb?id={urllib.parse.quote(MARKUP)}")
    harmless(browser)
    browser.open(f"{hub.manage}/forloeb")
    harmless(browser)


SCENARIOS = [in_danish, in_english, without_a_mouse, live, with_hostile_messages]
