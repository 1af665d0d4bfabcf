#!/usr/bin/env python3
"""The provisioning interface against its own description, by Schemathesis.

    provisioning.py --work DIR --hub BINARY --venv DIR [--seconds N]

Starts a `serve` of its own, and sends it whatever the description (CH.json of the public material, read in place) allows
and a good deal that it does not. No answer may be a server error, or have a status, a content type or a body that the
description does not know. The seed is fixed. Where the material is absent, it says SKIPPED and passes.

Random ids lead nowhere, so provisioning_hooks.py puts in those of objects that it registers.
"""
import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
CHECKS = "no_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
LEAST = 75   # operations; the description has two more, which validate metadata


def spec():
    shared = os.environ.get("VEJVISER_SHARED") or HERE.parent.parent.parent / "shared"
    return pathlib.Path(shared) / "spec" / "CH.json"


def schemathesis(venv):
    """The program, in an environment of its own with every version pinned."""
    program = venv / "bin" / "schemathesis"
    pinned = HERE / "etc" / "provisioning.requirements.txt"
    done = venv / "pinned.txt"
    if not done.exists() or done.read_text() != pinned.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        pip = [venv / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", pinned], check=True)
        done.write_text(pinned.read_text())
    return program


def serve(hub, work):
    """A hub with nobody registered, and its ready line."""
    for name in ("hub", "idp", "system"):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "90",
                        "-subj", f"/C=DK/O=Interop/organizationIdentifier=NTRDK-11111111/CN={name}",
                        "-keyout", f"{work}/{name}.key", "-out", f"{work}/{name}.crt"], check=True, capture_output=True)
    config = work / "federation.toml"
    config.write_text('[[hub.keys]]\ncertificate = "hub.crt"\nkey = "hub.key"\n')
    ready = work / "ready.json"
    log = open(work / "serve.log", "wb")
    process = subprocess.Popen([hub, "serve", "--config", config, "--store", work / "store.db", "--listen", "127.0.0.1:0",
                                "--manage", "127.0.0.1:0", "--ready-file", ready], stdout=log, stderr=log)
    deadline = time.monotonic() + 60
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit(f"FAILED: provisioning: the hub does not come up:\n{(work / 'serve.log').read_text()}")
        time.sleep(0.1)
    return process, json.loads(ready.read_text())


def validates(url, token):
    """Whether the operations that validate metadata are served."""
    request = urllib.request.Request(f"{url}/Validation/IdentityProviderSamlMetadata", method="POST", data=b"{}",
                                     headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"})
    try:
        urllib.request.urlopen(request, timeout=30)
    except urllib.error.HTTPError as error:
        return error.code != 404
    return True


def main():
    # Told to stop, it ends what it started too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--hub", required=True)
    parser.add_argument("--venv", required=True, type=pathlib.Path)
    parser.add_argument("--seconds", default="120")
    args = parser.parse_args()
    description = spec()
    if not description.exists():
        print(f"SKIPPED: {description} is absent; this stage reads public material that the project does not ship")
        return
    work = args.work / "provisioning"
    work.mkdir(parents=True, exist_ok=True)
    program = schemathesis(args.venv)
    process, ready = serve(args.hub, work)
    try:
        url, token = ready["manage_url"], ready["manage_token"]
        command = [program, "run", description, "--url", url, "--header", f"Authorization: Bearer {token}",
                   "--checks", CHECKS, "--seed", "20241", "--max-time", args.seconds, "--generation-database", "none",
                   "--continue-on-failure", "--no-color", "--warnings", "off",
                   # What it makes up is filtered by what it learnt, and machines are shared: neither is the hub's fault.
                   "--suppress-health-check", "filter_too_much,too_slow"]
        if not validates(url, token):
            command += ["--exclude-path-regex", "^/Validation/"]
        environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1",
                       "SCHEMATHESIS_HOOKS": "provisioning_hooks", "MANAGE_URL": url, "MANAGE_TOKEN": token, "WORK": str(work)}
        ran = subprocess.run(command, env=environment, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True, timeout=900)
        (work / "schemathesis.txt").write_text(ran.stdout)
        tested = re.search(r"Tested: (\d+)", ran.stdout)
        enough = tested is not None and int(tested[1]) >= LEAST
        reached = json.loads((work / "reached.json").read_text())
        # Whoever answers 400 to everything breaks no rule of the description either.
        good = reached.get("200", 0)
        if ran.returncode != 0 or not enough or good < 200 or process.poll() is not None:
            print(ran.stdout[-20000:])
            print((work / "serve.log").read_text()[-4000:])
            sys.exit(f"FAILED: provisioning: exit {ran.returncode}, tested {tested and tested[1]}, answers {reached}")
        print(f"{tested[1]} operations, answers by status: {reached}")
    finally:
        process.terminate()
        process.wait(timeout=20)


if __name__ == "__main__":
    main()
