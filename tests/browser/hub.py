"""The program under test: a demo of its own for each scenario, and its management interface."""
from __future__ import annotations

import json
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from webdriver import Failed


class Hub:
    """A running `vejviser demo`."""

    def __init__(self, program: Path, folder: Path, *flags: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        ready = folder / "ready.json"
        ready.unlink(missing_ok=True)
        self.log = folder / "hub.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [program, "demo", "--listen", "127.0.0.1:0", "--manage", "127.0.0.1:0", "--ready-file", ready, *flags],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise Failed(f"the demo does not come up: {self.log.read_text()[-500:]}")
            time.sleep(0.02)
        said = json.loads(ready.read_text())
        self.url: str = said["public_url"]
        self.manage: str = said["manage_url"]
        self.systems: dict[str, dict[str, str]] = {system["name"]: system for system in said["systems"]}
        self.idps: dict[str, dict[str, Any]] = {idp["name"]: idp for idp in said["idps"]}

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)

    def ended(self) -> str:
        """How it ended, if it did on its own."""
        code = self.process.poll()
        return "" if code is None else f"the program ended with {code}: {self.log.read_text()[-1000:]}"

    def site(self, name: str) -> str:
        """Address of a demo system or of an identity provider."""
        party = self.systems.get(name) or self.idps[name]
        return party["metadata"].removesuffix("/metadata")

    def person(self, idp: str) -> str:
        """The one who can do everything there."""
        return self.idps[idp]["people"][0]["id"]

    # ---- the management interface --------------------------------------------------------------------

    def ask(self, path: str, method: str = "GET", body: Any = None) -> Any:
        request = urllib.request.Request(f"{self.manage}/api/v1{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def flow(self) -> dict[str, Any]:
        """The latest login, as the journal has it."""
        return self.ask(f"/flows/{self.ask('/flows')['flows'][0]['id']}")

    def chosen_by(self) -> str | None:
        """What decided where the latest login went."""
        return (self.flow().get("chosen_by") or {}).get("by")

    def close(self, idp: str, closed: bool = True) -> None:
        """The municipality moves away from an identity provider, or back to it."""
        self.ask(f"/identity-providers/{urllib.parse.quote(idp)}", "PUT", {"active": not closed})

    def remember_safely(self) -> None:
        """From now on, the other mode of the remembered choice."""
        self.ask("/settings", "PUT", {"remembered_choice": "safe"})

    def pinned(self, idp: str) -> dict[str, Any]:
        """Logins that memory sent there."""
        known = {row["name"]: row for row in self.ask("/identity-providers")["identity_providers"]}
        return known[idp]["pinned"]
