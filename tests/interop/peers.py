#!/usr/bin/env python3
"""The peers of peers/ log in through the hub, and go on while it changes its certificate.

    peers.py --work DIR --port NAME=N...

python3-saml, node-saml and samael are systems and get their users from SimpleSAMLphp; LemonLDAP::NG is an identity provider,
and mod_shib the system. What was seen goes to peers.json, for page.py. The certificates: each system reads the hub's metadata
again when it is told to (POST /genindlaes), and LemonLDAP::NG when its configuration is written anew.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

from client import Browser
from judge import SAML
from rollover import Rollover, plan_time
from scenarios import DITTE, SUCCESS, recorded, status_codes

HERE = pathlib.Path(__file__).resolve().parent
HOST = {"python3-saml": "python", "node-saml": "node", "samael": "samael"}
DWHO = "C=DK,O=44444444,CN=Doctor Who,Serial=9a1c0000-1111-4222-8333-444455556666"
BINDING = {"redirect": "Redirect", "post": "POST"}
PARTIAL = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout"
XENC = "http://www.w3.org/2001/04/xmlenc#"
DS = "http://www.w3.org/2000/09/xmldsig#"


class Peers(Rollover):
    def __init__(self, work, ports):
        super().__init__(work)
        self.ports = ports
        self.systems = [name for name in HOST if name in ports]
        self.rows = {}

    def jump(self, to):
        super().jump(to)
        time.sleep(1.5)

    def base(self, name):
        return f"http://{HOST[name]}.localhost:{self.ports[name]}"

    # -- logins

    def enter(self, name, hops=None):
        """Whether a system logs Ditte in, what it says of her, and where that ended."""
        browser = Browser()
        page = browser.get(f"{self.base(name)}/log-ind")
        page = browser.login(page, "ditte", "ditte", self.parties["proevekoebing"]["display_name"])
        if hops:
            browser.save(f"{self.work}/hops/{hops}.json")
        works = page.status == 200 and "Sager" in page.body and page.url.startswith(self.base(name))
        user = json.loads(browser.get(f"{self.base(name)}/hvem").body) if works else {}
        return browser, works and user.get("nameid") == DITTE, user, f"{page.status} at {page.url}: {page.tree.text()[:200]}"

    def logins(self):
        for name in self.systems:
            browser, works, user, where = self.enter(name, f"peer-{name}")
            self.check(f"{name}: a login through the hub", works, f"{where}; {user}")
            values = user.get("attributes", {})
            one = lambda key: [values.get(f"dk:gov:saml:attribute:{key}")] if isinstance(
                values.get(f"dk:gov:saml:attribute:{key}"), str) else values.get(f"dk:gov:saml:attribute:{key}")
            self.check(f"{name}: level", one("AssuranceLevel") == ["3"], user)
            self.check(f"{name}: CVR", one("CvrNumberIdentifier") == ["11111111"], user)
            self.check(f"{name}: issuer", user.get("issuer") == self.parties["hub"]["entity_id"], user)
            self.seen(name, f"peer-{name}", "system", f"{self.base(name)}/")

    def lemon_login(self, system, hops=None):
        browser, page = self.begin(system, "hub")
        page = browser.login(page, "dwho", "dwho", "Lemonby Kommune")
        if hops:
            browser.save(f"{self.work}/hops/{hops}.json")
        works = page.status == 200 and "Logget ind" in page.body
        user = self.session(browser, system) if works else {}
        return browser, works and user.get("nameid") == [DWHO], f"{page.status} at {page.url}: {page.tree.text()[:300]}; {user}"

    def lemon(self):
        _, works, where = self.lemon_login("sag", "peer-lemon")
        self.check("LemonLDAP::NG: a login through the hub", works, where)
        self.seen("LemonLDAP::NG", "peer-lemon", "identity provider", f"{self.lemon_base()}/")

    def lemon_base(self):
        return f"http://lemon.localhost:{self.ports['lemonldap-ng']}"

    # -- single logout

    def logouts(self):
        """Each begins one, and is told of one that sag begins, which is mod_shib."""
        for name in self.systems:
            if name == "samael":
                self.partial_logout(name)
                continue
            for what, begin in (("begun", f"{self.base(name)}/log-ud-overalt"), ("told", self.logout_url("sag"))):
                browser = self.logged_in_beside_sag(name)
                page = browser.login(browser.get(begin), "-", "-")
                self.check(f"{name}: a logout {what} ends where it began", page.status == 200 and begin.startswith(
                    "/".join(page.url.split("/")[:3])), f"{page.status} at {page.url}: {page.tree.text()[:200]}")
                self.gone(name, browser)
                self.logged_out(f"peer-{name}-logout-{what}", browser, 3)
        for name, base in (("mod_shib", ("sag", "arkiv")), ("SimpleSAMLphp", ("proevekoebing",))):
            self.rows[name]["logout"] = self.logout_of(tuple(self.parties[one]["base"] + "/" for one in base))
        for name in self.systems:
            self.rows[name].setdefault("logout", self.logout_of((f"{self.base(name)}/",)))

    def logout_url(self, system):
        return self.parties[system]["base"] + "/Shibboleth.sso/Logout"

    def logged_in_beside_sag(self, name):
        """One browser in this system and in sag, by one login at SimpleSAMLphp."""
        browser, works, user, where = self.enter(name)
        self.check(f"{name}: in", works, f"{where}; {user}")
        page = browser.get(self.login_url("sag", "hub"))
        page = browser.login(page, "-", "-", self.parties["proevekoebing"]["display_name"])
        self.check(f"{name}: in sag beside it, without a password", "Logget ind" in page.body, f"{page.status} at {page.url}")
        return browser

    def gone(self, name, browser):
        status = browser.get(f"{self.base(name)}/hvem").status
        self.check(f"{name}: no session after a logout", status == 401, status)

    def partial_logout(self, name):
        """It has no address for a logout: the hub's page names it, and whoever began is told that not everybody is out."""
        browser = self.logged_in_beside_sag(name)
        try:
            page = browser.login(browser.get(self.logout_url("sag")), "-", "-")
        finally:
            browser.save(f"{self.work}/hops/peer-{name}-logout-partial.json")
        hub = self.parties["hub"]["base"]
        named = [row.text() for row in page.tree.find("li") if name in row.text()]
        back = [link for link in page.tree.find("a") if link.attrs.get("href", "").startswith(self.parties["sag"]["base"])]
        found = f"{page.status} at {page.url}: {page.tree.text()[:400]}"
        if not self.check(f"{name}: the hub's page names it", page.url.startswith(hub) and len(named) == 1 and back, found):
            return
        hops = f"{self.work}/hops/peer-{name}-logout-partial.json"
        browser.save(hops)
        page = browser.click(page, back[0])
        browser.save(hops)
        answers = [status_codes(m.root) for m in recorded(hops) if m.kind == "LogoutResponse" and m.issuer == self.parties["hub"]["entity_id"]]
        self.check(f"{name}: sag is told that the logout is partial", answers == [[SUCCESS, PARTIAL]], answers)
        self.not_logged_in(f"{name}: sag", browser, "sag")
        self.rows[name]["logout"] = {"partial": True}

    def lemon_logouts(self):
        """Told of one that sag begins; and one of its own, at its portal."""
        for what, begin in (("told", self.logout_url("sag")), ("begun", f"{self.lemon_base()}/?logout=1")):
            name = f"peer-lemon-logout-{what}"
            browser, works, where = self.lemon_login("sag")
            self.check(f"{name}: in", works, where)
            page = browser.login(browser.get(begin), "-", "-")
            # Its page of logout has a frame for each party that it tells.
            for frame in page.tree.find("iframe"):
                browser.open("GET", urllib.parse.urljoin(page.url, frame.attrs["src"]), referrer=page.url, framed=True)
            browser.save(f"{self.work}/hops/{name}.json")
            messages = [m for m in recorded(f"{self.work}/hops/{name}.json") if m.kind.startswith("Logout")]
            asked = [m for m in messages if m.kind == "LogoutRequest"]
            codes = [status_codes(m.root) for m in messages if m.kind == "LogoutResponse"]
            self.check(f"{name}: both are asked once, and answer", (len(asked), codes) == (2, [[SUCCESS]] * 2),
                       [m.name for m in messages])
            self.not_logged_in(name, browser, "sag")
            page = browser.login(browser.get(self.login_url("sag", "hub")), "-", "-", "Lemonby Kommune")
            self.check(f"{name}: the password is asked for again", page.login_form() is not None, f"{page.status} at {page.url}")
        self.rows["LemonLDAP::NG"]["logout"] = self.logout_of((f"{self.lemon_base()}/",))

    def logout_of(self, base):
        """What a peer did in the logouts that were recorded: those that it began and that were answered with success, those
        that it was told of and answered so, and where its answers went."""
        hub = self.parties["hub"]["entity_id"]
        begun, told, places = set(), set(), set()
        for path in sorted(pathlib.Path(f"{self.work}/hops").glob("*-logout-*.json")):
            messages = [m for m in recorded(path) if m.kind.startswith("Logout")]
            good = {m.root.getAttribute("InResponseTo"): m for m in messages
                    if m.kind == "LogoutResponse" and status_codes(m.root) == [SUCCESS]}
            for request in (m for m in messages if m.kind == "LogoutRequest"):
                answer = good.get(request.root.getAttribute("ID"))
                if answer and request.issuer.startswith(base) and answer.issuer == hub:
                    begun.add(BINDING[request.binding])
                if answer and request.issuer == hub and answer.issuer.startswith(base):
                    told.add(BINDING[request.binding])
                    places.add(answer.destination.rpartition("/")[2])
        return {"begun": begun, "told": told, "answers_where_requests_go": bool(places & {"issue.idp", "signoffrequest.idp"})}

    # -- what the messages show

    def seen(self, name, hops, role, base):
        """The bindings and algorithms of this peer, from the messages of a login."""
        messages = list(recorded(f"{self.work}/hops/{hops}.json"))
        row = self.rows.setdefault(name, {"role": role, "bindings": set(), "signs": set(), "encryption": set()})
        for message in messages:
            own = message.issuer.startswith(base) if role == "system" else message.issuer.startswith(base) and message.kind == "Response"
            if role == "system" and message.kind == "AuthnRequest" and own or role != "system" and own:
                row["bindings"].add((message.kind, BINDING[message.binding]))
                row["signs"] |= signatures(message)
            # What is encrypted for the system, or by the identity provider.
            if message.kind == "Response" and (message.destination.startswith(base) if role == "system" else own):
                row["bindings"].add(("Response", BINDING[message.binding]))
                row["encryption"].add(tuple(method(e) for e in (
                    *message.root.getElementsByTagNameNS(XENC, "EncryptedData")[:1],
                    *message.root.getElementsByTagNameNS(XENC, "EncryptedKey")[:1])))
        self.check(f"{name}: its messages show how it signs and encrypts", row["bindings"] and row["signs"] and row["encryption"], row)

    # -- the certificate

    def reread(self):
        for name in self.systems:
            status = Browser().open("POST", f"{self.base(name)}/genindlaes", []).status
            self.check(f"{name} reads the metadata again", status == 204, status)

    def round(self, step, **expected):
        """Who works at this step; noted, and compared where something is expected."""
        for name in self.systems:
            works = self.enter(name)[1]
            self.rows[name].setdefault("change", {})[step] = works
            if "all" in expected:
                self.check(f"{step}: {name} {'works' if expected['all'] else 'fails'}", works == expected["all"], works)

    def change(self):
        self.hand_out()     # else SimpleSAMLphp, where the users come from, would fail first
        self.start(plan_time(0, "05:00"), strategy="hard-swap", keep_old_decryption_key=True)
        self.reread()
        self.round("before", all=True)
        self.jump(plan_time(0, "06:10"))
        self.round("hard swap, not read again", all=False)
        self.jump(plan_time(0, "06:40"))
        self.reread()
        self.round("hard swap, read again", all=True)
        # Both certificates a week ahead, and at the switch the new one alone, for signing and in the metadata.
        self.start(plan_time(-7, "05:00"), strategy="metadata-first", keep_old_decryption_key=True)
        self.jump(plan_time(-7, "07:00"))
        self.reread()
        self.round("metadata first, both", all=True)
        self.jump(plan_time(0, "06:10"))
        self.round("metadata first, switched", all=True)
        self.start(plan_time(-7, "05:00"), strategy="overlap")
        self.reread()
        self.jump(plan_time(-7, "07:00"))
        self.reread()
        self.round("overlap, both", all=True)
        self.jump(plan_time(0, "06:00"))
        self.round("overlap, switched", all=True)
        self.jump(plan_time(7, "07:00"))
        self.reread()
        self.round("overlap, over", all=True)

    def lemon_change(self):
        """What the hub publishes as a system is what LemonLDAP::NG knows it by."""
        row = self.rows["LemonLDAP::NG"].setdefault("change", {})

        def step(name, expected):
            _, works, where = self.lemon_login("arkiv")    # which follows the hub's metadata by itself
            row[name] = works
            self.check(f"{name}: LemonLDAP::NG {'works' if expected else 'fails'}", works == expected, where)

        def moved(to):
            moment = time.time()
            self.jump(to)
            self.fetched_after("arkiv", moment + 1.5)

        self.start(plan_time(0, "05:00"), strategy="hard-swap", keep_old_decryption_key=True)
        self.lemon_reread()
        self.fetched_after("arkiv", time.time())
        step("before", True)
        moved(plan_time(0, "06:40"))
        step("hard swap, not read again", False)
        self.lemon_reread()
        step("hard swap, read again", True)
        for plan, name in (("metadata-first", "metadata first"), ("overlap", "overlap")):
            self.start(plan_time(-7, "05:00"), strategy=plan, keep_old_decryption_key=True)
            moved(plan_time(-7, "07:00"))
            self.lemon_reread()
            step(f"{name}, both", True)
            self.jump(plan_time(0, "06:00"))
            step(f"{name}, switched", True)

    def lemon_reread(self):
        hub = Browser().get(pathlib.Path(f"{self.work}/hub-sp.url").read_text().strip())
        path = pathlib.Path(f"{self.work}/lemon-hub.xml")
        path.write_text(hub.body, encoding="utf-8")
        keys = f"{self.work}/keys/lemon"
        subprocess.run([HERE / "peers/lemonldap-ng/run", "configure", f"{self.work}/lemon", self.ports["lemonldap-ng"],
                        f"{keys}.key", f"{keys}.crt", path], check=True)
        time.sleep(3)   # it looks for a new configuration every second


def method(element):
    for child in element.childNodes:
        if getattr(child, "localName", None) == "EncryptionMethod":
            return re.split("[#/]", child.getAttribute("Algorithm"))[-1]
    return "?"


def signatures(message):
    found = {one.getAttribute("Algorithm") for one in message.root.getElementsByTagNameNS(DS, "SignatureMethod")}
    found |= set(re.findall(r"SigAlg=([^&]*)", message.raw_query))
    return {re.split("#|%23", uri)[-1] for uri in found}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", required=True)
    options.add_argument("--port", action="append", default=[], metavar="NAME=N")
    given = options.parse_args()
    stage = Peers(given.work, dict(one.split("=") for one in given.port))
    # The two that the other steps drive: what their messages showed there.
    stage.seen("mod_shib", "hub-sag", "system", stage.parties["sag"]["base"])
    stage.seen("mod_shib", "hub-arkiv", "system", stage.parties["arkiv"]["base"])
    stage.seen("SimpleSAMLphp", "hub-sag", "identity provider", stage.parties["proevekoebing"]["base"])
    lemon = "lemonldap-ng" in stage.ports
    stage.run(*([stage.lemon] if lemon else []), stage.logins, stage.logouts, *([stage.lemon_logouts] if lemon else []))
    stage.journal()     # with these logins and logouts too
    if stage.systems:
        stage.run(stage.change)
    if lemon:
        stage.run(stage.lemon_change)
    stage.ask("DELETE", "/api/v1/rehearsal")
    pathlib.Path(f"{given.work}/peers.json").write_text(json.dumps(stage.rows, default=sorted, indent=1))
    stage.check("checks", stage.passed, "none")
    print(f"{stage.passed} passed, {stage.failed} failed")
    sys.exit(1 if stage.failed else 0)


if __name__ == "__main__":
    main()
