#!/usr/bin/env python3
"""test-system against systems that nobody here wrote.

    systems.py --work DIR --hub BINARY --cache DIR --port N --shib URL --php-port N --peer-port N [--skip NAME]...

    mod_shib      as a careful supplier sets it up: application `proeve` of etc/shibboleth2.xml.tmpl, etc/httpd.conf.tmpl
    python3-saml  with what a careful supplier writes around it: peers/python3-saml/system.py
    SimpleSAMLphp as its documentation has it: etc/ssp-sp

Good logins (chapter A) must succeed there: they are legal, for these systems read messages as others do, and mod_shib and
python3-saml judge them by the schema too. Attacks (S, C) must fail there: the faults are what they say. KNOWN has the
exceptions, each looked into, and book/*/peers.md show them. A case that is not in it must pass, a case that is in it must
fail, and none may be left out: so a change of the cases is noticed here.
"""
import argparse
import http.client
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

from client import Browser

HERE = pathlib.Path(__file__).resolve().parent
CASES = 103

# Cases that do not apply, as the metadata names no xmlenc11#rsa-oaep: these libraries cannot read it (python3-saml's schema knows
# no element MGF of xmlenc11). samael has nothing that judges a logout, and so no address for one.
SKIPPED = {"mod_shib": [], "python3-saml": ["SP-A-003"], "SimpleSAMLphp": ["SP-A-003"], "mod_shib by default": [], "python3-saml by default": ["SP-A-003"], "node-saml": ["SP-A-003"],
           "samael": ["SP-A-003", "SP-O-003", "SP-O-004", "SP-O-005"]}
KNOWN = {
    "mod_shib": {
        "SP-S-022": "no setting demands encryption: requireConfidentiality is about SOAP",
        "SP-C-005": "an Audience is compared where there is one; none is not missed",
        "SP-C-024": "Conditions are judged where there are any; none are not missed",
    },
    "python3-saml": {
        "SP-C-005": "an Audience is compared where there is one; none is not missed",
        "SP-C-006": "the Audiences of all restrictions are put into one list",
        "SP-C-008": "Recipient is compared where there is one",
        "SP-C-009": "Recipient need only contain the address",
        "SP-C-019": "the Version of the Response is looked at, that of the assertion is not",
    },
    # With the package's own policy. That takes SHA-1 too; the list of what is excluded is one for the whole of shibd, and here
    # it is the careful one's.
    "mod_shib by default": {
        "SP-L-003": "`Require shib-attr` is content with one value that fits; `Require not` refuses the other",
        "SP-L-008": "AuthnInstant is compared only where maxTimeSinceAuthn says so",
        "SP-S-012": "a signature of the Response is enough; requireSignedAssertions demands the other",
        "SP-S-022": "no setting demands encryption: requireConfidentiality is about SOAP",
        "SP-C-005": "an Audience is compared where there is one; none is not missed",
        "SP-C-011": "answers that nobody asked for are taken; the policy's blockUnsolicited forbids them",
        "SP-C-012": "answers that nobody asked for are taken; the policy's blockUnsolicited forbids them",
        "SP-C-013": "answers that nobody asked for are taken; the policy's blockUnsolicited forbids them",
        "SP-C-023": "a NameID is not demanded; `Require shib-attr nameid ~ .` does so",
        "SP-C-024": "Conditions are judged where there are any; none are not missed",
        "SP-C-026": "answers that nobody asked for are taken; the policy's blockUnsolicited forbids them",
    },
    "python3-saml by default": {
        "SP-L-008": "AuthnInstant is looked at by nobody",
        "SP-S-010": "SHA-1 is taken unless rejectDeprecatedAlgorithm is on",
        "SP-S-012": "a signature of the Response is enough; wantAssertionsSigned demands the other",
        "SP-C-005": "an Audience is compared where there is one; none is not missed",
        "SP-C-006": "the Audiences of all restrictions are put into one list",
        "SP-C-008": "Recipient is compared where there is one",
        "SP-C-009": "Recipient need only contain the address",
        "SP-C-012": "an answer that nobody asked for is taken where no id of a request is given to compare with",
        "SP-C-019": "the Version of the Response is looked at, that of the assertion is not",
        "SP-C-025": "it keeps no list of what was used: the supplier must",
        "SP-C-026": "an answer that nobody asked for is taken where no id of a request is given to compare with",
        "SP-O-004": "a LogoutRequest is taken without a signature unless wantMessagesSigned is on",
    },
    "node-saml": {
        "SP-A-018": "no difference of clocks is borne unless acceptedClockSkewMs says so; its default is 0",
        "SP-L-008": "AuthnInstant is looked at by nobody",
        "SP-S-010": "SHA-1 is taken, and no setting forbids it",
        "SP-S-013": "a bad signature of the Response counts as none; wantAuthnResponseSigned would mend it, and refuse every answer "
                    "of a hub that signs the assertion",
        "SP-S-022": "no setting demands encryption",
        "SP-C-007": "Recipient is looked at by nobody",
        "SP-C-008": "Recipient is looked at by nobody",
        "SP-C-009": "Recipient is looked at by nobody",
        "SP-C-010": "Destination is looked at by nobody",
        "SP-C-014": "the Issuer of an assertion is not compared; idpIssuer is for logout only",
        "SP-C-015": "the Issuer of a Response is not compared; idpIssuer is for logout only",
        "SP-C-016": "Method is looked at by nobody",
        "SP-C-017": "no SubjectConfirmation is not missed",
        "SP-C-018": "Status is looked at only where there is no assertion",
        "SP-C-019": "Version is looked at by nobody",
        "SP-C-020": "conditions that it does not know are passed over",
        "SP-C-021": "no AuthnStatement is not missed",
        "SP-C-022": "SessionNotOnOrAfter is looked at by nobody",
        "SP-C-026": "the requests that wait for an answer are the process's, not a browser's: the supplier must bind them to a cookie",
        "SP-O-004": "a LogoutRequest by Redirect is taken without a signature, and no setting demands one",
    },
    "samael": {
        "SP-L-008": "AuthnInstant is looked at by nobody",
        "SP-S-010": "every algorithm is taken unless allowed_signature_algorithms names some; it names none by itself",
        "SP-S-012": "a signature of the Response is enough",
        "SP-S-022": "no setting demands encryption",
        "SP-C-005": "an Audience is compared where there is one; none is not missed",
        "SP-C-006": "one AudienceRestriction that fits is enough",
        "SP-C-015": "of an unsigned Response nothing is judged: Issuer neither",
        "SP-C-018": "of an unsigned Response nothing is judged: Status neither",
        "SP-C-019": "Version is looked at by nobody",
        "SP-C-020": "conditions that it does not know are passed over",
        "SP-C-021": "no AuthnStatement is not missed",
        "SP-C-022": "SessionNotOnOrAfter is looked at by nobody",
        "SP-C-024": "Conditions are judged where there are any; none are not missed",
        "SP-M-001": "its metadata is not signed, and it has no logout that could stand there",
        "SP-M-004": "the id of a request is a number of 32 bits",
    },
    "SimpleSAMLphp": {
        "SP-L-008": "AuthnInstant is looked at by nobody",
        "SP-S-010": "SHA-1 is taken",
        "SP-S-012": "a signature of the Response is enough",
        "SP-C-005": "an Audience is compared where there is one; none is not missed",
        "SP-C-008": "Recipient is compared where there is one",
        "SP-C-011": "an answer to an unknown request is taken as one that nobody asked for, and those are taken",
        "SP-C-012": "answers that nobody asked for are taken",
        "SP-C-014": "the Issuer of the Response chooses the key; that of the assertion is not compared",
        "SP-C-024": "Conditions are judged where there are any; none are not missed",
        "SP-C-025": "it keeps no list of what was used, and takes the second as one that nobody asked for",
        "SP-C-026": "an answer to another browser's request is taken as one that nobody asked for",
        "SP-B-005": "plain http here",
    },
}

# Puts the encryption that SimpleSAMLphp can read into its metadata, where it names none, and signs it.
NAME_ENCRYPTION = """
import sys
from lxml import etree
from onelogin.saml2.metadata import OneLogin_Saml2_Metadata as metadata
path, cert, key = sys.argv[1:]
root, md = etree.parse(path).getroot(), "{urn:oasis:names:tc:SAML:2.0:metadata}"
for one in root.iter(md + "KeyDescriptor"):
    if one.get("use") == "encryption":
        for algorithm in ("http://www.w3.org/2009/xmlenc11#aes128-gcm", "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"):
            etree.SubElement(one, md + "EncryptionMethod", Algorithm=algorithm)
signed = metadata.sign_metadata(etree.tostring(root), open(key).read(), open(cert).read())
open(path, "wb").write(signed)
"""

# Reads a result and the schema; says what is wrong. With a result of which something is gone it must say something.
VALIDATE = """
import json, sys, jsonschema
schema, result = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
judge = jsonschema.validators.validator_for(schema)
judge.check_schema(schema)
judge = judge(schema)
for error in judge.iter_errors(result):
    print(error.json_path, error.message[:200])
for key in result:
    if judge.is_valid({k: v for k, v in result.items() if k != key}):
        print(f"the schema does not miss {key}")
"""


class Refresh:
    """Fetches the hub's metadata into the file that mod_shib reads: what a supplier's timer does, when it is told to."""

    def __init__(self, url, file, taken_over=lambda: None):
        """`taken_over` returns when the system has read the file."""
        self.url, self.file, self.stamp, self.taken_over = url, pathlib.Path(file), int(time.time()), taken_over
        refresh = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                refresh.fetch()
                self.send_response(204)
                self.end_headers()

            def log_message(self, form, *values):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def fetch(self):
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            text = answer.read()
        fresh = self.file.with_suffix(".new")
        fresh.write_bytes(text)
        # mod_shib compares times in whole seconds: each is later than the one before.
        self.stamp += 1
        os.utime(fresh, (self.stamp, self.stamp))
        fresh.replace(self.file)
        self.taken_over()


class Stage:
    def __init__(self, given):
        self.given, self.work = given, pathlib.Path(given.work)
        # Where python3-saml and jsonschema are, each with its version pinned: peers/python3-saml/run install.
        self.python = pathlib.Path(given.cache) / "python3-saml/bin/python"
        self.passed = self.failed = 0
        self.refresh = None
        self.schema = self.work / "system-test.schema.json"
        self.schema.write_text(subprocess.run([given.hub, "test-system", "--schema"], check=True, capture_output=True,
                                              text=True).stdout)

    def check(self, what, ok, found=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {what}: {found}")
        return ok

    def result(self, name):
        return self.work / f"system-{name.replace(' ', '-')}.json"

    def test(self, name, flags, *more):
        """Runs test-system: exit code, result or None, seconds."""
        name = name.replace(" ", "-")
        command = [self.given.hub, "test-system", "--listen", f"127.0.0.1:{self.given.port}", "--manage", "127.0.0.1:0",
                   "--run", f"interop-{name}", "--ca", self.work / "keys/tls.crt", "--wait", "30", "--format", "json", *more]
        for flag, value in flags.items():
            command += [f"--{flag.replace('_', '-')}", value]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        (self.work / f"log/test-system-{name}.err").write_text(done.stderr)
        result = json.loads(done.stdout) if done.stdout.startswith("{") else None
        if self.check(f"{name}: a result", result is not None, f"exit {done.returncode}: {done.stderr[-1500:]}"):
            self.result(name).write_text(done.stdout)
        return done.returncode, result, time.monotonic() - began

    def system(self, name, **flags):
        """Every case, and which of them fail: exactly those that are known."""
        known = KNOWN[name]
        baseline = self.result(name).with_suffix(".toml")
        baseline.write_text("".join(f'[[known]]\ncase = "{case}"\nuntil = 2099-12-31\nwhy = {json.dumps(why)}\n\n'
                                    for case, why in known.items()))
        page = self.result(name).with_suffix(".html")
        code, result, seconds = self.test(name, flags, "--baseline", baseline, "--output", f"html={page}")
        if result is None:
            return
        cases = {case["id"]: case for case in result["cases"]}
        outcome = lambda *wanted: {id for id, case in cases.items() if case["outcome"] in wanted}
        failed = outcome("fail", "known")
        self.check(f"{name}: the good login", cases["SP-A-001"]["outcome"] == "pass", cases["SP-A-001"])
        self.check(f"{name}: all cases", len(cases) == CASES, len(cases))
        self.check(f"{name}: what is left out", sorted(outcome("skip")) == SKIPPED[name], {id: cases[id]["skipped_en"] for id in outcome("skip")})
        for id in sorted(failed - set(known)):
            case = cases[id]
            self.check(f"{name}: {id} {case['title_en']}", False, f"{case['found_en']}; {case['expected_en']}")
        for id in sorted(set(known) - failed):
            self.check(f"{name}: {id} fails", False, f"it does not, and should: {known[id]}")
        # All that failed is known: no finding.
        self.check(f"{name}: exit code", code == 0, code)
        self.check(f"{name}: findings", result["findings"] == [], result["findings"])
        self.check(f"{name}: HTML", page.exists() and "SP-A-001" in page.read_text(), page)
        wrong = subprocess.run([self.python, "-c", VALIDATE, self.schema, self.result(name)],
                               capture_output=True, text=True)
        self.check(f"{name}: the result fits its schema", wrong.stdout + wrong.stderr == "", wrong.stdout + wrong.stderr[-500:])
        print(f"{name}: {len(outcome('pass'))} of {len(cases)} cases passed, {len(failed)} failed; {seconds:.0f} s")

    # -- mod_shib

    def mod_shib(self, name, base):
        # One for both runs: it keeps the file's time, which only ever goes up.
        self.refresh = refresh = self.refresh or Refresh(
            f"http://127.0.0.1:{self.given.port}/runtime/saml2/metadata.idp", self.work / "proeve-hub.xml")
        refresh.taken_over = lambda: self.read_by_mod_shib(base)
        flags = dict(metadata=f"{base}/Shibboleth.sso/Metadata", login_url=f"{base}/Shibboleth.sso/Login?target=/inde/",
                     probe_url=f"{base}/inde/", logout_url=f"{base}/Shibboleth.sso/Logout",
                     step_up_url=f"{base}/inde/frisk.html", refresh_url=refresh.address)
        self.system(name, **flags)
        self.no_forged_user()
        return flags

    def read_by_mod_shib(self, base, patience=20):
        """mod_shib sees at a login that its file changed, and reads it beside that login: a second one finds the new keys."""
        site, before, deadline = urllib.parse.urlsplit(base), self.times_read(), time.monotonic() + patience
        while self.times_read() == before and time.monotonic() < deadline:
            unchecked = ssl._create_unverified_context()    # it is this machine, by its number
            connection = http.client.HTTPSConnection("127.0.0.1", site.port, context=unchecked, timeout=10)
            connection.request("GET", "/Shibboleth.sso/Login?target=/inde/", headers={"Host": site.netloc})
            connection.getresponse().read()
            connection.close()
            time.sleep(0.1)
        self.check("mod_shib reads the hub's metadata", self.times_read() > before, f"not within {patience} s")

    def times_read(self):
        log = (self.work / "log/shibd.log").read_text(errors="replace")
        return log.count(f"loaded XML resource ({self.work}/proeve-hub.xml)")

    def mod_shib_unknown(self, flags):
        # Nothing is known: a failure counts.
        code, result, _ = self.test("mod_shib-unknown", flags, "--only", "SP-C-024")
        found = [finding["id"] for finding in result["findings"]] if result else None
        self.check("mod_shib: exit code where nothing is known", (code, found) == (1, ["SP-C-024"]), (code, found))

    def no_forged_user(self):
        log = (self.work / "log/shibd.log").read_text(errors="replace")
        names = re.findall(r"New session \(ID:.*?\(NameIdentifier: (.*?)\) using", log)
        self.no_forged("mod_shib", names)
        self.check("mod_shib: forged assertions came", "CN=Forfalsket" in log, "none in the log")

    def no_forged(self, name, users):
        """The list of cases cannot tell whose the login was; the system's own log can."""
        self.check(f"{name}: its log names the users", len(users) > 30, len(users))
        self.check(f"{name}: no forged user came in", not [user for user in users if "Forfalsket" in user], users)

    # -- a library, and the small system of ours around it

    def library(self, tested):
        name, *by_default = tested.split(" ", 1)
        host = {"python3-saml": "python", "node-saml": "node", "samael": "samael"}[name]
        port, keys = str(self.given.peer_port), self.work / "keys"
        base, logged = f"https://{host}.localhost:{port}", self.work / f"log/{tested.replace(' ', '-')}.log"
        command = [HERE / f"peers/{name}/run", "start", pathlib.Path(self.given.cache) / name, base, port,
                   f"http://127.0.0.1:{self.given.port}/runtime/saml2/metadata.idp", keys / "proeve.crt", keys / "proeve.key",
                   "--tls", f"{keys / 'tls.crt'},{keys / 'tls.key'}", *(["--by-default"] if by_default else [])]
        with open(logged, "wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            listening(int(port), process)
            self.system(tested, metadata=f"{base}/saml/metadata", login_url=f"{base}/log-ind", logout_url=f"{base}/log-ud",
                        step_up_url=f"{base}/log-ind?frisk", refresh_url=f"{base}/genindlaes")
        finally:
            process.terminate()
            process.wait(timeout=10)
        self.no_forged(tested, re.findall(r"user: (.*)", logged.read_text(errors="replace")))

    # -- SimpleSAMLphp

    def simplesamlphp(self):
        port, hub = self.given.php_port, f"http://127.0.0.1:{self.given.port}/runtime/saml2/metadata.idp"
        base, metadata, log = f"http://php.localhost:{port}", self.work / "metadata/ssp-sp.xml", self.work / "log/ssp-sp.err"
        (self.work / "ssp-sp-data").mkdir()
        document = (self.work / "proeve-hub.xml").read_bytes()     # as mod_shib left it
        (self.work / "ssp-sp-hub.xml").write_bytes(document)
        settings = {**os.environ, "INTEROP_RUN": str(self.work), "INTEROP_SYSTEM": base,
                    "SIMPLESAMLPHP_CONFIG_DIR": str(HERE / "etc/ssp-sp"),
                    "INTEROP_HUB": re.search(rb' entityID="([^"]+)"', document)[1].decode()}
        with open(log, "wb") as out:
            process = subprocess.Popen(["php", "-S", f"127.0.0.1:{port}", HERE / "etc/ssp-sp/system.php"], env=settings,
                                       stdout=out, stderr=out)
        try:
            metadata.write_text(fetched(f"{base}/saml/module.php/saml/sp/metadata.php/system"), encoding="utf-8")
            keys = self.work / "keys"
            subprocess.run([self.python, "-c", NAME_ENCRYPTION, metadata, keys / "proeve.crt", keys / "proeve.key"], check=True)
            refresh = Refresh(hub, self.work / "ssp-sp-hub.xml")
            self.system("SimpleSAMLphp", metadata=str(metadata), login_url=f"{base}/log-ind", logout_url=f"{base}/log-ud",
                        step_up_url=f"{base}/log-ind?frisk", refresh_url=refresh.address)
        finally:
            process.terminate()
            process.wait(timeout=10)
        self.no_forged("SimpleSAMLphp", re.findall(r"user: (.*)", log.read_text(errors="replace")))


def listening(port, process, patience=20):
    """Waits until somebody takes connections, and not for the dead."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except OSError:
            if time.monotonic() > deadline or process.poll() is not None:
                raise
            time.sleep(0.1)


def fetched(url, patience=20):
    """A page of a system that is only starting."""
    deadline = time.monotonic() + patience
    while True:
        try:
            page = Browser().get(url)
            if page.status == 200:
                return page.body
            raise RuntimeError(f"{page.status} at {url}: {page.body[:500]}")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def main():
    # Told to stop, it ends what it started too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", required=True)
    options.add_argument("--hub", required=True)
    options.add_argument("--cache", required=True)
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--shib", required=True)
    options.add_argument("--peer-port", type=int, required=True)
    options.add_argument("--php-port", type=int, required=True)
    options.add_argument("--skip", action="append", default=[])
    stage = Stage(options.parse_args())
    base = stage.given.shib
    stage.mod_shib_unknown(stage.mod_shib("mod_shib", base))
    stage.mod_shib("mod_shib by default", base.replace("//proeve.", "//standard."))
    for name in ("python3-saml", "python3-saml by default", "node-saml", "samael"):
        if name.split()[0] in stage.given.skip:
            print(f"SKIPPED {name}: told to")
        else:
            stage.library(name)
    stage.simplesamlphp()
    stage.check("checks", stage.passed, "none")
    print(f"{stage.passed} passed, {stage.failed} failed")
    sys.exit(1 if stage.failed else 0)


if __name__ == "__main__":
    main()
