#!/usr/bin/env python3
"""Runs the scenarios: each with browsers and a demo of its own, two at a time.

    stage.py --program BINARY --axe axe.min.js --work FOLDER [NAME...]

Names pick scenarios by the beginning of their name. Where a scenario fails, its last step, the page that each
of its browsers stood on and a screenshot of it are reported.
"""
from __future__ import annotations

import argparse
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Callable

import again
import cookies
import flows
import forgetting
import gallery
import hostile
import keyboard
import logins
import logout
import memory
import systems
from hub import Hub
from pages import Visitor
from webdriver import Browser, Driver, Failed

AT_A_TIME = 2


class Stage(ExitStack):
    """What one scenario has: it ends with it."""

    def __init__(self, name: str, options: argparse.Namespace, driver: Driver) -> None:
        super().__init__()
        self.name, self.options, self.driver = name, options, driver
        self.folder: Path = options.work / "scenarios" / name
        self.program: Hub | None = None
        self.visitors: list[Visitor] = []
        self.step = "the beginning"

    def hub(self, *flags: str) -> Hub:
        self.program = Hub(self.options.program, self.folder, *flags)
        self.callback(self.program.stop)
        return self.program

    def visitor(self, hub: Hub, language: str = "da", cookies: bool = True) -> Visitor:
        browser = self.driver.browser(language, cookies)
        self.callback(browser.quit)
        self.visitors.append(Visitor(browser, hub, language))
        return self.visitors[-1]

    def now(self, step: str) -> None:
        """What the scenario is at, for whoever reads of its failure."""
        self.step = step

    def consoles(self) -> None:
        """No page may have left an error in a browser's console: what its policy blocked is one."""
        for visitor in self.visitors:
            if errors := visitor.browser.console():
                raise Failed("errors in the console: " + "; ".join(errors))

    def stood_on(self, browser: Browser, number: int) -> str:
        """Where a browser stands, for a report."""
        shot = self.folder / f"failed-{number}.png"
        try:
            where = f"    browser {number} at {browser.url}\n"
            browser.screenshot(shot)
            words = " ".join(browser.text().split())
            return where + f"      says {words[:400]!r}\n      picture {shot}\n"
        except (Failed, OSError) as error:
            return f"    browser {number}: {error}\n"


Scenario = Callable[[Stage], None]


def scenarios() -> dict[str, Scenario]:
    """By name. The one that waits for the browser's clock begins first, and of the others the long ones."""
    found: dict[str, Scenario] = {}
    for module in (cookies, gallery, flows, systems, hostile, memory, forgetting, again, keyboard, logins, logout):
        for scenario in module.SCENARIOS:
            found[f"{module.__name__}-{scenario.__name__.replace('_', '-')}"] = scenario
    return found


def run(name: str, scenario: Scenario, options: argparse.Namespace, driver: Driver) -> bool:
    began = time.monotonic()
    with Stage(name, options, driver) as stage:
        trouble = ""
        try:
            scenario(stage)
            stage.consoles()
        except Exception as error:
            known = isinstance(error, Failed)
            trouble = f"    at {stage.step}\n    {error if known else traceback.format_exc(limit=-3)}\n"
            if stage.program and (ended := stage.program.ended()):
                trouble += f"    {ended}\n"
            for number, visitor in enumerate(stage.visitors, 1):
                trouble += stage.stood_on(visitor.browser, number)
        took = time.monotonic() - began
    print(f"{'FAILED' if trouble else 'ok':7}{took:6.1f} s  {name}\n{trouble}", end="", flush=True)
    return not trouble


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--axe", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    picked = {name: scenario for name, scenario in scenarios().items()
              if not options.names or any(name.startswith(wanted) for wanted in options.names)}
    if not picked:
        sys.exit("no such scenario; there are: " + " ".join(scenarios()))
    driver = Driver(options.work / "chromedriver.log")
    try:
        # One more than at a time: the first only waits for most of its life.
        with ThreadPoolExecutor(AT_A_TIME + 1) as pool:
            outcomes = list(pool.map(lambda item: run(item[0], item[1], options, driver), picked.items()))
    finally:
        driver.stop()
    print(f"{sum(outcomes)} passed, {len(outcomes) - sum(outcomes)} failed")
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
