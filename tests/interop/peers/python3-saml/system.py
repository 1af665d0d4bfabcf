#!/usr/bin/env python3
"""A user-facing system of python3-saml: what a careful supplier writes around that library.

    system.py BASE-URL PORT HUB-METADATA-URL CERT KEY [--tls CERT,KEY] [--nist] [--by-default]

The library judges the message (strict, every switch that there is on the safe side). The rest is the supplier's:
pending requests bound to the browser, used assertions, the level, a session with a new name, logging out.

--by-default: only what the library's own examples do, by its own defaults, and the level. What the hub cannot do without
is set there too: signed requests, a key for encryption in the metadata, no RequestedAuthnContext.
"""
import argparse
import datetime
import html
import http.server
import json
import secrets
import ssl
import threading
import urllib.parse

from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as names
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser as parser
from onelogin.saml2.logout_request import OneLogin_Saml2_Logout_Request as LogoutRequest
from onelogin.saml2.metadata import OneLogin_Saml2_Metadata
from onelogin.saml2.settings import OneLogin_Saml2_Settings

LEVELS = {
    False: ("https://data.gov.dk/concept/core/nsis/loa", ("Substantial", "High")),
    True: ("dk:gov:saml:attribute:AssuranceLevel", ("3", "4")),
}
READS = ("http://www.w3.org/2009/xmlenc11#aes256-gcm", "http://www.w3.org/2009/xmlenc11#aes128-gcm",
         "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p")
METADATA = "{urn:oasis:names:tc:SAML:2.0:metadata}"
ASSERTION = "{urn:oasis:names:tc:SAML:2.0:assertion}"
FRESH = datetime.timedelta(minutes=5)


def read(path):
    with open(path, encoding="ascii") as file:
        return file.read()


class System:
    def __init__(self, given):
        self.given = given
        self.base = given.base
        self.lock = threading.Lock()
        self.pending = {}      # (cookie, RelayState) -> (id of the request, whether a fresh login was asked for)
        self.sessions = {}     # cookie -> what /hvem shows
        self.leaving = {}      # cookie -> id of the LogoutRequest that has no answer yet
        self.used = set()      # ids of assertions; for as long as this runs
        self.known = None      # what is known of the hub; fetched when first needed: the hub starts later

    def https(self):
        return "on" if self.base.startswith("https:") else "off"

    def fetch(self):
        text = parser.get_metadata(self.given.hub)
        hub = parser.parse(text)["idp"]
        # The library sends its answers where the requests go; the hub has an address of their own for them.
        for place in etree.fromstring(text).iterfind(f"{METADATA}IDPSSODescriptor/{METADATA}SingleLogoutService"):
            if place.get("Binding") == names.BINDING_HTTP_REDIRECT and place.get("ResponseLocation"):
                hub["singleLogoutService"]["responseUrl"] = place.get("ResponseLocation")
        self.known = {signed: OneLogin_Saml2_Settings({**self.own(signed), "idp": hub}) for signed in (False, True)}

    def settings(self, signed):
        if self.known is None:
            self.fetch()
        return self.known[signed]

    def own(self, signed=False):
        """`signed`: the message itself must be. A LogoutRequest has nothing else that is."""
        return {
            "strict": True,
            "sp": {
                "entityId": f"{self.base}/saml/metadata",
                "assertionConsumerService": {"url": f"{self.base}/saml/acs", "binding": names.BINDING_HTTP_POST},
                "singleLogoutService": {"url": f"{self.base}/saml/sls", "binding": names.BINDING_HTTP_REDIRECT},
                "NameIDFormat": names.NAMEID_X509_SUBJECT_NAME,
                "x509cert": read(self.given.cert), "privateKey": read(self.given.key),
            },
            "security": {
                "authnRequestsSigned": True, "logoutRequestSigned": True, "logoutResponseSigned": True, "requestedAuthnContext": False,
                "wantAssertionsEncrypted": True, "signatureAlgorithm": names.RSA_SHA512, "digestAlgorithm": names.SHA512,
            } if self.given.by_default else {
                "authnRequestsSigned": True, "logoutRequestSigned": True, "logoutResponseSigned": True,
                "wantMessagesSigned": signed, "wantAssertionsSigned": True, "wantAssertionsEncrypted": True,
                "wantNameId": True, "wantAttributeStatement": True, "requestedAuthnContext": False,
                "rejectDeprecatedAlgorithm": True,
                "signatureAlgorithm": names.RSA_SHA512, "digestAlgorithm": names.SHA512,
            },
        }

    def metadata(self):
        """What the library writes, and the encryption that it can read. It can not read xmlenc11#rsa-oaep with an MGF, which
        is what a hub chooses where nothing is named: the schema that it judges messages by does not know that element."""
        settings = OneLogin_Saml2_Settings(self.own(), sp_validation_only=True)
        root = etree.fromstring(settings.get_sp_metadata())
        for key in root.iter(f"{METADATA}KeyDescriptor"):
            if key.get("use") == "encryption":
                for algorithm in READS:
                    etree.SubElement(key, f"{METADATA}EncryptionMethod", Algorithm=algorithm)
        # The library's own is good for two days: metadata that is handed in is fetched by nobody.
        for limit in ("validUntil", "cacheDuration"):
            root.attrib.pop(limit, None)
        return OneLogin_Saml2_Metadata.sign_metadata(etree.tostring(root), read(self.given.key), read(self.given.cert))


class Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1   # a page goes out at once, not head and body each
    system = None

    def log_message(self, form, *values):
        pass

    # -- answers

    def answer(self, status, text, *headers, kind="text/html; charset=utf-8"):
        body = text if isinstance(text, bytes) else text.encode()
        self.send_response(status)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def page(self, status, title, *headers):
        self.answer(status, f"<!DOCTYPE html><title>{html.escape(title)}</title><h1>{html.escape(title)}</h1>", *headers)

    def onward(self, to, *headers):
        self.answer(302, "", ("Location", to), *headers)

    # -- what the browser brought

    def cookie(self, name):
        for pair in self.headers.get("Cookie", "").split(";"):
            key, _, value = pair.strip().partition("=")
            if key == name:
                return value
        return None

    @staticmethod
    def set(name, value):
        age = "" if value else "; Max-Age=0"
        return "Set-Cookie", f"{name}={value}; Path=/; Secure; HttpOnly; SameSite=None{age}"

    def auth(self, form=None, signed=False):
        parts = urllib.parse.urlsplit(self.path)
        # Never the client's Host.
        request = {"https": self.system.https(), "http_host": urllib.parse.urlsplit(self.system.base).netloc,
                   "script_name": parts.path, "get_data": dict(urllib.parse.parse_qsl(parts.query)),
                   "query_string": parts.query, "post_data": form or {}}
        return OneLogin_Saml2_Auth(request, old_settings=self.system.settings(signed))

    # -- pages

    def do_GET(self):
        system, parts = self.system, urllib.parse.urlsplit(self.path)
        if parts.path == "/saml/metadata":
            return self.answer(200, system.metadata(), kind="application/samlmetadata+xml")
        if parts.path == "/log-ind":
            force = parts.query == "frisk"
            auth, relay_state = self.auth(), secrets.token_urlsafe(24)
            to = auth.login(return_to=relay_state, force_authn=force)
            # One name for the browser, whatever tabs it has.
            browser = self.cookie("login") or secrets.token_urlsafe(24)
            system.pending[browser, relay_state] = (auth.get_last_request_id(), force)
            return self.onward(to, self.set("login", browser))
        if parts.path == "/log-ud":
            system.sessions.pop(self.cookie("session"), None)
            return self.page(200, "Farvel", self.set("session", ""))
        if parts.path == "/log-ud-overalt":
            return self.leave_everywhere()
        if parts.path == "/saml/sls":
            return self.left() if "SAMLResponse=" in parts.query else self.leave()
        if parts.path == "/hvem":
            who = system.sessions.get(self.cookie("session"))
            return self.answer(200 if who else 401, json.dumps(who or {}), kind="application/json")
        if parts.path == "/":
            who = system.sessions.get(self.cookie("session"))
            return self.page(200, "Sager") if who else self.page(401, "Ingen adgang")
        return self.page(404, "Findes ikke")

    def do_POST(self):
        form = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        if self.path == "/genindlaes":
            self.system.fetch()
            return self.answer(204, "")
        if self.path == "/saml/acs":
            with self.system.lock:
                return self.enter(dict(urllib.parse.parse_qsl(form, keep_blank_values=True)))
        return self.page(404, "Findes ikke")

    def enter(self, form):
        system = self.system
        # Used once, whatever comes of it.
        pending = self.cookie("login"), form.get("RelayState")
        request_id, force = system.pending.pop(pending, (None, False))
        refuse = lambda why: (print("refused:", why, flush=True), self.page(403, "Du er ikke logget på"))
        careful = not system.given.by_default
        if request_id is None and careful:
            return refuse("this browser asked for nothing")
        auth = self.auth(form)
        try:
            auth.process_response(request_id=request_id)
        except Exception as error:   # the library has exceptions of lxml, xmlsec, base64 and its own
            return refuse(repr(error))
        if auth.get_errors() or not auth.is_authenticated():
            return refuse(f"{auth.get_errors()}: {auth.get_last_error_reason()}")
        # The library compares where there is one.
        if careful and auth.get_last_response_in_response_to() != request_id:
            return refuse("no answer to this request")
        if careful and auth.get_last_assertion_id() in system.used:
            return refuse("used before")
        system.used.add(auth.get_last_assertion_id())
        name, enough = LEVELS[system.given.nist]
        levels = auth.get_attribute(name) or []
        if len(levels) != 1 or levels[0] not in enough:
            return refuse(f"level {levels}")
        if careful and force and not fresh(auth):
            return refuse("not a fresh login")
        print("user:", auth.get_nameid(), flush=True)
        session = secrets.token_urlsafe(24)
        system.sessions.pop(self.cookie("session"), None)
        system.sessions[session] = {"nameid": auth.get_nameid(), "issuer": system.settings(False).get_idp_data()["entityId"],
                                    "attributes": auth.get_attributes(), "format": auth.get_nameid_format(),
                                    "index": auth.get_session_index()}
        return self.onward("/", self.set("session", session))

    # -- single logout

    def leave_everywhere(self):
        """Begun here: the user is out before anybody else is asked."""
        session = self.system.sessions.pop(self.cookie("session"), None)
        if session is None:
            return self.page(401, "Ingen adgang")
        auth, browser = self.auth(), self.cookie("login")
        to = auth.logout(name_id=session["nameid"], name_id_format=session["format"], session_index=session["index"],
                         return_to=self.system.base)
        self.system.leaving[browser] = auth.get_last_request_id()
        return self.onward(to, self.set("session", ""))

    def left(self):
        """The hub's answer to it."""
        auth = self.auth(signed=True)
        request_id = self.system.leaving.pop(self.cookie("login"), None)
        if request_id is None:
            return self.page(400, "Ugyldigt svar")
        auth.process_slo(keep_local_session=True, request_id=request_id)
        if auth.get_errors():
            print("refused:", auth.get_errors(), auth.get_last_error_reason(), flush=True)
            return self.page(400, "Du er logget ud her, men måske ikke alle andre steder")
        return self.page(200, "Farvel")

    def leave(self):
        """A LogoutRequest of the hub. The library judges it and writes the answer; whose session it is about is ours."""
        auth = self.auth(signed=True)
        try:
            to = auth.process_slo(keep_local_session=True)
            name = LogoutRequest.get_nameid(auth.get_last_request_xml()) if to else None
        except Exception as error:   # the library has exceptions of lxml, xmlsec, base64 and its own
            print("refused:", repr(error), flush=True)
            return self.page(400, "Ugyldig forespørgsel")
        session = self.system.sessions.get(self.cookie("session"))
        if name is None or session is None or session["nameid"] != name:
            print("refused:", auth.get_errors(), auth.get_last_error_reason(), flush=True)
            return self.page(400, "Ugyldig forespørgsel")
        self.system.sessions.pop(self.cookie("session"), None)
        return self.onward(to, self.set("session", ""))


def fresh(auth):
    """Whether the user logged in just now. The library does not tell; it has verified this text."""
    root = etree.fromstring(auth.get_last_response_xml())
    instants = [one.get("AuthnInstant") for one in root.iter(f"{ASSERTION}AuthnStatement")]
    if len(instants) != 1:
        return False
    instant = datetime.datetime.fromisoformat(instants[0])
    return datetime.datetime.now(datetime.timezone.utc) - instant < FRESH


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("base", "port", "hub", "cert", "key"):
        options.add_argument(name)
    options.add_argument("--tls")
    options.add_argument("--nist", action="store_true")
    options.add_argument("--by-default", action="store_true")
    given = options.parse_args()
    Page.system = System(given)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(given.port)), Page)
    if given.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*given.tls.split(","))
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
