"""The binary under test, running as a room."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import urllib.request
from pathlib import Path

from desk import HEIGHT, WIDTH, environment
from processes import Process, children
from waiting import eventually

ROOT = Path(__file__).parent.parent.parent
BINARY = Path(os.environ.get("DESKROOM_BINARY", ROOT / ".build/release/deskroom"))


def free_udp_port():
    """A UDP port that nobody uses just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Room:
    """`deskroom serve`, attached to `desk`, or with a desk of its own when that is `None`; run by `prefix`."""

    def __init__(self, folder, desk=None, prefix=(), **settings):
        self.folder = Path(folder)
        self.media_port = free_udp_port()
        values = {
            "HTTP_PORT": "0", "MEDIA_PORT": str(self.media_port), "LOG_LEVEL": "debug",
            "ACCESS_OPEN": "true", "DESK_WIDTH": str(WIDTH), "DESK_HEIGHT": str(HEIGHT), "DESK_WM": "", "DESK_APPS": "",
            # A test that ends does not wait for its pages.
            "LIFE_GRACE": "0",
        }
        if desk:
            values.update(DESK_DISPLAY=desk.x.display, DESK_SOUND=desk.sound.server)
        values.update(settings)
        assert BINARY.exists(), f"no {BINARY}: swift build -c release --product deskroom"
        self.process = Process(
            [*prefix, BINARY, "serve"], self.folder / "room.log",
            environment(self.folder, **{f"DESKROOM_{key}": value for key, value in values.items()}),
            stdout=subprocess.PIPE, text=True,
        )
        self.pid = self.process.pid
        self.printed = []
        self.ending = 0
        threading.Thread(target=self._read, daemon=True).start()
        eventually(lambda: self.address or not self.process.is_running(), what="the room's address")
        assert self.address, f"the room ended at once:\n{self.log()}"

    def _read(self):
        for line in self.process.child.stdout:
            self.printed.append(line)

    @property
    def address(self):
        found = re.search(r"^Deskroom is ready: (http\S+)$", "".join(self.printed), re.MULTILINE)
        return found and found[1]

    def child(self, words):
        """The pid of a descendant whose command line contains `words`, or None."""
        return next((pid for pid, line in children(self.pid).items() if words in line), None)

    def room_process(self):
        """The pid of `deskroom room`; what was started is its keeper."""
        return eventually(lambda: self.child(" room --session "), what="the room itself runs")

    def desk_process(self):
        """The pid of the supervised `deskroom desk`."""
        return eventually(lambda: self.child(" desk --link "), what="the desk process runs")

    def kill(self, pid):
        """SIGKILL to one of this room's descendants, and nothing else."""
        assert pid in children(self.pid)
        os.kill(pid, signal.SIGKILL)

    def die(self):
        """SIGKILL to the keeper, and thereby to everything."""
        self.ending = -signal.SIGKILL
        os.kill(self.pid, signal.SIGKILL)

    def log(self, lines=60):
        text = self.process.log.read_text(errors="replace") if self.process.log.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def health(self):
        """The room's own numbers."""
        with urllib.request.urlopen(self.address + "healthz", timeout=30) as answer:
            return json.load(answer)

    def stop(self):
        """Ends the room as a service manager would; it has to take everything it started along."""
        family = children(self.pid)
        status = self.process.stop()
        survivors = still_running(family)
        assert not survivors, f"the room ended ({status}) and left behind: {survivors}"
        assert status == self.ending, f"the room ended with status {status}:\n{self.log()}"


def still_running(family, within=20.0):
    """Those of these processes that still run after a while: {pid: command line}."""

    def alive():
        found = {}
        for pid, line in family.items():
            try:
                state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if state != "Z":
                found[pid] = line
        return found

    try:
        eventually(lambda: not alive(), within, every=0.05)
    except AssertionError:
        pass
    return alive()
