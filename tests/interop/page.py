#!/usr/bin/env python3
"""The book's page about real peers, in Danish and English: what the run saw, and nothing else.

    page.py --work DIR --hub BINARY --book DIR [--write] [--skip PEER]...

--write writes between the two comments of DIR/en/peers.md and DIR/da/peers.md; without it, what stands there must be so. The
prose around is written by hand.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys

from systems import KNOWN, SKIPPED
from words import DANISH

HERE = pathlib.Path(__file__).resolve().parent
BEGIN, END = "<!-- the run writes this: begin -->", "<!-- the run writes this: end -->"
PACKAGE = {"mod_shib": "libapache2-mod-shib", "SimpleSAMLphp": "simplesamlphp"}
FOLDER = {"LemonLDAP::NG": "lemonldap-ng"}
# The metadata that each has handed in, and as what.
METADATA = {"mod_shib": ("sag", "system"), "SimpleSAMLphp": ("proevekoebing", "idp"), "python3-saml": ("python3-saml", "system"),
            "node-saml": ("node-saml", "system"), "samael": ("samael", "system"), "LemonLDAP::NG": ("lemonldap-ng", "idp")}
# What the certificates that a run makes for itself are not: OCES3's.
CERTIFICATE = {"MD-V-035", "MD-V-038", "MD-V-039", "MD-V-040"}
# What had to be set so that it works with this hub, beside addresses, keys and metadata.
SET = {
    "mod_shib": "`signing=\"true\"`; `sameSiteSession=\"None\"` where it has https",
    "SimpleSAMLphp": "NameID format X509SubjectName, `assertion.encryption`; registered as OIOSAML2, since AES-CBC is what it encrypts with",
    "python3-saml": "EncryptionMethod in its metadata, which names none; no `validUntil` there; `requestedAuthnContext` off; "
                    "`singleLogoutService.responseUrl`, which its reader of metadata leaves out",
    "node-saml": "`rsa-oaep-mgf1p` in its metadata, which names ciphers only; HTTP-Redirect for logout there; `signatureAlgorithm` "
                 "(SHA-1 is its default), `disableRequestedAuthnContext`, `wantAuthnResponseSigned: false`, `validateInResponseTo`",
    "samael": "its metadata has an address for a logout that nobody asked for, calls the key for encryption one for signing, and "
              "names AES-CBC; where the Response is not signed, the assertion is decrypted before samael sees it, by its own "
              "functions, for it looks for a signature before it decrypts",
    "LemonLDAP::NG": "NameID and attributes by macros, `samlNameIDFormatMapX509`, encryption mode `assertion`, "
                     "`samlSPMetaDataOptionsSignSLOMessage` (its own logout is not signed otherwise); registered as OIOSAML2",
}
# What a careful supplier sets and writes; the others are tested only as their documentation has them. “By default” means that:
# the library's own defaults, its examples, and the level, without which there is nothing to test.
WITH_CARE = {
    "mod_shib": "requireSignedAssertions, blockUnsolicited, no SHA-1, maxTimeSinceAuthn, and the page demands a NameID and one level",
    "python3-saml": "every strict switch on; pending requests of a browser, used assertions and a fresh login are the supplier's",
}


class Seen:
    """What the other steps of a run left."""

    def __init__(self, work, hub):
        read = lambda name: json.loads(pathlib.Path(f"{work}/{name}").read_text(encoding="utf-8"))
        self.rows = read("peers.json")
        for name, change in changes_of_the_other_step(read("rollover.json")).items():
            self.rows[name]["change"] = change
        file = lambda name: f"system-{name.replace(' ', '-')}.json"
        self.tests = {name: read(file(name))["cases"] for name in KNOWN if pathlib.Path(work, file(name)).exists()}
        self.versions = {name: version(name) for name in SET if name in self.rows}
        self.lint = {name: linted(hub, work, *METADATA[name]) for name in self.versions}


def version(name):
    """Without the last number: Debian's move with its point releases."""
    if name in PACKAGE:
        command = ["dpkg-query", "-W", "-f", "${Version}", PACKAGE[name]]
    else:
        folder = FOLDER.get(name, name)
        command = [HERE / f"peers/{folder}/run", "version", HERE.parents[1] / "target/interop" / folder]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number = re.match(r"\d+\.\d+(\.\d+)?", text.strip())[0]
    return number if number.startswith("0.0.") else ".".join(number.split(".")[:2])


def linted(hub, work, name, role):
    """The errors for which the real hub would refuse this metadata, but for the certificate."""
    command = [hub, "lint", f"{work}/metadata/{name}.xml", "--role", role, "--format", "json"]
    findings = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)["findings"]
    errors = {one["id"]: one for one in findings if one["severity"] == "error"}
    if not CERTIFICATE <= set(errors):
        raise RuntimeError(f"{name}: the certificate of a run passes for OCES3: {sorted(errors)}")
    return [errors[id] for id in sorted(set(errors) - CERTIFICATE)]


def changes_of_the_other_step(worked):
    """mod_shib's and SimpleSAMLphp's, by what rollover.py saw. arkiv reads the hub's metadata again, and sag does not;
    SimpleSAMLphp has the new certificate in its file beforehand, and still encrypts to the old one."""
    arkiv = lambda step: worked[f"{step} arkiv"]
    overlap = {"overlap, both": arkiv("overlap, both in metadata"), "overlap, switched": arkiv("overlap 06:00")}
    swap = {"hard swap, not read again": arkiv("hard-swap 06:10") or worked["hard-swap 06:40 sag"],
            "hard swap, read again": arkiv("hard-swap 06:40")}
    kept, dropped = arkiv("hard-swap 06:40"), arkiv("hard-swap old key dropped")
    return {"mod_shib": {**overlap, **swap},
            "SimpleSAMLphp": {**overlap, "hard swap, not read again": kept and dropped, "hard swap, read again": kept,
                              "hard swap, provided": "with the new certificate in its file, while the hub decrypts with the old key too"}}


# ---- in words --------------------------------------------------------------------------------------

class Words:
    def __init__(self, language):
        self.language = language

    def say(self, text):
        return text if self.language == "en" else DANISH[text]

    def title(self, case):
        return case[f"title_{self.language}"]

    def survived(self, change):
        """From who worked at which step; of what was tried."""
        yes = lambda *steps: "yes" if all(change[step] for step in steps) else "no"
        swap = yes("hard swap, not read again")
        if swap == "no" and change["hard swap, read again"]:
            swap = change.get("hard swap, provided", "after the metadata was read again")
        said = [("overlap", yes("overlap, both", "overlap, switched")), ("hard swap", swap)]
        if "metadata first, both" in change:
            said.append(("metadata first", yes("metadata first, both", "metadata first, switched")))
        return "; ".join(f"{self.say(what)}: {self.say(how)}" for what, how in said)

    def logout(self, seen):
        if "partial" in seen:
            return self.say("none. The hub's page names it, and whoever began is told `PartialLogout`")
        kinds = (("begun", "begins one"), ("told", "takes part in one"))
        said = [f"{self.say(words)} {self.say('by')} {self.listed(seen[kind])}" for kind, words in kinds if seen[kind]]
        if seen["answers_where_requests_go"]:
            said.append(f"{self.say('its answer goes where requests go')} ([SLO-016](checks.md#SLO-016))")
        return "; ".join(said) or self.say("no")

    def listed(self, values):
        return f" {self.say('and')} ".join(values)

    def about(self, name, seen):
        """Everything about one peer, as label and value."""
        row, code = seen.rows[name], lambda values: ", ".join(f"`{one}`" for one in values)
        roles = [row["role"], *(["system"] if tests_of(name)[0] in seen.tests and row["role"] != "system" else [])]
        pairs = [("version", seen.versions[name]), ("role", ", ".join(self.say(role) for role in roles)),
                 ("bindings", ", ".join(f"{kind} {self.say('by')} {binding}" for kind, binding in row["bindings"])),
                 ("signs with", code(row["signs"])),
                 ("encryption", ", ".join(f"`{data}` {self.say('with')} `{key}`" for data, key in row["encryption"])),
                 ("its metadata", "; ".join(f"[{one['id']}](metadata.md#{one['id']}) {self.title(one).rstrip('.')}" for one in seen.lint[name])
                  or self.say("nothing that the real hub would refuse")),
                 ("logout", self.logout(row["logout"])), ("certificate change", self.survived(row["change"])),
                 ("what we had to set", self.say(SET[name]))]
        return [(self.say(label), value) for label, value in pairs]

    def overview(self, seen):
        heads = [self.say(head) for head in ("peer", "version", "role", "cases passed by default", "set up with care")]
        lines = [row(heads), row(["---"] * len(heads))]
        for name in seen.versions:
            about = dict(self.about(name, seen))
            by_default, with_care = tests_of(name)
            lines.append(row([f"[{name}](#{anchor(name)})", *(about[head] for head in heads[1:3]),
                              passed(seen, by_default), passed(seen, with_care)]))
        return lines

    def peer(self, name, seen):
        lines = ["", f"## {name}", "", row(["", ""]), row(["---"] * 2)]
        lines += [row(pair) for pair in self.about(name, seen)]
        if name in WITH_CARE:
            lines.append(row([self.say("with care"), self.say(WITH_CARE[name])]))
        by_default, with_care = tests_of(name)
        for test, said in ((by_default, "As a system, by default, it passes all cases but these"),
                           (with_care, "Set up with care, these are left")):
            if test in seen.tests:
                lines += ["", f"{self.say(said)}:", "", *self.misses(test, seen)]
        if SKIPPED.get(by_default):
            left_out = ", ".join(f"[{case}](system-tests.md#{case})" for case in SKIPPED[by_default])
            lines += ["", f"{self.say('Left out, as it does not apply')}: {left_out}."]
        return lines

    def misses(self, test, seen):
        cases = {case["id"]: case for case in seen.tests[test]}
        lines = [row([self.say(head) for head in ("case", "a good system", "what is missed")]), row(["---"] * 3)]
        return lines + [row([f"[{case}](system-tests.md#{case})", self.title(cases[case]), self.say(why)])
                        for case, why in KNOWN[test].items()]

    def page(self, seen):
        return [*self.overview(seen), *(line for name in seen.versions for line in self.peer(name, seen))]


def tests_of(name):
    """Which tests of KNOWN are of this peer: by default, and with care."""
    return (f"{name} by default", name) if f"{name} by default" in KNOWN else (name, None)


def passed(seen, test):
    cases = seen.tests.get(test, [])
    return f"{sum(case['outcome'] == 'pass' for case in cases)} / {len(cases)}" if cases else "–"


def row(values):
    return f"| {' | '.join(values)} |"


def anchor(title):
    return re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")


# ---- the files -------------------------------------------------------------------------------------

def held(path, found, write, partly):
    """What stands in a page and was not seen, and what was seen and stands in none."""
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(BEGIN + "\n")
    stands, tail = rest.split(END)
    if write:
        path.write_text(head + BEGIN + "\n" + "\n".join(found) + "\n" + END + tail, encoding="utf-8")
        print(f"written: {path}")
        return []
    differs = [line for line in found if line not in stands.splitlines()]
    if not partly:
        differs += [line for line in stands.splitlines() if line not in found]
    return [f"{path.parent.name}/{path.name}: {line}" for line in differs]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", required=True)
    options.add_argument("--hub", required=True)
    options.add_argument("--book", required=True, type=pathlib.Path)
    options.add_argument("--write", action="store_true")
    options.add_argument("--skip", action="append", default=[])
    given = options.parse_args()
    seen = Seen(given.work, given.hub)
    if given.write and given.skip:
        sys.exit("a run that left a peer out has not seen the whole page")
    differs = []
    for language in ("en", "da"):
        differs += held(given.book / language / "peers.md", Words(language).page(seen), given.write, given.skip)
    for line in differs:
        print(f"FAIL the page and the run differ: {line}")
    print(f"{0 if differs else 2} passed, {len(differs)} failed")
    sys.exit(1 if differs else 0)


if __name__ == "__main__":
    main()
