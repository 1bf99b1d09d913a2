"""The image, running as a container: hardened as container/README.md says."""

import json
import os
import re
import ssl
import subprocess
import time
import urllib.request
from pathlib import Path

from processes import TICKS, Process, children, cpu_seconds
from waiting import eventually

IMAGE = "deskroom"
ROOT = Path(__file__).parent.parent.parent
# The machine of a test may have few rights itself: limits are those of this process, and control groups stay as they are.
LOOSE = ["--cgroups=disabled", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096", "--network", "host"]
HARDENED = [
    "--read-only", "--read-only-tmpfs=false", "--cap-drop", "all", "--security-opt", "no-new-privileges",
    "--tmpfs", "/tmp:mode=1777,size=256m", "--tmpfs", "/var/lib/deskroom:mode=1777",
]
ANY_CERTIFICATE = ssl._create_unverified_context()


def podman(*arguments, check=True):
    return subprocess.run(
        ["podman", "--runtime", "crun", *map(str, arguments)], check=check, capture_output=True, text=True
    )


class Container:
    """`podman run` of the image; `stop` removes it."""

    def __init__(self, folder, *command, options=HARDENED, port=8443, keep=False, **settings):
        self.folder = Path(folder)
        self.name = f"deskroom-test-{os.getpid()}-{time.monotonic_ns()}"
        self.port = port
        values = {"HTTP_PORT": str(port), "MEDIA_PORT": str(port + 1000), "MEDIA_ADDRESSES": "127.0.0.1", **settings}
        environment = [word for key, value in values.items() for word in ("--env", f"DESKROOM_{key}={value}")]
        remove = [] if keep else ["--rm"]
        self.process = Process(
            ["podman", "--runtime", "crun", "run", *remove, "--name", self.name, *LOOSE, *options, *environment, IMAGE, *command],
            self.folder / "container.log", {**os.environ},
        )

    def log(self):
        return (self.folder / "container.log").read_text(errors="replace")

    def ended(self, within=60):
        """Its exit status, once it has ended."""
        return self.process.child.wait(within)

    @property
    def pid(self):
        """The first process, as this machine numbers it."""
        answer = podman("inspect", "--format", "{{.State.Pid}}", self.name, check=False).stdout.strip()
        return int(answer) if answer.isdigit() and int(answer) else None

    def health(self):
        """What `/healthz` says; `None` while nobody answers."""
        for scheme in ("https", "http"):
            try:
                with urllib.request.urlopen(
                    f"{scheme}://127.0.0.1:{self.port}/healthz", timeout=5, context=ANY_CERTIFICATE if scheme == "https" else None
                ) as answer:
                    return json.load(answer)
            except OSError:
                continue
        return None

    def wait_for_desk(self):
        """Seconds from the start of the first process to an answer, and to a desk that is connected."""
        def answer():
            assert self.process.is_running(), f"the container ended:\n{self.log()}"
            return self.health()

        pid = eventually(lambda: self.pid, every=0.005, what=lambda: f"the container starts:\n{self.log()}")
        began = started(pid)
        eventually(answer, 90, every=0.01, what=lambda: f"the room answers:\n{self.log()}")
        ready = now() - began
        eventually(lambda: answer()["isDeskConnected"], 90, every=0.01, what=lambda: f"the desk is there:\n{self.log()}")
        return ready, now() - began

    def execute(self, *command, check=True):
        return podman("exec", self.name, *command, check=check)

    def links(self):
        """The printed links, by role, at an address that is reached from here."""
        found = eventually(
            lambda: dict(re.findall(r"^Link for the (\w+): \S+/#(token=\S+)$", self.log(), re.MULTILINE)), what="the links",
        )
        return {role: f"https://127.0.0.1:{self.port}/#{token}" for role, token in found.items()}

    def processes(self):
        """Those of the container: {pid: command line}."""
        pid = self.pid
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        return {pid: line, **children(pid)}

    def stop(self):
        podman("rm", "--force", "--time", "10", self.name, check=False)
        if self.process.is_running():
            self.process.stop()


def now():
    """Seconds since the machine started, as processes are stamped."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def started(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]) / TICKS


def proportional_bytes(pid):
    """What of the machine's memory a process accounts for: its own, and its share of what it has in common with others."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no Pss")


PARTS = {
    "X server": r"Xvfb", "desk process": r"deskroom desk ", "room": r"deskroom room ", "keeper": r"deskroom serve",
    "window manager": r"openbox",
    "sound": r"pulseaudio",
}


def part(line):
    return next((name for name, words in PARTS.items() if re.search(words, line)), "activity")


def memory(processes):
    """Bytes of each part."""
    found = {}
    for pid, line in processes.items():
        found[part(line)] = found.get(part(line), 0) + proportional_bytes(pid)
    return found


def cpu(processes, seconds):
    """Share of one processor that each part uses in the next seconds."""
    before = {pid: cpu_seconds(pid) for pid in processes}
    time.sleep(seconds)
    found = {}
    for pid, line in processes.items():
        found[part(line)] = found.get(part(line), 0) + (cpu_seconds(pid) - before[pid]) / seconds
    return found
