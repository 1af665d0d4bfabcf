"""Scenarios: `vejviser test-system` with this Chromium as its browser, and the page that it writes."""
from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

from gallery import Camera
from pages import expect, same

if TYPE_CHECKING:
    from stage import Stage


def tested(stage: Stage, *flags: str) -> tuple[int, dict[str, list[str]], str]:
    """Exit code, the cases by outcome, and what was said to people."""
    stage.folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [stage.options.program, "test-system", "--demo", "--listen", "127.0.0.1:0", "--manage", "127.0.0.1:0",
         "--format", "json", *flags],
        cwd=stage.folder, capture_output=True, text=True, timeout=120, check=False)
    cases: dict[str, list[str]] = {}
    for case in json.loads(done.stdout or "{}").get("cases", []):
        cases.setdefault(case["outcome"], []).append(case["id"])
    return done.returncode, cases, done.stderr


def in_chromium(stage: Stage) -> None:
    """A good system passes, and one that takes unsigned answers fails that case and no other."""
    only = ["--browser", "chromium", "--only", "SP-A-001,SP-A-005,SP-S-001,SP-S-014,SP-C-025,SP-B-001"]
    stage.now("the system that does right")
    code, cases, said = tested(stage, *only)
    same(code, 0, f"exit code ({said})")
    same(cases.get("pass"), ["SP-A-001", "SP-A-005", "SP-S-001", "SP-S-014", "SP-B-001"], "cases that passed")
    # It cannot hold an answer.
    same(cases.get("skip"), ["SP-C-025"], "cases that were skipped")
    stage.now("the system with a defect")
    code, cases, said = tested(stage, "--defect", "accepts-unsigned", *only)
    same(code, 1, f"exit code ({said})")
    same(cases.get("fail"), ["SP-S-001"], "cases that failed")


def report_for_people(stage: Stage) -> None:
    """The report, in both languages: axe-core finds nothing, and it names the failure."""
    code, _, said = tested(stage, "--defect", "trusts-key-info", "--only", "SP-S", "--output", "html=report.html")
    same(code, 1, f"exit code ({said})")
    hub = stage.hub()
    visitor = stage.visitor(hub)
    stage.now("the page")
    visitor.browser.open((stage.folder / "report.html").resolve().as_uri())
    expect("Stoler ikke på certifikatet i beskeden" in visitor.browser.text(), "the page does not name the failure")
    (stage.options.work / "pages").mkdir(parents=True, exist_ok=True)
    with Camera(stage, visitor) as camera:
        camera.look("system-test")


SCENARIOS = [in_chromium, report_for_people]
