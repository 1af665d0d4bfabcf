"""A WebDriver client, small enough to read: Debian's Chromium through Debian's ChromeDriver.

One `Driver` is the chromedriver process; each `Browser` is a Chromium with a new, empty profile. Elements are
named by CSS selectors and looked up anew at each use, so that a page may change between two lines of a scenario.
Nothing here waits for a while: it waits for something, and says what when it does not come.
"""
from __future__ import annotations

import base64
import http.client
import json
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Callable

PATIENCE = 15.0   # seconds until what is waited for is given up
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
         "--hide-scrollbars")
TAB, ENTER, SPACE = "\ue004", "\ue007", " "
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"   # the key of an element, says the standard
# What a command answers while a page is being replaced by the next.
IN_BETWEEN = {"stale element reference", "no such element", "unknown error", "javascript error"}


class Failed(AssertionError):
    """Something is not as it should be."""


class WebDriverError(Failed):
    """What the driver answered instead."""

    def __init__(self, value: dict[str, str]) -> None:
        super().__init__(f"{value['error']}: {value['message'].splitlines()[0]}")
        self.error = value["error"]


class Driver:
    """The chromedriver process."""

    def __init__(self, log: Path) -> None:
        self.process = subprocess.Popen(["chromedriver", "--port=0", f"--log-path={log}"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert self.process.stdout
        for line in self.process.stdout:
            if "started successfully on port " in line:
                self.port = int(line.rsplit(" ", 1)[1].strip(".\n"))
                return
        raise Failed(f"chromedriver does not start; see {log}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def browser(self, language: str, cookies: bool) -> Browser:
        """A Chromium in a new profile that asks for pages in this language; one that keeps no cookies, where asked."""
        preferences: dict[str, Any] = {"intl.accept_languages": language}
        if not cookies:
            preferences["profile.default_content_setting_values.cookies"] = 2
        return Browser(self.port, {
            "goog:chromeOptions": {"binary": "/usr/bin/chromium", "args": list(FLAGS), "prefs": preferences},
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        })


class Browser:
    """One Chromium."""

    def __init__(self, port: int, capabilities: dict[str, Any]) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        session = self._send("POST", "/session", {"capabilities": {"alwaysMatch": capabilities}})
        self.base = f"/session/{session['sessionId']}"
        self.width(1100)

    def _send(self, method: str, path: str, body: Any = None) -> Any:
        self.connection.request(method, path, None if body is None else json.dumps(body))
        value = json.loads(self.connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise WebDriverError(value)
        return value

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One command of the session."""
        return self._send(method, self.base + path, {} if body is None and method == "POST" else body)

    def devtools(self, command: str, **parameters: Any) -> Any:
        """One command of Chromium's own protocol, for what WebDriver has no word for."""
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def quit(self) -> None:
        with suppress(Failed, OSError):
            self.call("DELETE", "")
        self.connection.close()

    # ---- pages ---------------------------------------------------------------------------------------

    def open(self, url: str) -> None:
        self.call("POST", "/url", {"url": url})

    def back(self) -> None:
        self.call("POST", "/back")

    @property
    def url(self) -> str:
        return self.call("GET", "/url")

    def script(self, code: str, *arguments: Any) -> Any:
        """What a function body returns in the page."""
        return self.call("POST", "/execute/sync", {"script": code, "args": arguments})

    def text(self, css: str = "body") -> str:
        """What a person reads in the first of these elements."""
        return self.call("GET", f"/element/{self.element(css)}/text")

    def element(self, css: str) -> str:
        return self.call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def count(self, css: str) -> int:
        return len(self.call("POST", "/elements", {"using": "css selector", "value": css}))

    def until(self, what: str, condition: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Waits until the condition holds and returns what it returned."""
        deadline = time.monotonic() + patience
        trouble = ""
        while time.monotonic() < deadline:
            try:
                if found := condition():
                    return found
                trouble = ""
            except WebDriverError as error:   # as while a page is being replaced by the next
                trouble = f"; {error}"
            time.sleep(0.02)
        raise Failed(f"waited in vain for {what}{trouble}")

    def see(self, css: str, text: str = "") -> str:
        """Waits for an element that is shown and has this text in it; returns all of its text."""
        def shown() -> str | None:
            return self.script("""
                const [css, text] = arguments;
                if (document.readyState !== "complete") return null;
                for (const e of document.querySelectorAll(css))
                    if (e.getClientRects().length && e.innerText.includes(text)) return e.innerText || " ";
                return null;""", css, text)
        return self.until(f"{css} with {text!r}" if text else css, shown)

    # ---- hands ---------------------------------------------------------------------------------------

    def click(self, css: str) -> None:
        self.call("POST", f"/element/{self.element(css)}/click")

    def follow(self, css: str) -> None:
        """Clicks on what leads to another page, and waits until this page has gone."""
        element = self.element(css)
        self.call("POST", f"/element/{element}/click")
        self.gone(element)

    def gone(self, element: str) -> None:
        def is_gone() -> bool:
            try:
                self.call("GET", f"/element/{element}/name")
                return False
            except WebDriverError as error:
                return error.error in IN_BETWEEN
        self.until("the next page", is_gone)

    def write(self, css: str, text: str) -> None:
        self.call("POST", f"/element/{self.element(css)}/value", {"text": text})

    def press(self, *keys: str) -> None:
        """Keys on the keyboard, wherever the focus is."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]})

    def tab(self) -> str:
        """A new tab, in front."""
        handle = self.call("POST", "/window/new", {"type": "tab"})["handle"]
        self.switch(handle)
        self.width(1100)
        return handle

    @property
    def handle(self) -> str:
        return self.call("GET", "/window")

    def switch(self, handle: str) -> None:
        self.call("POST", "/window", {"handle": handle})

    # ---- what a page is looked at with -----------------------------------------------------------------

    def width(self, pixels: int) -> None:
        self.devtools("Emulation.setDeviceMetricsOverride", width=pixels, height=900, deviceScaleFactor=1, mobile=False)

    def scripts(self, run: bool) -> None:
        """Whether pages may run scripts. Ours still do."""
        self.devtools("Emulation.setScriptExecutionDisabled", value=not run)

    def screenshot(self, path: Path) -> None:
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        area = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000), "scale": 1}
        image = self.devtools("Page.captureScreenshot", captureBeyondViewport=True, clip=area)
        path.write_bytes(base64.b64decode(image["data"]))

    def console(self) -> list[str]:
        """Errors since the last look. That a page of refusal is not a 200 is none."""
        entries = self.call("POST", "/se/log", {"type": "browser"})
        return [entry["message"] for entry in entries if entry["level"] == "SEVERE"
                and "the server responded with a status of 4" not in entry["message"]]

    def network(self) -> list[dict[str, Any]]:
        """What went over the wire since the last look, as events of Chromium's own protocol."""
        entries = self.call("POST", "/se/log", {"type": "performance"})
        return [json.loads(entry["message"])["message"] for entry in entries]

    def cookies(self) -> list[dict[str, Any]]:
        return self.devtools("Network.getAllCookies")["cookies"]

    def forget_cookies(self, host: str) -> None:
        """Deletes a host's cookies, wherever the browser stands."""
        for cookie in self.cookies():
            if cookie["domain"] == host:
                self.devtools("Network.deleteCookies", name=cookie["name"], domain=host, path=cookie["path"])
