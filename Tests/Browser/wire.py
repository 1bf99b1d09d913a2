"""A network of a room and a browser with one wire between them, on which everything is delayed and some is lost, and a firewall
at the browser's end."""

import os
import subprocess
import sys
from pathlib import Path

from namespaces import _run, add
from namespaces import missing as no_namespaces
from waiting import eventually

ROOM, BROWSER = "10.78.1.1", "10.78.1.2"


def missing():
    """Why there can be no such network here, in words, or None."""
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "no TUN devices"
    return no_namespaces()


class Wire:
    """Two namespaces; `stop` takes them away. Milliseconds are one way, loss is in percent each way, a rate in kbit/s."""

    def __init__(self, folder, delay=0, loss=0, rate=None):
        self.folder = Path(folder)
        self.names = {place: f"deskroom-{os.getpid()}-{place}" for place in ("room", "browser")}
        for name in self.names.values():
            add(name)
        log = (self.folder / "wire.log").open("w")
        command = [sys.executable, Path(__file__).parent / "lossline.py", self.names["room"], ROOM, self.names["browser"], BROWSER]
        command += [delay, loss] + ([rate] if rate else [])
        self.line = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, text=True
        )
        eventually(lambda: "ready" in (self.folder / "wire.log").read_text(), what="the wire is there")
        self.inside("browser", "nft", "add table ip fire; add chain ip fire out { type filter hook output priority 0; }")

    def prefix(self, place):
        """What runs a command in one of the places."""
        return ["ip", "netns", "exec", self.names[place]]

    def inside(self, place, *command):
        return _run(*self.prefix(place), *command)

    def change(self, loss=0, rate=None):
        self.line.stdin.write(f"{loss} {rate}\n" if rate else f"{loss}\n")
        self.line.stdin.flush()

    def block(self, *what):
        """Drops what matches one of these on its way out of the browser's network; nothing: lets everything through."""
        rules = "".join(f'add rule ip fire out oifname != "lo" {one} drop; ' for one in what)
        self.inside("browser", "nft", "flush table ip fire; " + rules)

    def stop(self):
        self.line.stdin.close()
        self.line.wait(10)
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
