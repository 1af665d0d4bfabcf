#!/usr/bin/env python3
"""test-system against systems that nobody here wrote.

    systems.py --work DIR --hub BINARY --venv DIR
"""
import argparse
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


def environment(venv):
    """Python with python3-saml and jsonschema, in an environment of its own with every version pinned."""
    pinned = HERE / "etc" / "systems.requirements.txt"
    done = venv / "pinned.txt"
    if not done.exists() or done.read_text() != pinned.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        pip = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", pinned], check=True)
        done.write_text(pinned.read_text())
    return venv / "bin" / "python"


class Refresh:
    """What fetches the hub's metadata into the file that mod_shib reads: a supplier's timer, run at once."""

    def __init__(self, url, file):
        self.url, self.file, self.stamp = url, pathlib.Path(file), int(time.time()) - 100000
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
        # mod_shib compares whole seconds.
        self.stamp += 1
        os.utime(fresh, (self.stamp, self.stamp))
        fresh.replace(self.file)


class Stage:
    def __init__(self, given):
        self.given, self.work = given, pathlib.Path(given.work)
        self.python = environment(pathlib.Path(given.venv))
        self.passed = self.failed = 0

    def check(self, what, ok, found=""):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {what}: {found}")
        return ok

    def test_system(self, name, known, port, login, **flags):
        """A whole run; what came of each case, against what is known of the system."""
        command = [self.given.hub, "test-system", "--login-url", login, "--listen", f"127.0.0.1:{port}",
                   "--manage", "127.0.0.1:0", "--run", f"interop-{name}", "--ca", self.work / "keys/tls.crt",
                   "--format", "json", "--output", f"html={self.work}/system-{name}.html"]
        for flag, value in flags.items():
            command += [f"--{flag.replace('_', '-')}", value]
        began = time.monotonic()
        done = subprocess.run(command, capture_output=True, text=True, timeout=120)
        (self.work / f"system-{name}.json").write_text(done.stdout)
        (self.work / "log" / f"test-system-{name}.err").write_text(done.stderr)
        print(f"{name}: exit {done.returncode} after {time.monotonic() - began:.1f} s")
        return done


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--work", required=True)
    options.add_argument("--hub", required=True)
    options.add_argument("--venv", required=True)
    options.add_argument("--shib", required=True)
    options.add_argument("--port", type=int, required=True)
    given = options.parse_args()
    stage = Stage(given)
    import ssl
    context = ssl.create_default_context(cafile=f"{given.work}/keys/tls.crt")
    port = given.shib.rsplit(":")[-1]
    class C(urllib.request.HTTPSHandler): pass
    socket_getaddrinfo = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *a, **k: socket_getaddrinfo("127.0.0.1" if host.endswith(".localhost") else host, *a, **k)
    with urllib.request.urlopen(given.shib + "/Shibboleth.sso/Metadata", context=context) as a:
        (stage.work / "metadata/proeve.xml").write_bytes(a.read())
    refresh = Refresh(f"http://hub.localhost:{given.port}/runtime/saml2/metadata.idp", stage.work / "proeve-hub.xml")
    shib = given.shib
    stage.test_system("mod_shib", {}, given.port, f"{shib}/Shibboleth.sso/Login?target=/inde/", metadata=f"{given.work}/metadata/proeve.xml",
        probe_url=f"{shib}/inde/", logout_url=f"{shib}/Shibboleth.sso/Logout", step_up_url=f"{shib}/inde/frisk", refresh_url=refresh.address)


if __name__ == "__main__":
    main()
