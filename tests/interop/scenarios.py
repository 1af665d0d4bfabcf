#!/usr/bin/env python3
"""The logins of the interop stage.

    scenarios.py --work DIR direct|hub

`direct` sends mod_shib and SimpleSAMLphp straight at each other; `hub` puts the hub between them.
DIR/parties.json says who is who. Each login's requests go to DIR/hops/NAME.json.
"""
import argparse
import base64
import json
import os
import sys
import traceback
import urllib.parse
import urllib.request
from xml.dom import minidom

from client import Browser, form_request
from judge import SAML, SAMLP, recorded

SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"
RESPONDER = "urn:oasis:names:tc:SAML:2.0:status:Responder"
NO_AUTHN_CONTEXT = "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"
# As etc/ssp/authsources.php has them.
DITTE = "C=DK,O=11111111,CN=Ditte Prøvesen,Serial=3b2f0c1e-1111-4222-8333-444455556666"
NANNA = "C=DK,O=33333333,CN=Nanna Nabosen,Serial=5e0c2f77-2222-4333-8444-555566667777"


class Stage:
    def __init__(self, work):
        self.work = work
        with open(f"{work}/parties.json", encoding="utf-8") as file:
            self.parties = {p["name"]: p for p in json.load(file)}
        self.passed = self.failed = 0

    def check(self, what, ok, found=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {what}: {found}")
        return ok

    def run(self, *scenarios):
        """Each on its own: one that breaks off does not hide the others."""
        for scenario in scenarios:
            try:
                scenario()
            except Exception as error:   # whatever a peer's page led to
                self.check(scenario.__name__, False, f"broke off: {error!r}\n{traceback.format_exc(limit=3)}")

    # -- a login, step by step

    def begin(self, system, via):
        """A browser at the first page after `system` has sent it to the IdP (or hub) `via`."""
        browser = Browser()
        return browser, browser.get(self.login_url(system, via))

    def login_url(self, system, via):
        base = self.parties[system]["base"]
        query = {"entityID": self.parties[via]["entity_id"], "target": f"{base}/inde/"}
        return f"{base}/Shibboleth.sso/Login?" + urllib.parse.urlencode(query)

    def login(self, name, system, via, idp, person, stop_at=None):
        browser, page = self.begin(system, via)
        page = browser.login(page, person, person, self.parties[idp]["display_name"], stop_at)
        browser.save(f"{self.work}/hops/{name}.json")
        return browser, page

    def session(self, browser, system):
        """mod_shib's own account of its session: attributes by name, or {}."""
        page = browser.get(f"{self.parties[system]['base']}/Shibboleth.sso/Session")
        session = json.loads(page.body)
        found = {a["name"]: a["values"] for a in session.get("attributes", [])}
        return {**found, "issuer": session.get("identity_provider")} if found else {}

    def messages(self, name):
        return list(recorded(f"{self.work}/hops/{name}.json"))

    def logged_in(self, name, browser, page, system, via, name_id):
        ok = self.check(f"{name}: the page behind the login", page.status == 200 and "Logget ind" in page.body,
                        f"{page.status} at {page.url}: {page.tree.text()[:300]}")
        session = self.session(browser, system)
        self.check(f"{name}: NameID", session.get("nameid") == [name_id], session)
        self.check(f"{name}: level", session.get("level") == ["3"], session)
        self.check(f"{name}: CVR", session.get("cvr") == [name_id.split("O=")[1][:8]], session)
        self.check(f"{name}: profile version", session.get("specver") == ["DK-SAML-2.0"], session)
        self.check(f"{name}: issuer", session.get("issuer") == self.parties[via]["entity_id"], session)
        responses = [m for m in self.messages(name) if m.kind == "Response"]
        plain = [m.name for m in responses if not m.root.getElementsByTagNameNS(SAML, "EncryptedAssertion")]
        self.check(f"{name}: every assertion encrypted", responses and not plain, plain or "no response")
        return ok

    def refused(self, name, page):
        """A page that says no: a 4xx, and nothing to send on."""
        self.check(f"{name}: refused with a 4xx page", 400 <= page.status < 500, f"{page.status} at {page.url}")
        self.check(f"{name}: no message sent on", page.saml_form() is None, page.url)

    def not_logged_in(self, name, browser, system):
        self.check(f"{name}: no session", self.session(browser, system) == {}, self.session(browser, system))

    # -- without the hub

    def direct(self):
        self.run(self.direct_logins, self.direct_replay, self.direct_wrong_password)

    def direct_logins(self):
        # Redirect request from sag, POST request from arkiv.
        for name, system, idp, person, name_id in (
                ("direct-sag", "sag", "proevekoebing", "ditte", DITTE),
                ("direct-arkiv", "arkiv", "naboby", "nanna", NANNA)):
            browser, page = self.login(name, system, idp, idp, person)
            self.logged_in(name, browser, page, system, idp, name_id)

    def direct_replay(self):
        # The last thing posted was the response: mod_shib must not take it twice.
        name = "direct-replay"
        browser, page = self.login(name, "sag", "proevekoebing", "proevekoebing", "ditte")
        again = Browser()
        page = again.open("POST", *last_post(browser))
        self.check(f"{name}: refused", page.status >= 400, f"{page.status} at {page.url}")
        self.not_logged_in(name, again, "sag")

    def direct_wrong_password(self):
        # No login without the right password: shows that the good ones were not for free.
        browser, page = self.begin("sag", "proevekoebing")
        page = browser.login(page, "ditte", "wrong")
        self.check("direct-wrong-password: still at the form", page.login_form() is not None, page.url)
        self.not_logged_in("direct-wrong-password", browser, "sag")

    # -- through the hub

    def hub(self):
        self.run(self.hub_logins, self.too_low, self.replay, self.wrong_browser, self.tampered,
                 self.logout_by_mod_shib, self.logout_by_simplesamlphp, self.logout_at_the_hub, self.journal)

    def hub_logins(self):
        # sag: metadata as mod_shib writes it (AES-GCM, xmlenc11#rsa-oaep), request by Redirect.
        # arkiv: rsa-oaep-mgf1p, request by POST. One per municipality, so both are chosen once.
        for name, system, idp, person, name_id in (
                ("hub-sag", "sag", "proevekoebing", "ditte", DITTE),
                ("hub-arkiv", "arkiv", "naboby", "nanna", NANNA)):
            browser, page = self.login(name, system, "hub", idp, person)
            if self.logged_in(name, browser, page, system, "hub", name_id):
                self.check_requests(name, idp)
                self.check_roles(name, browser, system, person)

    def check_roles(self, name, browser, system, person):
        """What mod_shib got of SimpleSAMLphp's list, read by a reader of XML that is not ours."""
        stated = self.session(browser, system).get("privileges")
        expected = None if (system, person) != ("sag", "ditte") else [
            ("urn:dk:gov:saml:cvrNumberIdentifier:11111111", ["http://sag.example/roles/usersystemrole/behandl/1"],
             [("http://sag.example/constraints/KLE/1", "98.10.*"), ("http://sag.example/constraints/KLE/1", "98.20.*"),
              ("http://sag.example/constraints/orgenhed/1", "Børn & Unge <1>")]),
            ("urn:dk:gov:saml:cvrNumberIdentifier:33333333", ["http://sag.example/roles/usersystemrole/vagt/1"], []),
        ]
        self.check(f"{name}: the attribute of roles is there for who has some", (stated is None) == (expected is None), stated)
        if not stated or expected is None:
            return
        root = minidom.parseString(base64.b64decode(stated[0])).documentElement
        self.check(f"{name}: the list is of OIO-BPP 1.1", (root.namespaceURI, root.localName) ==
                   ("http://itst.dk/oiosaml/basic_privilege_profile", "PrivilegeList"), root.toxml())
        text = lambda node: "".join(child.data for child in node.childNodes)
        found = [(group.getAttribute("Scope"),
                  [text(one) for one in group.getElementsByTagName("Privilege")],
                  [(one.getAttribute("Name"), text(one)) for one in group.getElementsByTagName("Constraint")])
                 for group in root.getElementsByTagName("PrivilegeGroup")]
        self.check(f"{name}: the roles are those of the mappings", found == expected, found)

    def check_requests(self, name, idp):
        requests = [m for m in self.messages(name) if m.kind == "AuthnRequest"]
        hubs = [m for m in requests if m.issuer == self.parties["hub"]["entity_id"]]
        self.check(f"{name}: one request by the system, one by the hub", (len(requests), len(hubs)) == (2, 1),
                   [m.name for m in requests])
        for request in hubs:
            refs = [e.firstChild.data for e in request.root.getElementsByTagNameNS(SAML, "AuthnContextClassRef")]
            self.check(f"{name}: the hub asks for the level", refs == ["urn:dk:gov:saml:attribute:AssuranceLevel:3"], refs)
            self.check(f"{name}: of the chosen IdP", request.destination.startswith(self.parties[idp]["base"] + "/"),
                       request.destination)

    def too_low(self):
        """Bo has logged in, but at level 2: sag gets an error status, not a user."""
        name = "hub-level-2"
        browser, page = self.login(name, "sag", "hub", "proevekoebing", "bo")
        answers = [m for m in self.messages(name) if m.kind == "Response" and m.issuer == self.parties["hub"]["entity_id"]]
        if self.check(f"{name}: the hub answers once", len(answers) == 1, f"{len(answers)}; at {page.url}"):
            codes = status_codes(answers[0].root)
            self.check(f"{name}: status", codes == [RESPONDER, NO_AUTHN_CONTEXT], codes)
            self.check(f"{name}: no assertion", not answers[0].root.getElementsByTagNameNS(SAML, "EncryptedAssertion")
                       and not answers[0].root.getElementsByTagNameNS(SAML, "Assertion"), "there is one")
        self.check(f"{name}: mod_shib's error page", page.status >= 400 and page.host == "sag.localhost"
                   and "NoAuthnContext" in page.body, f"{page.status} at {page.url}: {page.tree.text()[:300]}")
        self.not_logged_in(name, browser, "sag")

    def replay(self):
        """The IdP's response, once used, is used up: for the same browser and for another."""
        name = "hub-replay"
        browser, page = self.login(name, "sag", "hub", "proevekoebing", "ditte")
        self.check(f"{name}: the first time works", "Logget ind" in page.body, page.url)
        acs, response = last_post(browser, to=self.parties["hub"]["base"])
        idp_page = self.parties["proevekoebing"]["base"] + "/"
        for who, again in (("same browser", browser), ("another browser", Browser())):
            page = again.open("POST", acs, response, referrer=idp_page)
            self.refused(f"{name}, {who}", page)
        again.save(f"{self.work}/hops/{name}-again.json")
        self.not_logged_in(name, again, "sag")

    def wrong_browser(self):
        """The IdP's answer brought by a browser that did not ask: refused, and nothing used up."""
        name = "hub-wrong-browser"
        browser, page, acs, fields = self.answer_in_hand(name)
        stranger = Browser()
        self.refused(name, stranger.open("POST", acs, fields, referrer=page.url))
        self.not_logged_in(f"{name}, the stranger", stranger, "sag")
        page = browser.login(page, "-", "-")
        browser.save(f"{self.work}/hops/{name}.json")
        self.check(f"{name}: the one who asked gets in", "Logget ind" in page.body, f"{page.status} at {page.url}")

    def tampered(self):
        """The IdP's signed answer changed on the way: in the envelope, whose signature is then wrong
        although the assertion's own is not, and in the ciphertext."""
        # A digit of the seconds; a character of the sealed content key.
        for part, after, offset in (("envelope", b'IssueInstant="', 18), ("ciphertext", b"CipherValue>", 99)):
            name = f"hub-tampered-{part}"
            browser, page, acs, fields = self.answer_in_hand(name)
            damaged = [(k, damage(v, after, offset) if k == "SAMLResponse" else v) for k, v in fields]
            result = browser.open("POST", acs, damaged, referrer=page.url, forged=True)
            local = result.saml_form() is None
            self.check(f"{name}: refused", result.status >= 400 or not local, f"{result.status} at {result.url}")
            browser.login(result, "-", "-")     # whatever it leads to
            self.not_logged_in(name, browser, "sag")
            if local:   # a page instead of an answer to the system: then the login is still pending
                genuine = browser.login(page, "-", "-")
                self.check(f"{name}: the genuine answer still works", "Logget ind" in genuine.body,
                           f"{genuine.status} at {genuine.url}")
            browser.save(f"{self.work}/hops/{name}.json")

    def answer_in_hand(self, name):
        """Up to the IdP's self-submitting page: browser, page, and where its form would go with what."""
        hub = self.parties["hub"]["base"] + "/"
        # sag's request goes by Redirect: the first form with a message for the hub is the answer.
        browser, page = self.login(name, "sag", "hub", "proevekoebing", "ditte",
                                   stop_at=lambda url: url.startswith(hub))
        form = page.saml_form()
        if form is None:
            raise RuntimeError(f"no answer of the IdP at {page.url}")
        return browser, page, *form_request(page, form)[1:]

    # -- single logout

    def logged_in_twice(self, name):
        """One browser in two systems of mod_shib's, by one login at SimpleSAMLphp."""
        browser, page = self.login(name, "sag", "hub", "proevekoebing", "ditte")
        self.check(f"{name}: in sag", "Logget ind" in page.body, page.url)
        page = browser.get(self.login_url("arkiv", "hub"))
        page = browser.login(page, "-", "-", self.parties["proevekoebing"]["display_name"])
        self.check(f"{name}: in arkiv, without a password", "Logget ind" in page.body, f"{page.status} at {page.url}")
        return browser

    def logged_out(self, name, browser, requests):
        """Nobody has a session any more, and each who was told said so."""
        browser.save(f"{self.work}/hops/{name}.json")
        messages = [m for m in self.messages(name) if m.kind.startswith("Logout")]
        kinds = [m.kind for m in messages]
        self.check(f"{name}: everybody is asked once", kinds.count("LogoutRequest") == requests, [m.name for m in messages])
        answers = [m for m in messages if m.kind == "LogoutResponse"]
        codes = [status_codes(m.root) for m in answers]
        self.check(f"{name}: everybody answers", codes == [[SUCCESS]] * requests, codes)
        for system in ("sag", "arkiv"):
            self.not_logged_in(f"{name}, {system}", browser, system)
        page = browser.get(self.login_url("sag", "hub"))
        page = browser.login(page, "-", "-", self.parties["proevekoebing"]["display_name"])
        self.check(f"{name}: SimpleSAMLphp asks for the password again", page.login_form() is not None,
                   f"{page.status} at {page.url}: {page.tree.text()[:200]}")
        return answers

    def logout_by_mod_shib(self):
        """sag starts: arkiv, which is mod_shib too, receives it, and SimpleSAMLphp after it."""
        name = "hub-logout-by-mod-shib"
        browser = self.logged_in_twice(name)
        page = browser.get(self.parties["sag"]["base"] + "/Shibboleth.sso/Logout")
        page = browser.login(page, "-", "-")
        self.check(f"{name}: back at sag, whose logout is complete", page.host == "sag.localhost" and page.status == 200,
                   f"{page.status} at {page.url}: {page.tree.text()[:300]}")
        answers = self.logged_out(name, browser, 3)
        hubs = [m for m in answers if m.issuer == self.parties["hub"]["entity_id"]]
        self.check(f"{name}: the hub answers last", answers and answers[-1:] == hubs, [m.name for m in answers])

    def logout_by_simplesamlphp(self):
        """The municipality's own logout page: the hub tells both systems, and answers."""
        name = "hub-logout-by-simplesamlphp"
        browser = self.logged_in_twice(name)
        base = self.parties["proevekoebing"]["base"]
        page = browser.get(f"{base}/saml2/idp/initSLO.php?RelayState=" + urllib.parse.quote(f"{base}/", safe=""))
        page = browser.login(page, "-", "-")
        self.check(f"{name}: back at SimpleSAMLphp", page.url.startswith(base), f"{page.status} at {page.url}")
        self.logged_out(name, browser, 3)

    def logout_at_the_hub(self):
        """The hub's own page, which lists who was logged out."""
        name = "hub-logout-at-the-hub"
        browser = self.logged_in_twice(name)
        hub = self.parties["hub"]["base"]
        page = browser.get(f"{hub}/log-ud")
        forms = [form for form in page.tree.find("form") if form.attrs.get("action") == "/log-ud"]
        if not self.check(f"{name}: the page has a button", len(forms) == 1, page.tree.text()[:300]):
            return
        page = browser.submit(page, forms[0])
        page = browser.login(page, "-", "-")
        self.check(f"{name}: the page says who was logged out", page.url.startswith(hub) and page.body.count('class="badge') >= 3,
                   f"{page.status} at {page.url}: {page.tree.text()[:400]}")
        self.logged_out(name, browser, 3)

    def journal(self):
        """The hub's own account of these logins, for the judges."""
        def ask(path):
            request = urllib.request.Request(os.environ["MANAGE_URL"].rstrip("/") + path, headers={
                "Authorization": "Bearer " + os.environ["MANAGE_TOKEN"]})
            with urllib.request.urlopen(request, timeout=30) as answer:
                return json.load(answer)
        flows = [ask(f"/api/v1/flows/{f['id']}") for f in ask("/api/v1/flows")["flows"]]
        with open(f"{self.work}/journal.json", "w", encoding="utf-8") as out:
            json.dump({"flows": flows}, out, indent=1, ensure_ascii=False)
        self.check("journal: the logins are there", len(flows) >= 5, f"{len(flows)} flows")


def last_post(browser, to=""):
    hop = [h for h in browser.hops if h["url"].startswith(to) and any(k == "SAMLResponse" for k, _ in h["form"] or [])][-1]
    return hop["url"], [tuple(pair) for pair in hop["form"]]


def status_codes(response):
    return [e.getAttribute("Value") for e in response.getElementsByTagNameNS(SAMLP, "StatusCode")]


def damage(value, after, offset):
    """A well-formed copy with one character changed: `offset` characters after the first `after`."""
    xml = bytearray(base64.b64decode(value))
    at = xml.index(after) + len(after) + offset
    xml[at] = ord("1") if xml[at] != ord("1") else ord("2")
    minidom.parseString(bytes(xml))
    return base64.b64encode(bytes(xml)).decode("ascii")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", required=True)
    options.add_argument("which", choices=("direct", "hub"))
    given = options.parse_args()
    stage = Stage(given.work)
    getattr(stage, given.which)()
    stage.check("checks", stage.passed, "none")
    print(f"{stage.passed} passed, {stage.failed} failed")
    sys.exit(1 if stage.failed else 0)


if __name__ == "__main__":
    main()
