"""Scenario: every kind of page, in both languages and two widths, judged by axe-core and photographed."""
from __future__ import annotations

from typing import TYPE_CHECKING

from pages import CHECK, CHOOSER, FORGET, STATUS, Visitor, same
from webdriver import Failed

if TYPE_CHECKING:
    from stage import Stage

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (1100, 375)
AXE = """const [tags] = arguments;
    return axe.run({runOnly: tags}).then(found => found.violations.map(rule =>
        `${rule.id} (${rule.help}): ` + rule.nodes.map(node => node.target.join(" ")).slice(0, 5).join(", ")));"""


class Camera:
    """Looks at the page that the visitor stands on."""

    def __init__(self, stage: Stage, visitor: Visitor) -> None:
        self.stage, self.visitor = stage, visitor
        self.axe = stage.options.axe.read_text()
        self.findings: list[str] = []

    def __enter__(self) -> Camera:
        return self

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """What was found is told, also where the walk ended early."""
        if self.findings:
            early = f"{error}\n    and before that " if error else ""
            raise Failed(f"{early}{len(self.findings)} findings:\n      " + "\n      ".join(self.findings)) from error

    def look(self, kind: str, has: str = "h1") -> None:
        """`has` is what no other kind of page has in its main part."""
        browser, language = self.visitor.browser, self.visitor.language
        self.stage.now(f"page {kind}")
        browser.see(f"main {has}")
        same(browser.script("return document.documentElement.lang"), language, f"language of page {kind}")
        browser.script(self.axe)
        for width in WIDTHS:
            browser.width(width)
            name = f"{kind}-{language}-{width}"
            wide = browser.script("const e = document.documentElement; return [e.scrollWidth, e.clientWidth];")
            if wide[0] > wide[1]:
                self.findings.append(f"{name}: scrolls sideways, {wide[0]} of {wide[1]} px")
            self.findings += [f"{name}: {finding}" for finding in browser.script(AXE, TAGS)]
            browser.screenshot(self.stage.options.work / "pages" / f"{name}.png")
        browser.width(WIDTHS[0])
        self.findings += [f"{kind}-{language}: console: {error}" for error in browser.console()]


def every_page(stage: Stage, language: str) -> None:
    (stage.options.work / "pages").mkdir(exist_ok=True)
    hub = stage.hub()
    visitor = stage.visitor(hub, language)
    with Camera(stage, visitor) as camera:
        walk(stage, visitor, camera)


def walk(stage: Stage, visitor: Visitor, camera: Camera) -> None:
    hub, browser = visitor.hub, visitor.browser
    sagssystem, borgerportal, adfs = hub.site("sagssystem"), hub.site("borgerportal"), hub.site("provekobing-adfs")

    def at(url: str, kind: str, has: str = "h1") -> None:
        stage.now(f"page {kind}")
        browser.open(url)
        camera.look(kind, has)

    at(hub.url, "front")
    at(f"{hub.url}/mit-valg", "choices-empty", "code.copy")
    at(f"{hub.url}/log-ud", "sessions-without-cookie", "p.alert")
    at(f"{hub.url}/no-such-page", "not-found")
    at(f"{hub.url}/vaelg?flow=x", "refusal", CHECK)
    at(f"{hub.url}/runtime/saml2/issue.idp?SAMLRequest=x", "refusal-request", CHECK)
    at(f"{sagssystem}/", "system")
    at(f"{adfs}/", "persona")

    visitor.start("borgerportal")
    browser.see(CHOOSER)
    flow = browser.text("#flow")
    camera.look("chooser")
    at(f"{hub.url}/vaelg?flow={flow}&q=zzz", "chooser-no-hits", STATUS)
    browser.forget_cookies("hub.localhost")
    at(f"{hub.url}/vaelg?flow={flow}", "lost-cookie", CHECK)

    visitor.start("sagssystem")
    visitor.choose("provekobing-adfs")
    visitor.at_login("provekobing-adfs")
    camera.look("login")
    visitor.answer("provekobing-adfs", "erik")
    camera.look("stuck", 'button[name="again"]')
    browser.follow('button[name="cancel"]')
    camera.look("system-refused", "#result")

    visitor.start("sagssystem")
    visitor.choose("fiktiv-gammel", remember=True)
    visitor.answer("fiktiv-gammel")
    visitor.logged_in("sagssystem")
    camera.look("success")
    browser.open(f"{hub.site('fiktiv-gammel')}/")
    camera.look("persona-session", 'a[href$="/log-ud"]')
    at(f"{hub.url}/log-ud", "sessions", 'form[action="/log-ud"] button')
    browser.follow('form[action="/log-ud"] button')
    camera.look("sessions-ended", "#logout .badge")
    browser.open(f"{sagssystem}/log-ud")
    camera.look("logged-out")
    visitor.choices()
    camera.look("choices")
    hub.close("fiktiv-gammel")
    visitor.choices()
    camera.look("choices-inactive")
    visitor.start("sagssystem")
    visitor.refused("HUB-C-006")
    camera.look("pinned")
    visitor.choices()
    browser.follow(FORGET)
    browser.until("a status", lambda: browser.text(STATUS).strip())
    camera.look("choices-after-forgetting")
    at(f"{hub.url}/mit-valg/glem", "forgotten", STATUS)

    hub.remember_safely()
    visitor.log_in("sagssystem", "testrup", remember=True)
    visitor.end_session("testrup")
    visitor.start("sagssystem")
    visitor.at_login("testrup")
    visitor.start("sagssystem")
    camera.look("chooser-after-a-bounce", "section.alert")

    browser.scripts(False)
    browser.open(f"{borgerportal}/log-ind")
    browser.scripts(True)   # what did not run while the page was read does not run any more
    camera.look("message", "#autopost")

    at(f"{hub.manage}/", "management")
    at(f"{hub.manage}/forloeb", "flows")
    ended = hub.ask("/flows")["flows"]
    at(f"{hub.manage}/forloeb/{next(f['id'] for f in ended if f['outcome'] == 'logged-in')}", "flow")
    at(f"{hub.manage}/forloeb/{next(f['id'] for f in ended if f['verdict'])}", "flow-refused")
    at(f"{hub.manage}/kontroller", "checks", "h3#IDP-R-036")
    at(f"{hub.manage}/admin", "administration")
    at(f"{hub.manage}/admin/identity-provider/testrup", "administration-idp", "code.copy")
    browser.follow('button[name="action"][value="preview"]')
    camera.look("administration-preview", 'button[value="save"]')
    browser.follow('button[name="action"][value="edit"]')
    browser.script('document.getElementById("contexts").value = "1"')
    browser.follow('button[name="action"][value="preview"]')
    camera.look("administration-refused", "section.alert.error li")
    at(f"{hub.manage}/admin/system/sagssystem", "administration-system", "#cvr")
    at(f"{hub.manage}/admin/system", "administration-connect", ".tabs a[aria-current]")
    browser.script('document.getElementById("url").value = arguments[0]', f"{hub.site('testrup')}/metadata")
    browser.follow('button[name="action"][value="next"]')
    camera.look("administration-other-role", "section.alert.error li")
    at(f"{hub.manage}/admin/identity-provider/testrup/delete", "administration-delete", 'button[value="delete"]')
    browser.follow('button[value="delete"]')
    camera.look("administration-deleted", '[role="status"]')
    at(f"{hub.manage}/admin/log", "administration-log", ".logged details")
    at(f"{hub.manage}/matrix", "matrix")
    at(f"{hub.manage}/matrix?idp=provekobing-adfs", "matrix-of-one")
    at(f"{hub.manage}/matrix?view=people", "matrix-people")
    at(f"{hub.manage}/matrix?view=generations", "matrix-generations")
    at(f"{hub.manage}/matrix?view=overview", "matrix-overview")
    at(f"{hub.manage}/skifte", "rollover")
    browser.follow('button[name="action"][value="start"]')
    browser.follow('button[name="action"][value="next"]')
    camera.look("rollover-played", "figure.course")
    browser.follow('button[name="action"][value="end"]')
    at(f"{hub.manage}/forloeb/no-such-flow", "management-not-found")


def in_danish(stage: Stage) -> None:
    every_page(stage, "da")


def in_english(stage: Stage) -> None:
    every_page(stage, "en")


SCENARIOS = [in_danish, in_english]
