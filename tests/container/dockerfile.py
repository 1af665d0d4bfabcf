"""Reads a Dockerfile and a .dockerignore, as far as ours go. What is not understood is refused, never passed over."""
import json
import os
import re
import shlex
from dataclasses import dataclass, field


class Odd(Exception):
    """The file says something that this reader does not know."""


@dataclass
class Stage:
    base: str
    name: str | None
    workdir: str = "/"
    env: dict = field(default_factory=dict)
    labels: dict = field(default_factory=dict)
    copies: list = field(default_factory=list)     # (stage or None, sources, target)
    runs: list = field(default_factory=list)
    user: str = "0"
    exposed: list = field(default_factory=list)
    entrypoint: list = field(default_factory=list)
    command: list = field(default_factory=list)
    health: list = field(default_factory=list)
    health_options: dict = field(default_factory=dict)


def instructions(text):
    """(keyword, rest), continued lines joined, comments left out."""
    joined = ""
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            continue
        joined += line.rstrip()
        if joined.endswith("\\"):
            joined = joined[:-1] + " "
            continue
        if joined.strip():
            keyword, _, rest = joined.strip().partition(" ")
            yield keyword.upper(), rest.strip()
        joined = ""
    if joined.strip():
        raise Odd(f"a line goes on after the end: {joined}")


def exec_form(rest):
    """["a", "b"]: in an image without a shell nothing else can be run."""
    try:
        words = json.loads(rest)
    except ValueError as error:
        raise Odd(f"not in exec form: {rest}") from error
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise Odd(f"not in exec form: {rest}")
    return words


def pairs(rest):
    return dict(word.split("=", 1) for word in shlex.split(rest))


def options(rest):
    """--name=value in front, and what follows."""
    found = {}
    while match := re.match(r"--([a-z-]+)=(\S+)\s+", rest):
        found[match[1]] = match[2]
        rest = rest[match.end():]
    return found, rest


def read(text):
    """The stages, in order."""
    stages = []
    for keyword, rest in instructions(text):
        if keyword == "FROM":
            match = re.fullmatch(r"(\S+)(?:\s+[Aa][Ss]\s+(\S+))?", rest)
            if not match or match[1].startswith("--"):
                raise Odd(f"FROM {rest}")
            stages.append(Stage(match[1], match[2]))
            continue
        if not stages:
            raise Odd(f"{keyword} before FROM")
        stage = stages[-1]
        if keyword == "WORKDIR":
            stage.workdir = rest
        elif keyword == "ENV":
            stage.env |= pairs(rest)
        elif keyword == "LABEL":
            stage.labels |= pairs(rest)
        elif keyword == "COPY":
            given, rest = options(rest)
            if set(given) - {"from"} or rest.startswith("--"):
                raise Odd(f"COPY {rest} with {given}")
            *sources, target = shlex.split(rest)
            stage.copies.append((given.get("from"), sources, target))
        elif keyword == "RUN":
            if rest.startswith("--") or "<<" in rest:
                raise Odd(f"RUN {rest}")
            stage.runs.append(rest)
        elif keyword == "USER":
            stage.user = rest
        elif keyword == "EXPOSE":
            stage.exposed += [int(port) for port in rest.split()]
        elif keyword == "ENTRYPOINT":
            stage.entrypoint = exec_form(rest)
        elif keyword == "CMD":
            stage.command = exec_form(rest)
        elif keyword == "HEALTHCHECK":
            stage.health_options, rest = options(rest)
            if not rest.startswith("CMD "):
                raise Odd(f"HEALTHCHECK {rest}")
            stage.health = exec_form(rest[4:])
        else:
            raise Odd(f"{keyword} {rest}")
    return stages


def seconds(text):
    """5s, 1m."""
    match = re.fullmatch(r"(\d+)(s|m)", text)
    if not match:
        raise Odd(f"a time: {text}")
    return int(match[1]) * {"s": 1, "m": 60}[match[2]]


class Ignored:
    """A .dockerignore of names, `*` and exceptions; the last line that fits a path decides."""

    def __init__(self, text):
        self.rules = []
        for line in text.splitlines():
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            wanted, pattern = line.startswith("!"), line.lstrip("!").strip("/")
            if pattern != "*" and not re.fullmatch(r"[\w./-]+", pattern):
                raise Odd(f".dockerignore: {line}")
            self.rules.append((pattern, wanted))

    def takes(self, path):
        """Whether a path, relative to the context, comes along."""
        comes = True
        for pattern, wanted in self.rules:
            if pattern == "*" or path == pattern or path.startswith(pattern + "/"):
                comes = wanted
        return comes

    def context(self, root):
        """Every file that comes along. A folder that no exception is about is not gone into."""
        for folder, below, names in os.walk(root):
            here = os.path.relpath(folder, root)
            below[:] = [name for name in below if self.takes(os.path.normpath(os.path.join(here, name)))]
            for name in names:
                path = os.path.normpath(os.path.join(here, name))
                if self.takes(path):
                    yield path
