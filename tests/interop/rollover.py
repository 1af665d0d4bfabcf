#!/usr/bin/env python3
"""The hub changes its certificate while real peers log in through it.

    rollover.py --work DIR

The hub plays a plan; its clock of the plan is moved by its API, SAML's clock is not. The peers:

    arkiv          mod_shib that polls the hub's metadata every other second
    sag            mod_shib with a copy of the metadata from before: pinned
    proevekoebing  SimpleSAMLphp with a file to which somebody has added the certificate that the hub handed out

At every step each peer must do what the hub's model of it predicts: work, fail, recover.
"""
import argparse
import base64
import datetime
import json
import os
import sys
import time
import urllib.parse
import urllib.request

from scenarios import DITTE, Stage

CHECKS = 53     # that pass when every step was made and nothing failed, this count among them
PATIENCE = 30   # seconds; mod_shib polls every other one


# The day of the service window; the habits in the federation know it too.
WINDOW_DAY = datetime.date.fromisoformat(os.environ["WINDOW_DAY"])


def plan_time(days, clock):
    """A time so many days from the window."""
    return f"{WINDOW_DAY + datetime.timedelta(days=days)}T{clock}:00+01:00"


WINDOW = plan_time(0, "06:00")


class Rollover(Stage):
    def __init__(self, work):
        super().__init__(work)
        self.worked = {}    # step and system -> whether somebody was logged in

    def ask(self, method, path, body=None):
        request = urllib.request.Request(
            os.environ["MANAGE_URL"].rstrip("/") + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + os.environ["MANAGE_TOKEN"], "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def start(self, begin, **plan):
        self.ask("PUT", "/api/v1/rehearsal", {"window": WINDOW, "begin": begin, "speed": 0, **plan})

    def jump(self, to):
        self.ask("PUT", "/api/v1/rehearsal/time", {"to": to})

    def party(self, name):
        return next(p for p in self.ask("GET", "/api/v1/rehearsal")["parties"] if p["name"] == name)

    def fetched_after(self, system, moment):
        """Waits until the hub has seen `system` fetch its metadata after `moment` (seconds since 1970)."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            fetch = self.party(system)["fetch"]
            if fetch and parsed(fetch["at"]["real"]) > moment:
                # It has the document; a moment for taking it over.
                time.sleep(1)
                return True
            time.sleep(0.3)
        return self.check(f"{system} fetches the hub's metadata", False, f"not within {PATIENCE} s")

    def try_login(self, what, system):
        """Whether `system` logs somebody in, and what the hub's model says of it now."""
        name = "rollover-" + what.replace(" ", "-") + "-" + system
        base = self.parties[system]["base"]
        predicted = self.party(system)["login"]["state"] == "works"
        browser, page = self.begin(system, "hub")
        page = browser.login(page, "ditte", "ditte", self.parties["proevekoebing"]["display_name"])
        works = page.status == 200 and "Logget ind" in page.body and page.url.startswith(base)
        if works:
            session = self.session(browser, system)
            works = self.check(f"{name}: NameID", session.get("nameid") == [DITTE], session)
        where = f"{page.status} at {page.url}: {page.tree.text()[:200]}"
        self.worked[f"{what} {system}"] = bool(works)
        return works, predicted, where

    def expect(self, what, **expected):
        """Each system works or not, as expected here and as the hub predicts."""
        for system, should in expected.items():
            works, predicted, where = self.try_login(what, system)
            self.check(f"{what}: {system} {'works' if should else 'fails'}", works == should, where)
            self.check(f"{what}: the hub predicts it of {system}", predicted == should, self.party(system))

    def run_all(self):
        self.run(self.hand_out, self.hard_swap, self.overlap)
        self.ask("DELETE", "/api/v1/rehearsal")
        self.run(self.afterwards)

    def hand_out(self):
        """Somebody at the municipality adds the certificate that the hub hands out to its SimpleSAMLphp."""
        self.start(plan_time(0, "05:00"), strategy="hard-swap", environment="INTEROP", keep_old_decryption_key=True)
        request = urllib.request.Request(
            os.environ["MANAGE_URL"].rstrip("/") + "/skifte/filer/new_ADG_INTEROP_Adgangsstyring_2.cer",
            headers={"Authorization": "Bearer " + os.environ["MANAGE_TOKEN"]})
        with urllib.request.urlopen(request, timeout=30) as answer:
            certificate = base64.b64encode(answer.read()).decode()
        path = f"{self.work}/sps/hub-sp.xml"
        with open(path, encoding="utf-8") as file:
            metadata = file.read()
        added = ('<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
                 f"<ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>")
        at = metadata.index("<md:AssertionConsumerService")
        with open(path, "w", encoding="utf-8") as file:
            file.write(metadata[:at] + added + metadata[at:])

    def hard_swap(self):
        self.start(plan_time(0, "05:00"), strategy="hard-swap", keep_old_decryption_key=True)
        self.fetched_after("arkiv", time.time())
        self.expect("hard-swap 05:00", arkiv=True, sag=True)
        self.jump(plan_time(0, "06:10"))
        self.expect("hard-swap 06:10", arkiv=False, sag=False)
        published = time.time()
        self.jump(plan_time(0, "06:40"))
        self.fetched_after("arkiv", published)
        self.expect("hard-swap 06:40", arkiv=True, sag=False)
        self.jump(plan_time(0, "09:00"))
        self.expect("hard-swap 09:00", arkiv=True, sag=False)
        # The old key dropped: SimpleSAMLphp still encrypts to it, and nobody gets in.
        begun = time.time()
        self.start(plan_time(0, "09:00"), strategy="hard-swap", keep_old_decryption_key=False)
        self.fetched_after("arkiv", begun)
        works, _, where = self.try_login("hard-swap old key dropped", "arkiv")
        self.check("hard-swap, old key dropped: nobody gets in through SimpleSAMLphp", not works, where)
        login = self.party("proevekoebing")["login"]
        self.check("hard-swap, old key dropped: predicted", login["state"] == "fails"
                   and login["expected"]["cause"] == "rollover::encrypts-to-old-key", login)

    def overlap(self):
        begun = time.time()
        self.start(plan_time(-7, "05:00"), strategy="overlap")
        self.fetched_after("arkiv", begun)
        self.expect("overlap before", arkiv=True, sag=True)
        both = time.time()
        self.jump(plan_time(-7, "07:00"))
        self.fetched_after("arkiv", both)
        self.expect("overlap, both in metadata", arkiv=True, sag=True)
        # No time to fetch anything between these: what was fetched a week ago carries over the switch.
        self.jump(plan_time(0, "05:59"))
        self.expect("overlap 05:59", arkiv=True)
        self.jump(plan_time(0, "06:00"))
        self.expect("overlap 06:00", arkiv=True, sag=False)
        alone = time.time()
        self.jump(plan_time(7, "07:00"))
        self.expect("overlap over", arkiv=True)
        self.fetched_after("arkiv", alone)
        self.expect("overlap over and fetched", arkiv=True, sag=False)

    def afterwards(self):
        """The rehearsal ended: everything as before it."""
        self.fetched_after("arkiv", time.time())
        for system in ("arkiv", "sag"):
            browser, page = self.begin(system, "hub")
            page = browser.login(page, "ditte", "ditte", self.parties["proevekoebing"]["display_name"])
            self.check(f"after the rehearsal: {system} works", "Logget ind" in page.body, page.url)


def parsed(moment):
    return datetime.datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", required=True)
    stage = Rollover(options.parse_args().work)
    stage.run_all()
    stage.check("checks", stage.passed + 1 == CHECKS, f"{stage.passed + 1} of {CHECKS}: a step was left out, or CHECKS is old")
    # For the page about peers.
    with open(f"{stage.work}/rollover.json", "w", encoding="utf-8") as out:
        json.dump(stage.worked, out, indent=1)
    print(f"{stage.passed} passed, {stage.failed} failed")
    sys.exit(1 if stage.failed else 0)


if __name__ == "__main__":
    main()
