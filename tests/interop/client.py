#!/usr/bin/env python3
"""A headless browser, small enough to read: what a login needs and nothing else.

It follows redirects, posts self-submitting SAML forms, fills in a login form, picks a name on a
chooser page, and keeps cookies by the rules a current browser applies (SameSite, Secure, __Host-),
because those rules decide whether a login across three sites works at all. Names under
`.localhost` go to 127.0.0.1 without asking DNS. Every request is recorded as it went over the
wire: the judges need the raw octets of a query.

    client.py get URL        print one page's body; exit 1 unless it is a 2xx
"""
import http.client
import json
import sys
import urllib.parse
from dataclasses import dataclass, field
from html.parser import HTMLParser

TIMEOUT = 30
MAX_STEPS = 40
LOOPBACK = ("127.0.0.1", "localhost", "::1")


# ---- HTML: a tree, because a button's text and a label's input are matters of nesting ------------

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


@dataclass
class Node:
    tag: str
    attrs: dict
    parent: "Node | None" = None
    children: list = field(default_factory=list)

    def walk(self):
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child.walk()

    def find(self, *tags):
        return [n for n in self.walk() if n.tag in tags]

    def text(self):
        parts = [c if isinstance(c, str) else c.text() for c in self.children]
        return " ".join(" ".join(parts).split())

    def inside(self, tag):
        node = self.parent
        while node and node.tag != tag:
            node = node.parent
        return node


class Tree(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.root = self.here = Node("", {})
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {k: v if v is not None else "" for k, v in attrs}, self.here)
        self.here.children.append(node)
        if tag not in VOID:
            self.here = node

    def handle_startendtag(self, tag, attrs):   # XHTML pages write <form/> only for void elements
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        node = self.here
        while node and node.tag != tag:
            node = node.parent
        if node and node.parent:
            self.here = node.parent

    def handle_data(self, data):
        self.here.children.append(data)


# ---- cookies -------------------------------------------------------------------------------------

@dataclass
class Cookie:
    host: str
    name: str
    value: str
    path: str
    same_site: str    # "none", "lax" (also where nothing is said), "strict"


def parse_cookie(header, host, request_path):
    """The cookie, or why a browser would not take it. Max-Age and Expires: only deletion counts."""
    first, *rest = [part.strip() for part in header.split(";")]
    name, _, value = first.partition("=")
    attrs = {}
    for part in rest:
        key, _, val = part.partition("=")
        attrs[key.lower()] = val
    secure = "secure" in attrs
    same_site = attrs.get("samesite", "lax").lower()
    path = attrs.get("path") or request_path.rpartition("/")[0] or "/"
    if same_site == "none" and not secure:
        return None, f"{name}: SameSite=None without Secure"
    if name.startswith("__Host-") and not (secure and attrs.get("path") == "/" and "domain" not in attrs):
        return None, f"{name}: __Host- needs Secure, Path=/ and no Domain"
    if name.startswith("__Secure-") and not secure:
        return None, f"{name}: __Secure- needs Secure"
    if secure and not is_loopback(host):
        return None, f"{name}: Secure over http"
    deleted = attrs.get("max-age", "1").lstrip("-").isdigit() and int(attrs.get("max-age", "1")) <= 0
    deleted = deleted or "1970" in attrs.get("expires", "")
    return Cookie(host, name, None if deleted else value, path, same_site), None


def is_loopback(host):
    return host in LOOPBACK or host.endswith(".localhost") or host.startswith("127.")


# ---- the browser ---------------------------------------------------------------------------------

@dataclass
class Page:
    url: str
    status: int
    headers: list
    body: str

    def __post_init__(self):
        self.tree = Tree(self.body).root

    @property
    def host(self):
        return urllib.parse.urlsplit(self.url).hostname

    def saml_form(self):
        """The form of a self-submitting page."""
        for form in self.tree.find("form"):
            if any(n.attrs.get("name") in ("SAMLRequest", "SAMLResponse") for n in form.find("input")):
                return form
        return None

    def login_form(self):
        for form in self.tree.find("form"):
            if any(n.attrs.get("type") == "password" for n in form.find("input")):
                return form
        return None

    def choices(self, name):
        """What can be clicked to choose `name`, the most explicit first."""
        nodes = list(self.tree.walk())
        named = lambda *tags: [n for n in nodes if n.tag in tags and name in n.text()]
        is_button = lambda n: n.inside("form") and (n.tag == "button" or n.tag == "input"
                                                    and n.attrs.get("type") in ("submit", "image"))
        buttons = [n for n in nodes if is_button(n) and name in n.text() + n.attrs.get("value", "")]
        links = [n for n in named("a") if n.attrs.get("href")]
        found = buttons + links + named("label") + named("option")
        # A heading with the name and a button "Select" after it.
        headings = [i for i, n in enumerate(nodes) if any(isinstance(c, str) and name in c for c in n.children)]
        after = [n for n in nodes[headings[0]:] if is_button(n)] if headings else []
        return found or after[:1]


class Browser:
    def __init__(self):
        self.cookies = {}
        self.hops = []

    # -- one request

    def send(self, method, url, form=None, referrer=None, forged=False, framed=False):
        """One request, no redirect followed. `referrer` is the page it was started from; `forged`
        marks what no party made, so that it is not judged; `framed`: for a frame of that page."""
        parts = urllib.parse.urlsplit(url)
        host, path = parts.hostname, parts.path or "/"
        target = path + (f"?{parts.query}" if parts.query else "")
        headers = {"Host": parts.netloc, "Accept": "text/html,*/*", "Accept-Language": "da,en;q=0.5",
                   "User-Agent": "interop-client"}
        cookies = self.cookies_for(host, path, method, referrer, framed)
        if cookies:
            headers["Cookie"] = "; ".join(f"{c.name}={c.value}" for c in cookies)
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            if referrer:
                origin = urllib.parse.urlsplit(referrer)
                headers["Origin"] = f"{origin.scheme}://{origin.netloc}"
        if parts.scheme != "http":
            raise ValueError(f"only http is spoken here: {url}")
        address = "127.0.0.1" if is_loopback(host) else host
        connection = http.client.HTTPConnection(address, parts.port or 80, timeout=TIMEOUT)
        try:
            connection.request(method, target, body=body, headers=headers)
            response = connection.getresponse()
            page = Page(url, response.status, response.getheaders(),
                        response.read().decode("utf-8", "replace"))
        finally:
            connection.close()
        refused = [why for why in (self.take_cookie(v, host, path) for k, v in page.headers
                                   if k.lower() == "set-cookie") if why]
        self.hops.append({"method": method, "url": url, "query": parts.query,
                          "form": [list(pair) for pair in form] if form is not None else None,
                          "cookies_sent": [c.name for c in cookies], "cookies_refused": refused,
                          "status": page.status, "location": self.location(page), "forged": forged})
        return page

    def cookies_for(self, host, path, method, referrer, framed):
        # Under .localhost every name is a site of its own, and so is an IP address.
        cross_site = referrer is not None and urllib.parse.urlsplit(referrer).hostname != host
        def goes_along(cookie):
            if cookie.host != host or not (path + "/").startswith(cookie.path.rstrip("/") + "/"):
                return False
            if not cross_site or cookie.same_site == "none":
                return True
            return cookie.same_site == "lax" and method == "GET" and not framed
        return [c for c in self.cookies.values() if goes_along(c)]

    def take_cookie(self, header, host, path):
        cookie, refused = parse_cookie(header, host, path)
        if cookie:
            key = (host, cookie.path, cookie.name)
            if cookie.value is None:
                self.cookies.pop(key, None)
            else:
                self.cookies[key] = cookie
        return refused

    @staticmethod
    def location(page):
        return next((v for k, v in page.headers if k.lower() == "location"), None)

    # -- navigation

    def open(self, method, url, form=None, referrer=None, forged=False, framed=False):
        """A request and its redirects. An absolute Location is used octet for octet."""
        page = self.send(method, url, form, referrer, forged=forged, framed=framed)
        for _ in range(MAX_STEPS):
            location = self.location(page)
            if page.status not in (301, 302, 303, 307, 308) or not location:
                return page
            if not location.startswith("http"):
                location = urllib.parse.urljoin(page.url, location)
            if page.status in (301, 302, 303):
                method, form = "GET", None
            page = self.send(method, location, form, referrer, framed=framed)
        raise RuntimeError(f"too many redirects at {page.url}")

    def get(self, url):
        return self.open("GET", url)

    def submit(self, page, form, filled=None, button=None):
        method, url, fields = form_request(page, form, filled, button)
        if method == "GET":
            return self.open("GET", url.partition("?")[0] + "?" + urllib.parse.urlencode(fields),
                             referrer=page.url)
        return self.open("POST", url, fields, referrer=page.url)

    def click(self, page, node):
        """A button, link, label or option found by Page.choices."""
        if node.tag == "a":
            return self.open("GET", urllib.parse.urljoin(page.url, node.attrs["href"]), referrer=page.url)
        form = node.inside("form")
        if node.tag in ("button", "input"):
            return self.submit(page, form, button=node)
        if node.tag == "option":
            select = node.inside("select")
            return self.submit(page, form, {select.attrs["name"]: node.attrs.get("value", node.text())},
                               first_button(form))
        inner = node.find("input")
        target = inner[0] if inner else next(
            n for n in page.tree.find("input") if n.attrs.get("id") == node.attrs.get("for"))
        form = target.inside("form")
        return self.submit(page, form, {target.attrs["name"]: target.attrs.get("value", "on")},
                           first_button(form))

    def login(self, page, user, password, idp_name=None, stop_at=None):
        """On from `page` until it asks for nothing more that we know. `stop_at(url)`: hand back the
        page whose SAML form would go there, instead of sending it."""
        tried = False
        for _ in range(MAX_STEPS):
            if form := page.saml_form():
                if stop_at and stop_at(form_request(page, form)[1]):
                    return page
                page = self.submit(page, form)
            elif form := page.login_form():
                if tried:
                    return page     # wrong password: do not hammer
                tried = True
                names = {n.attrs.get("type", "text"): n.attrs.get("name") for n in form.find("input")
                         if n.attrs.get("name")}
                page = self.submit(page, form, {names["text"]: user, names["password"]: password},
                                   first_button(form))
            elif idp_name and (choices := page.choices(idp_name)):
                page = self.click(page, choices[0])
            else:
                return page
        raise RuntimeError(f"no end at {page.url}")

    def save(self, path):
        with open(path, "w", encoding="utf-8") as out:
            json.dump({"hops": self.hops}, out, indent=1, ensure_ascii=False)


def first_button(form):
    for node in form.find("button", "input"):
        if node.tag == "button" and node.attrs.get("type", "submit") == "submit" or node.attrs.get("type") == "submit":
            return node
    return None


def form_request(page, form, filled=None, button=None):
    """(method, url, fields) of a form as a browser would send it: successful controls only."""
    filled = dict(filled or {})
    fields = []
    for node in form.find("input", "select", "textarea"):
        name, kind = node.attrs.get("name"), node.attrs.get("type", "text").lower()
        if not name or "disabled" in node.attrs or kind in ("submit", "button", "image", "reset"):
            continue
        if name in filled:
            if kind == "radio" and node.attrs.get("value") != filled[name]:
                continue
            fields.append((name, filled.pop(name)))
        elif kind in ("radio", "checkbox"):
            if "checked" in node.attrs and name not in [n for n, _ in fields]:
                fields.append((name, node.attrs.get("value", "on")))
        elif node.tag == "select":
            options = node.find("option")
            chosen = [o for o in options if "selected" in o.attrs] or options[:1]
            fields += [(name, o.attrs.get("value", o.text())) for o in chosen]
        elif node.tag == "textarea":
            fields.append((name, node.text()))
        else:
            fields.append((name, node.attrs.get("value", "")))
    if button is not None and button.attrs.get("name"):
        fields.append((button.attrs["name"], button.attrs.get("value", "")))
    action = (button.attrs.get("formaction") if button is not None else None) or form.attrs.get("action") or page.url
    return form.attrs.get("method", "get").upper(), urllib.parse.urljoin(page.url, action), fields


def main():
    if len(sys.argv) != 3 or sys.argv[1] != "get":
        sys.exit(__doc__)
    page = Browser().get(sys.argv[2])
    sys.stdout.write(page.body)
    sys.exit(0 if 200 <= page.status < 300 else 1)


if __name__ == "__main__":
    main()
