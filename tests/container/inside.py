"""The second half of `run`: starts the assembled image and looks at it. Runs in mount, process and network namespaces
of its own, so that the ports are free, the root can be made read-only, and nothing reaches the network.

    inside.py PLAN.json"""
import ctypes
import errno
import fcntl
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import xml.etree.ElementTree
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

HERE = os.path.dirname(os.path.abspath(__file__))
# The container's address for others, as an engine would give it one. Documentation's and nobody's.
OUTSIDE = "192.0.2.2"
# What an engine would publish the port as, where the caller asks for any.
PUBLISHED = 49152
STOP_SECONDS = 10       # then an engine kills


def fail(why):
    sys.exit(f"FAILED: container: {why}")


def ok(what):
    print(f"ok  {what}", flush=True)


# ---- the machine around it ---------------------------------------------------------------------------

def interface(name, address):
    """Gives an interface an IPv4 address and switches it on."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        def call(number, value):
            fcntl.ioctl(control, number, struct.pack("16s", name.encode()) + value)
        call(0x8916, struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(address)))   # SIOCSIFADDR
        call(0x8914, struct.pack("H", 0x41))                                                 # SIOCSIFFLAGS: up, running


def make_read_only(root):
    libc = ctypes.CDLL(None, use_errno=True)
    ms_rdonly, ms_remount, ms_bind, ms_rec, ms_private = 1, 32, 4096, 16384, 1 << 18
    for source, target, flags in ((None, b"/", ms_rec | ms_private),
                                  (root.encode(), root.encode(), ms_bind),
                                  (None, root.encode(), ms_remount | ms_bind | ms_rdonly)):
        if libc.mount(source, target, None, flags, None) != 0:
            fail(f"mount {target}: {os.strerror(ctypes.get_errno())}")
    try:
        open(os.path.join(root, "written"), "w", encoding="ascii").close()
    except OSError as error:
        if error.errno == errno.EROFS:
            return
        raise
    fail(f"{root} can be written")


class Names(threading.Thread):
    """A name server that knows one name, and remembers what it was asked."""

    def __init__(self, name):
        super().__init__(daemon=True)
        self.name, self.asked = name, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))

    def run(self):
        while True:
            query, client = self.socket.recvfrom(512)
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            kind = struct.unpack(">H", query[at + 1:at + 3])[0]
            self.asked.append(".".join(labels))
            known = self.asked[-1] == self.name
            answer = known and kind == 1
            head = query[:2] + struct.pack(">HHHHH", 0x8180 if known else 0x8183, 1, int(answer), 0, 0)
            body = query[12:at + 5]
            if answer:
                body += struct.pack(">HHHIH4s", 0xC00C, 1, 1, 60, 4, socket.inet_aton(OUTSIDE))
            self.socket.sendto(head + body, client)


class Visited(threading.Thread):
    """Counts who connects, and says nothing."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.count = 0
        self.socket = socket.create_server((OUTSIDE, port))

    def run(self):
        while True:
            self.socket.accept()[0].close()
            self.count += 1


class FromOutside(http.client.HTTPConnection):
    """Whatever name is asked for: through the container's own address, as a published port comes in."""

    def __init__(self, _host, port=None, **rest):
        super().__init__(OUTSIDE, 7878 if port == PUBLISHED else port, **rest)


# ---- the container ---------------------------------------------------------------------------------

class Image:
    def __init__(self, plan):
        self.plan = plan
        self.program = plan["entrypoint"]

    def command(self, arguments, env):
        # An engine adds PATH, and no HOME for a user without a name.
        every = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"} | self.plan["env"] | env
        return [sys.executable, os.path.join(HERE, "enter.py"), self.plan["root"], str(self.plan["uid"]),
                str(self.plan["gid"]), self.plan["workdir"], *(f"{k}={v}" for k, v in every.items()), "--", *arguments]

    def run(self, arguments, env=None):
        """`docker run --rm`, or `docker exec` while one runs."""
        return subprocess.run(self.command(arguments, env or {}), stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=120)

    def is_well(self):
        return self.run(self.plan["health"]).returncode == 0


class Running:
    """`docker run`: the program is process 1 of its own."""

    def __init__(self, image, env):
        self.image = image
        if image.is_well():
            fail("the health check is content before anything runs")
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            ["unshare", "--pid", "--fork", "--kill-child", *image.command(image.program + image.plan["command"], env)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        limit = self.began + image.plan["start_period"]
        while not image.is_well():
            if self.process.poll() is not None:
                fail(f"ended with {self.process.returncode}: {self.process.stderr.read()[-2000:]}")
            if time.monotonic() > limit:
                fail(f"the health check is not content after {image.plan['start_period']} s")
            time.sleep(0.05)
        self.well_after = time.monotonic() - self.began
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as children:
            self.pid = int(children.read())

    def status(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as lines:
            return {key: value.split() for key, _, value in (line.partition(":") for line in lines)}

    def stop(self):
        began = time.monotonic()
        os.kill(self.pid, signal.SIGTERM)
        try:
            out, talk = self.process.communicate(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            fail(f"still there {STOP_SECONDS} s after SIGTERM")
        if self.process.returncode != 0:
            fail(f"SIGTERM: ended with {self.process.returncode}: {talk[-2000:]}")
        return time.monotonic() - began, out


def listening():
    """(address, port) of every TCP socket that listens in this network namespace."""
    for family, name in ((socket.AF_INET, "tcp"), (socket.AF_INET6, "tcp6")):
        with open(f"/proc/net/{name}", encoding="ascii") as lines:
            for line in list(lines)[1:]:
                _, local, _, state = line.split()[:4]
                address, port = local.split(":")
                if state == "0A":
                    words = [int(address[at:at + 8], 16) for at in range(0, len(address), 8)]
                    octets = b"".join(word.to_bytes(4, sys.byteorder) for word in words)
                    yield socket.inet_ntop(family, octets), int(port, 16)


# ---- what is looked at -----------------------------------------------------------------------------

def load(name, path):
    loader = SourceFileLoader(name, path)
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


def metadata(port):
    connection = FromOutside("hub", port, timeout=10)
    connection.request("GET", "/runtime/saml2/metadata.idp", headers={"Host": f"hub.localhost:{port}"})
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != 200 or f'entityID="http://hub.localhost:{port}/runtime"' not in text:
        fail(f"metadata at port {port}: {answer.status}: {text[:300]}")
    return text


def log_in(visitor, port):
    page = visitor("anna").log_in(f"http://borgerportal.localhost:{port}/log-ind",
                                  f"http://eksempelstrup.localhost:{port}/metadata")
    if page.status != 200 or "Logget ind" not in page.body:
        fail(f"login ended with {page.status} at {page.url}: {page.tree.text()[:500]}")


def demo(image, visitor):
    """The image as it is, and with a published port."""
    plan = image.plan
    running = Running(image, {})
    ok(f"healthy after {running.well_after * 1000:.0f} ms, read-only, without HOME and /tmp; before that it was not")
    status = running.status()
    if set(status["Uid"]) != {str(plan["uid"])} or set(status["Gid"]) != {str(plan["gid"])} or plan["uid"] == 0:
        fail(f"runs as {status['Uid']}, {status['Gid']}")
    if status["Groups"] or int(status["CapEff"][0], 16) != 0 or status["NSpid"][-1] != "1":
        fail(f"groups {status['Groups']}, capabilities {status['CapEff']}, pid {status['NSpid']}")
    ok(f"uid {plan['uid']}, no groups, no capabilities, pid 1; {int(status['VmRSS'][0]) / 1e3:.1f} MB resident")
    sockets = set(listening())
    if {port for address, port in sockets if not address.startswith("127.")} != set(plan["exposed"]):
        fail(f"listens at {sockets}; EXPOSE {plan['exposed']}")
    for _, port in sockets:
        reached = True
        try:
            socket.create_connection((OUTSIDE, port), timeout=5).close()
        except ConnectionRefusedError:
            reached = False
        if reached != (port in plan["exposed"]):
            fail(f"port {port} from outside: {reached}")
    ok(f"reached from outside: {plan['exposed']}; listens at {sorted(sockets)}")
    log_in(visitor, 7878)
    ok("login from outside")
    flows = image.run(image.program + ["flows", "list"])
    if flows.returncode != 0 or "Borgerportalen" not in flows.stdout:
        fail(f"exec flows list: {flows.returncode}: {flows.stdout}{flows.stderr}")
    ok("exec: flows list has it")
    fetched = image.run(image.program + ["lint", "http://borgerportal.localhost:7878/metadata", "--role", "system",
                                         "--online"])
    if fetched.returncode not in (0, 1):
        fail(f"lint --online of metadata in the container: {fetched.returncode}: {fetched.stderr}")
    ok("exec: fetched metadata over http")
    first = metadata(7878)
    took, _ = running.stop()
    ok(f"SIGTERM: exit 0 after {took * 1000:.0f} ms")

    running = Running(image, {"VEJVISER_PUBLIC_URL": f"http://hub.localhost:{PUBLISHED}", "VEJVISER_READY_JSON": "1"})
    log_in(visitor, PUBLISHED)
    metadata(PUBLISHED)
    _, out = running.stop()
    if json.loads(out)["public_url"] != f"http://hub.localhost:{PUBLISHED}":
        fail(f"ready line: {out[:300]}")
    ok(f"port 7878 published as {PUBLISHED}: login, metadata and ready line say {PUBLISHED}")

    running = Running(image, {})
    if metadata(7878) != first:
        fail("the hub's metadata is not the same bytes at the next start")
    running.stop()
    ok("the hub's metadata is the same bytes at every start")


def names(image):
    """A static program still resolves names, by hosts and by DNS."""
    server, door = Names("metadata.example"), Visited(443)
    server.start()
    door.start()
    for count, name in enumerate(("metadata.example", "hosts.example"), 1):
        came = image.run(image.program + ["lint", f"https://{name}/metadata.xml", "--role", "system", "--online"])
        if came.returncode != 4 or door.count != count:
            fail(f"{name}: exit {came.returncode}, {door.count} visits, asked {server.asked}: {came.stderr}")
    if set(server.asked) != {"metadata.example"}:
        fail(f"the name server was asked {server.asked}")
    came = image.run(image.program + ["lint", "https://nobody.example/metadata.xml", "--role", "system", "--online"])
    if came.returncode != 4 or door.count != 2:
        fail(f"nobody.example: exit {came.returncode}, {door.count} visits")
    ok("names: by DNS, by hosts; one that nobody has leads nowhere")


def test_system(image):
    """`test-system --demo` by environment alone, once there is such a command."""
    commands = image.run(image.program + ["--help"]).stdout
    if "test-system" not in commands:
        print("--  no test-system in this program", flush=True)
        return
    came = image.run(image.program + ["test-system"], {"VEJVISER_DEMO": "1", "VEJVISER_FORMAT": "junit"})
    if came.returncode != 0:
        fail(f"test-system --demo: {came.returncode}: {came.stdout[-1000:]}{came.stderr[-1000:]}")
    cases = xml.etree.ElementTree.fromstring(came.stdout).findall(".//testcase")
    if len(cases) < 10:
        fail(f"test-system --demo: {len(cases)} cases in JUnit")
    ok(f"test-system --demo: exit 0, {len(cases)} cases in JUnit")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        image = Image(json.load(file))
    interface("lo", "127.0.0.1")
    interface("lo:1", OUTSIDE)
    make_read_only(image.plan["root"])
    footprint = load("footprint", os.path.join(HERE, "..", "bench", "footprint"))
    http.client.HTTPConnection = FromOutside
    version = image.run(image.program + ["--version"]).stdout.split()
    if version != ["vejviser", image.plan["version"]]:
        fail(f"--version says {version}, the label {image.plan['version']}")
    ok(f"version {image.plan['version']}, as labelled")
    demo(image, footprint.Visitor)
    names(image)
    test_system(image)


if __name__ == "__main__":
    main()
