#!/usr/bin/env python3
"""Links of the book as it was built: every one leads to a file that is there, and to an anchor of it.

    built.py FOLDER     the folder with a book for each language; exit 1 where a link leads nowhere

The tests look at the pages as they are written; this looks at what a reader opens. Addresses of hosts are not asked: those that
stand in the book are this machine's, or invented.
"""
import pathlib
import sys
import urllib.parse
from html.parser import HTMLParser


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.anchors, self.links = {""}, []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("id", "name") and (name == "id" or tag == "a"):
                self.anchors.add(value)
            if name in ("href", "src") and value:
                self.links.append(value)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[1]).resolve()
    pages = {path: Page(path) for path in sorted(root.rglob("*.html"))}
    followed, wrong = 0, []
    for path, page in pages.items():
        if path.name == "404.html":     # its links are those of a site's root
            continue
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            followed += 1
            target = (path.parent / urllib.parse.unquote(parts.path)).resolve() if parts.path else path
            anchor = urllib.parse.unquote(parts.fragment)
            if root not in target.parents or not target.is_file():
                wrong.append(f"{path.relative_to(root)}: {link}: no such file")
            elif target in pages and anchor not in pages[target].anchors:
                wrong.append(f"{path.relative_to(root)}: {link}: no such anchor")
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(f"{len(pages)} pages, {followed} links, {len(wrong)} lead nowhere")
    # A book without links was not read.
    sys.exit(1 if wrong or followed < 1000 else 0)


if __name__ == "__main__":
    main()
