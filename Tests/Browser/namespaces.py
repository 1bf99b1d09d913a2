"""A network of its own for a room and a browser: three network namespaces in a row.

The room is in the first. The second is the path: a NAT with a delay in front of the room's media port, a rate
(`tbf`) toward the browser, and loss both ways (nftables). The browser is in the third.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from desk import environment
from processes import Process

PLACES = ("room", "path", "browser")
ROOM, NEAR, FAR, BROWSER = "10.77.1.1", "10.77.1.2", "10.77.2.1", "10.77.2.2"


def missing():
    """Why there can be no such network here, in words, or None."""
    probe = f"deskroom-{os.getpid()}-probe"
    try:
        made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
        if made.returncode:
            return f"no network namespaces: {made.stderr.strip()}"
        shell = "nft list ruleset && ip link set lo up && tc qdisc add dev lo root tbf rate 1mbit burst 5kb limit 9kb"
        ran = subprocess.run(["ip", "netns", "exec", probe, "sh", "-c", shell], capture_output=True, text=True)
        return f"no nftables or tbf: {ran.stderr.strip()}" if ran.returncode else None
    except FileNotFoundError as error:
        return f"{error.filename} is missing: scripts/setup test"
    finally:
        subprocess.run(["ip", "netns", "del", probe], capture_output=True)


def add(name):
    """A namespace in which addresses are valid at once.

    One of IPv6 that is tried out for two seconds first is a change of network to Chromium, which gives up what it is loading by
    HTTP/2 then.
    """
    _run("ip", "netns", "add", name)
    for which in ("all", "default"):
        setting = f"/proc/sys/net/ipv6/conf/{which}/accept_dad"
        # A kernel without IPv6 has none.
        _run("ip", "netns", "exec", name, "sh", "-c", f"[ ! -e {setting} ] || echo 0 > {setting}")


class Network:
    """The namespaces and what is between them; `stop` takes them away."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.names = {place: f"deskroom-{os.getpid()}-{place}" for place in PLACES}
        self.line = None
        for name in self.names.values():
            add(name)
        self._join("room", ROOM, "path", NEAR)
        self._join("path", FAR, "browser", BROWSER)
        self.inside("path", "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        self.inside("room", "ip", "route", "add", "default", "via", NEAR)
        self.inside("browser", "ip", "route", "add", "default", "via", FAR)
        rules = "add table ip loss; add chain ip loss out { type filter hook output priority 0; };"
        rules += "add chain ip loss in { type filter hook input priority 0; }"
        self.inside("path", "nft", rules)

    def _join(self, one, first, other, second):
        _run("ip", "link", "add", "to-" + other, "netns", self.names[one], "type", "veth",
             "peer", "name", "to-" + one, "netns", self.names[other])
        for place, peer, address in ((one, other, first), (other, one, second)):
            self.inside(place, "ip", "address", "add", address + "/24", "dev", "to-" + peer)
            # One datagram is one packet, as on a wire: loss and rate look at packets.
            self.inside(place, "ip", "link", "set", "to-" + peer, "gso_max_segs", "1", "up")
            self.inside(place, "ip", "link", "set", "lo", "up")

    def prefix(self, place):
        """What runs a command in one of the places."""
        return ["ip", "netns", "exec", self.names[place]]

    def inside(self, place, *command):
        return _run(*self.prefix(place), *command)

    def open_line(self, port, delay=0):
        """The NAT in front of the room's media port; `delay` in ms, each way."""
        command = [sys.executable, Path(__file__).parent / "delayline.py", FAR, ROOM, port, delay]
        self.line = Process([*self.prefix("path"), *command], self.folder / "line.log", environment(self.folder))

    def rebind(self):
        """The NAT forgets its bindings: the browser has other ports from now on."""
        # `ip netns exec` becomes what it runs.
        os.kill(self.line.pid, signal.SIGUSR1)

    def lose(self, percent):
        """Loses so much of what goes either way between browser and room; returns when, on the wall clock."""
        rules = "flush table ip loss;"
        if percent:
            for chain, device in (("out", "oifname"), ("in", "iifname")):
                rules += f'add rule ip loss {chain} {device} "to-browser" meta l4proto udp '
                rules += f"numgen random mod 1000 < {round(percent * 10)} drop;"
        self.inside("path", "nft", rules)
        return time.time()

    def limit(self, rate, buffer=62_500):
        """Lets so many bits per second through to the browser, behind a buffer of so many bytes."""
        self.inside("path", "tc", "qdisc", "replace", "dev", "to-browser", "root", "tbf",
                    "rate", f"{rate}bit", "burst", "3000", "limit", str(buffer))

    def traffic(self):
        """Bytes that have passed the limit, and that wait before it; and packets that found no room there."""
        answer = self.inside("path", "tc", "-s", "-j", "qdisc", "show", "dev", "to-browser")
        state = json.loads(answer)[0]
        return {"bytes": state["bytes"], "backlog": state["backlog"], "drops": state["drops"]}

    def stop(self):
        if self.line:
            self.line.stop()
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


def fetch(network, address):
    """What a room answers, asked in its own place; whoever has the certificate."""
    script = "import ssl, sys, urllib.request as r; "
    script += "print(r.urlopen(sys.argv[1], timeout=30, context=ssl._create_unverified_context()).read().decode())"
    return network.inside("room", sys.executable, "-c", script, address)


def _run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stderr}"
    return done.stdout
