#!/usr/bin/env python3
"""Judges the messages of recorded logins with programs that share no code with the hub.

    judge.py --work DIR [--require NAME]...

DIR/parties.json says who is who (name, entity_id, base, cert, key), DIR/hops/*.json is what
client.py recorded, DIR/metadata/*.xml what the parties say about themselves, DIR/journal.json
(optional) what the hub's journal shows.

  enveloped signature   xmlsec1 --verify, with the party's registered certificate and nothing else
  redirect signature    openssl dgst -verify, over the octets of the URL as they were sent
  schema                xmllint, with the OASIS and W3C schemas, offline
  encrypted assertion   decrypted with the recipient's key, then judged like the rest

Every judge must also refuse a damaged copy of something it accepted. A kind of judgement that was
never passed is a failure: a green run that looked at nothing proves nothing. --require NAME asks
the same of the messages of one party.
"""
import argparse
import base64
import collections
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import zlib
from dataclasses import dataclass
from xml.dom import minidom

HERE = os.path.dirname(os.path.abspath(__file__))
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
DS = "http://www.w3.org/2000/09/xmldsig#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
# What a query may be signed with, and openssl's word for its digest.
REDIRECT = {f"http://www.w3.org/2001/04/xmldsig-more#rsa-{digest}": f"-{digest}" for digest in ("sha256", "sha384", "sha512")}
# Elements that carry an ID worth signing; xmlsec1 has to be told what an ID is.
SIGNED = {f"{SAMLP}:{n}" for n in ("AuthnRequest", "Response", "LogoutRequest", "LogoutResponse")} | {
    f"{SAML}:Assertion", f"{MD}:EntityDescriptor"}
KINDS = ("schema", "enveloped signature", "redirect signature", "encrypted assertion")


class Refused(Exception):
    """A judge says no."""


# ---- the tools -------------------------------------------------------------------------------------

def tool(*argv, stdin=None, env=None):
    done = subprocess.run(argv, input=stdin, capture_output=True, env={**os.environ, **(env or {})},
                          timeout=60, check=False)
    if done.returncode:
        said = (done.stderr + done.stdout).decode("utf-8", "replace").strip()
        raise Refused(f"{argv[0]}: {' / '.join(said.splitlines()[:4])}")
    return done.stdout


def with_file(content, use):
    with tempfile.NamedTemporaryFile(suffix=".xml") as file:
        file.write(content)
        file.flush()
        return use(file.name)


def id_attributes():
    return [part for name in sorted(SIGNED) for part in ("--id-attr:ID", name)]


def judge_schema(xml):
    with_file(xml, lambda name: tool("xmllint", "--nonet", "--noout", "--schema", f"{HERE}/etc/saml.xsd", name,
                                     env={"XML_CATALOG_FILES": f"{HERE}/etc/catalog.xml"}))


def judge_enveloped(xml, element_id, cert):
    """The signature that is a child of the element with this ID, over that element, by that key."""
    document = minidom.parseString(xml)
    owners = [e for e in elements(document) if e.getAttribute("ID") == element_id]
    if len(owners) != 1:
        raise Refused(f"{len(owners)} elements have the ID {element_id}")
    references = [r for s in child_elements(owners[0], DS, "Signature")
                  for r in s.getElementsByTagNameNS(DS, "Reference")]
    if [r.getAttribute("URI") for r in references] != ["#" + element_id]:
        raise Refused(f"the signature of {element_id} refers to something else")
    # Only the given certificate: keys that the message itself brings are not looked at.
    with_file(xml, lambda name: tool(
        "xmlsec1", "--verify", "--pubkey-cert-pem", cert, "--enabled-key-data", "raw-x509-cert",
        "--enabled-reference-uris", "same-doc", *id_attributes(),
        "--node-xpath", f"//*[@ID='{element_id}']/*[local-name()='Signature']", name))


def judge_redirect(raw_query, cert):
    parts = dict(p.partition("=")[::2] for p in raw_query.split("&"))
    message = "SAMLRequest" if "SAMLRequest" in parts else "SAMLResponse"
    signed = "&".join(f"{k}={parts[k]}" for k in (message, "RelayState", "SigAlg") if k in parts)
    if "Signature" not in parts:
        raise Refused("no Signature parameter")
    digest = REDIRECT.get(urllib.parse.unquote_plus(parts.get("SigAlg", "")))
    if digest is None:
        raise Refused(f"SigAlg {parts.get('SigAlg')}")
    with tempfile.TemporaryDirectory() as tmp:
        with open(f"{tmp}/sig", "wb") as out:
            out.write(base64.b64decode(urllib.parse.unquote_plus(parts["Signature"])))
        with open(f"{tmp}/pub", "wb") as out:
            out.write(tool("openssl", "x509", "-in", cert, "-noout", "-pubkey"))
        tool("openssl", "dgst", digest, "-verify", f"{tmp}/pub", "-signature", f"{tmp}/sig",
             stdin=signed.encode("ascii"))


def decrypt(xml, key):
    """The message with its EncryptedData replaced by what was in it."""
    method = minidom.parseString(xml).getElementsByTagNameNS(XENC, "EncryptedKey")
    if not method:
        raise Refused("no EncryptedKey")
    transport = child_elements(method[0], XENC, "EncryptionMethod")[0]
    if transport.getAttribute("Algorithm") != XENC11 + "rsa-oaep":
        return with_file(xml, lambda name: tool("xmlsec1", "--decrypt", "--privkey-pem", key, name))
    # Debian 12's xmlsec1 does not know this key transport, but openssl does: openssl takes the
    # content key out, xmlsec1 does the rest with it.
    digest = algorithm(transport, DS, "DigestMethod", "sha1")
    mask = algorithm(transport, XENC11, "MGF", "sha1").removeprefix("mgf1")
    wrapped = "".join(text_of(method[0].getElementsByTagNameNS(XENC, "CipherValue")[0]).split())
    content_key = tool("openssl", "pkeyutl", "-decrypt", "-inkey", key, "-pkeyopt", "rsa_padding_mode:oaep",
                       "-pkeyopt", f"rsa_oaep_md:{digest}", "-pkeyopt", f"rsa_mgf1_md:{mask}",
                       stdin=base64.b64decode(wrapped))
    document = minidom.parseString(xml)
    for data in document.getElementsByTagNameNS(XENC, "EncryptedData"):
        for info in child_elements(data, DS, "KeyInfo"):
            data.removeChild(info)
    bare = document.toxml(encoding="utf-8")
    return with_file(content_key, lambda key_file: with_file(
        bare, lambda name: tool("xmlsec1", "--decrypt", "--aeskey", key_file, name)))


def algorithm(parent, namespace, name, default):
    found = child_elements(parent, namespace, name)
    return re.split("[#/]", found[0].getAttribute("Algorithm"))[-1] if found else default


# ---- XML, read only to find things; the judgement is the tools' --------------------------------------

def elements(node):
    for child in node.childNodes:
        if child.nodeType == child.ELEMENT_NODE:
            yield child
            yield from elements(child)


def child_elements(node, namespace, name):
    return [c for c in node.childNodes if c.nodeType == c.ELEMENT_NODE
            and (c.namespaceURI, c.localName) == (namespace, name)]


def text_of(node):
    return "".join(c.data for c in node.childNodes if c.nodeType in (c.TEXT_NODE, c.CDATA_SECTION_NODE))


def signed_elements(xml):
    """IDs of the elements that have a signature of their own."""
    return [e.getAttribute("ID") for e in elements(minidom.parseString(xml))
            if f"{e.namespaceURI}:{e.localName}" in SIGNED and child_elements(e, DS, "Signature")]


def unwrapped(xml):
    """A decrypted message as if it had been sent plain: the form the schema knows."""
    document = minidom.parseString(xml)
    for wrapper in document.getElementsByTagNameNS(SAML, "EncryptedAssertion"):
        for inner in child_elements(wrapper, SAML, "Assertion"):
            for i in range(wrapper.attributes.length):   # namespaces that the wrapper declared
                attribute = wrapper.attributes.item(i)
                if attribute.name.startswith("xmlns") and not inner.hasAttribute(attribute.name):
                    inner.setAttribute(attribute.name, attribute.value)
            wrapper.parentNode.replaceChild(inner, wrapper)
    return document.toxml(encoding="utf-8")


# ---- messages --------------------------------------------------------------------------------------

@dataclass
class Message:
    where: str            # which login, which hop
    binding: str
    xml: bytes
    raw_query: str = ""

    def __post_init__(self):
        self.root = minidom.parseString(self.xml).documentElement
        self.kind = self.root.localName
        issuer = child_elements(self.root, SAML, "Issuer")
        self.issuer = text_of(issuer[0]).strip() if issuer else self.root.getAttribute("entityID")
        self.destination = self.root.getAttribute("Destination")
        self.name = f"{self.where} {self.kind} ({self.binding})"


def recorded(hops_file):
    where = os.path.splitext(os.path.basename(hops_file))[0]
    with open(hops_file, encoding="utf-8") as file:
        hops = json.load(file)["hops"]
    for number, hop in enumerate(hops):
        if hop.get("forged"):       # the scenario's own work
            continue
        label = f"{where}#{number}"
        for name, value in hop["form"] or []:
            if name in ("SAMLRequest", "SAMLResponse"):
                yield Message(label, "post", base64.b64decode(value))
        query = dict(p.partition("=")[::2] for p in hop["query"].split("&"))
        for name in ("SAMLRequest", "SAMLResponse"):
            if name in query:
                deflated = base64.b64decode(urllib.parse.unquote_plus(query[name]))
                yield Message(label, "redirect", zlib.decompress(deflated, -15), hop["query"])


class Bench:
    """Passes messages to the judges, counts, and keeps one accepted sample of each for the self-test."""

    def __init__(self, work):
        self.work = work
        with open(f"{work}/parties.json", encoding="utf-8") as file:
            self.parties = json.load(file)
        self.passed = self.failed = 0
        self.count = collections.Counter()
        self.samples = {}
        self.assertions = {}    # ID -> party that issued it

    def verdict(self, what, ok, why=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {what}: {why}")
        return ok

    def ask(self, kind, party, what, judge, *args):
        try:
            result = judge(*args)
        except (Refused, subprocess.TimeoutExpired, ValueError, KeyError, IndexError) as refusal:
            self.verdict(f"{what}: {kind}", False, refusal)
            return None
        self.verdict(what, True)
        self.count[kind, party["name"]] += 1
        self.samples.setdefault(kind, args)
        return result if result is not None else True

    def party(self, entity_id):
        return next((p for p in self.parties if p["entity_id"] == entity_id), None)

    def recipient(self, destination):
        return next((p for p in self.parties if destination.startswith(p["base"] + "/")), None)

    def message(self, message):
        party = self.party(message.issuer)
        if not party:
            return self.verdict(message.name, False, f"unknown issuer {message.issuer!r}")
        cert, what = party["cert"], f"{party['name']}: {message.name}"
        self.ask("schema", party, what, judge_schema, message.xml)
        ids = signed_elements(message.xml)
        for element_id in ids:
            self.ask("enveloped signature", party, what, judge_enveloped, message.xml, element_id, cert)
        if message.binding == "redirect":
            self.ask("redirect signature", party, what, judge_redirect, message.raw_query, cert)
        covered = message.binding == "redirect" or message.root.getAttribute("ID") in ids
        assertions = message.root.getElementsByTagNameNS(SAML, "Assertion")
        if message.root.getElementsByTagNameNS(SAML, "EncryptedAssertion"):
            signed, assertions = self.encrypted(message, party, what)
            ids += signed
        for assertion in assertions:
            self.assertions[assertion.getAttribute("ID")] = party
        all_signed = assertions and all(a.getAttribute("ID") in ids for a in assertions)
        return self.verdict(f"{what}: signed", covered or all_signed, "neither the message nor its assertions are signed")

    def encrypted(self, message, party, what):
        """IDs of the signed assertions found inside, and the assertions."""
        to = self.recipient(message.destination)
        if not to:
            self.verdict(what, False, f"no recipient for {message.destination!r}")
            return [], []
        plain = self.ask("encrypted assertion", party, what, decrypt, message.xml, to["key"])
        if plain is None:
            return [], []
        self.ask("schema", party, f"{what}, decrypted", judge_schema, unwrapped(plain))
        assertions = minidom.parseString(plain).getElementsByTagNameNS(SAML, "Assertion")
        inside = {a.getAttribute("ID") for a in assertions}
        signed = [i for i in signed_elements(plain) if i in inside]
        for element_id in signed:
            self.ask("enveloped signature", party, f"{what}, assertion", judge_enveloped, plain, element_id, party["cert"])
        return signed, assertions

    def metadata(self, path):
        with open(path, "rb") as file:
            message = Message(os.path.basename(path), "metadata", file.read())
        party = self.party(message.issuer)
        if not party:
            return self.verdict(message.name, False, f"unknown entity {message.issuer!r}")
        what = f"{party['name']}: {message.name}"
        self.ask("schema", party, what, judge_schema, message.xml)
        for element_id in signed_elements(message.xml):
            self.ask("enveloped signature", party, what, judge_enveloped, message.xml, element_id, party["cert"])
        return True

    def journal(self, path, issuer):
        """The journal must show every assertion the hub issued, decoded and still verifiable."""
        with open(path, encoding="utf-8") as file:
            shown = [e[form] for flow in json.load(file)["flows"] for e in flow.get("exchanges", [])
                     for form in ("xml", "decrypted") if e.get(form)]
        for assertion_id, party in self.assertions.items():
            if party["name"] != issuer:
                continue
            found = [x.encode() for x in shown if f'ID="{assertion_id}"' in x]
            if self.verdict(f"journal shows {assertion_id}", found, "not in any exchange"):
                self.ask("enveloped signature", party, f"journal's {assertion_id}", judge_enveloped,
                         found[0], assertion_id, party["cert"])

    # -- the judges judged

    def self_test(self):
        for kind in KINDS:
            if kind not in self.samples:
                self.verdict(f"self-test: {kind}", False, "nothing was judged")
        other = next(p for p in self.parties if p["name"] == "naboby")
        if "schema" in self.samples:
            xml, = self.samples["schema"]
            judge_schema(xml)   # the undamaged one still passes
            self.must_refuse("schema, IssueInstant gone", judge_schema, re.sub(rb' IssueInstant="[^"]*"', b"", xml))
            self.must_refuse("schema, element unknown", judge_schema, xml.replace(b"Issuer>", b"Issued>"))
        if "enveloped signature" in self.samples:
            xml, element_id, cert = self.samples["enveloped signature"]
            self.must_refuse("enveloped, one digit changed", judge_enveloped,
                             re.sub(rb'(IssueInstant="\d{3})\d', rb"\g<1>x", xml), element_id, cert)
            self.must_refuse("enveloped, another's certificate", judge_enveloped, xml, element_id, self.not_the(cert))
            self.must_refuse("enveloped, signed by another who brings the certificate along", judge_enveloped,
                             with_file(xml, lambda name: tool(
                                 "xmlsec1", "--sign", "--privkey-pem", f"{other['key']},{other['cert']}",
                                 *id_attributes(), name)), element_id, cert)
        if "redirect signature" in self.samples:
            query, cert = self.samples["redirect signature"]
            self.must_refuse("redirect, RelayState changed", judge_redirect, query.replace("RelayState=", "RelayState=x"), cert)
            self.must_refuse("redirect, another's certificate", judge_redirect, query, self.not_the(cert))
            # The same value written differently is not what was signed.
            recoded = re.sub("%[0-9A-Fa-f]{2}", lambda m: m[0].swapcase(), query.partition("&Signature=")[0])
            self.must_refuse("redirect, re-encoded", judge_redirect, recoded + "&Signature=" + query.partition("&Signature=")[2], cert)
        if "encrypted assertion" in self.samples:
            xml, key = self.samples["encrypted assertion"]
            self.must_refuse("decryption, another's key", decrypt, xml, other["key"])
            self.oaep_works()

    def must_refuse(self, what, judge, *args):
        try:
            judge(*args)
        except Refused:
            return self.verdict(f"self-test: {what}", True)
        return self.verdict(f"self-test: {what}", False, "was accepted")

    def not_the(self, cert):
        return next(p["cert"] for p in self.parties if p["cert"] != cert)

    def oaep_works(self):
        """The openssl detour, on a message made here: it may be that no peer asked for it."""
        party = self.parties[0]
        content_key = os.urandom(32)
        with tempfile.TemporaryDirectory() as tmp:
            for name, content in (("key", content_key), ("plain", b"<secret>blahaj</secret>"), ("template", (
                    f'<EncryptedData xmlns="{XENC}" Type="{XENC}Element">'
                    f'<EncryptionMethod Algorithm="{XENC11}aes256-gcm"/>'
                    "<CipherData><CipherValue/></CipherData></EncryptedData>").encode())):
                with open(f"{tmp}/{name}", "wb") as out:
                    out.write(content)
            data = tool("xmlsec1", "--encrypt", "--aeskey", f"{tmp}/key", "--xml-data", f"{tmp}/plain", f"{tmp}/template")
            wrapped = tool("openssl", "pkeyutl", "-encrypt", "-certin", "-inkey", party["cert"],
                           "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256",
                           "-pkeyopt", "rsa_mgf1_md:sha256", stdin=content_key)
        key_info = (f'<KeyInfo xmlns="{DS}"><EncryptedKey xmlns="{XENC}"><EncryptionMethod Algorithm="{XENC11}rsa-oaep">'
                    f'<DigestMethod xmlns="{DS}" Algorithm="{XENC}sha256"/><MGF xmlns="{XENC11}" Algorithm="{XENC11}mgf1sha256"/>'
                    f"</EncryptionMethod><CipherData><CipherValue>{base64.b64encode(wrapped).decode()}</CipherValue></CipherData>"
                    "</EncryptedKey></KeyInfo>").encode()
        sealed = data.replace(b"<CipherData>", key_info + b"<CipherData>", 1)
        try:
            self.verdict("self-test: xmlenc11#rsa-oaep", b"blahaj" in decrypt(sealed, party["key"]), "wrong plaintext")
        except Refused as refusal:
            self.verdict("self-test: xmlenc11#rsa-oaep", False, refusal)

    def required(self, name):
        for kind in KINDS:
            self.verdict(f"{name}: {kind}", self.count[kind, name] > 0, "none judged")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", required=True)
    options.add_argument("--require", action="append", default=[], metavar="NAME")
    given = options.parse_args()
    bench = Bench(given.work)
    messages = 0
    for path in sorted(glob.glob(f"{given.work}/hops/*.json")):
        for message in recorded(path):
            messages += 1
            bench.message(message)
    bench.verdict("messages", messages, "no message was recorded")
    for path in sorted(glob.glob(f"{given.work}/metadata/*.xml")):
        bench.metadata(path)
    for name in given.require:
        bench.required(name)
        if os.path.exists(f"{given.work}/journal.json"):
            bench.journal(f"{given.work}/journal.json", name)
    bench.self_test()
    print(f"{messages} messages; accepted:")
    for (kind, name), number in sorted(bench.count.items()):
        print(f"  {number:3} {kind:20} of {name}")
    print(f"{bench.passed} passed, {bench.failed} failed")
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    main()
