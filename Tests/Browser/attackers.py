"""People and machines that mean harm, bounded in number and time, on loopback: what test_attacks.py lets loose.

Each attacker comes from an address of its own (127.0.0.66), as a neighbour on the network would; the witness and those
who come to visit do not.
"""

import hashlib
import hmac
import json
import os
import random
import re
import socket
import struct
import threading
import time
import zlib
from contextlib import ExitStack, contextmanager

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

COOKIE = 0x2112A442
ADDRESS = "127.0.0.66"
# Enough that what the test starts at once is at work when the measuring begins.
PATIENCE = 5


class Door:
    """Where a room is reached: its page's port and its media port."""

    def __init__(self, room):
        host = room.address.split("/")[2]
        self.name = host
        self.http = int(host.rsplit(":", 1)[1])
        self.media = room.media_port
        self.websocket = room.address.replace("http", "ws", 1) + "room"

    def open(self, source=ADDRESS):
        """A WebSocket to the room."""
        return connect(self.websocket, source_address=(source, 0), open_timeout=PATIENCE, close_timeout=1)

    def dial(self, source=ADDRESS):
        """A TCP connection that says nothing."""
        return socket.create_connection(("127.0.0.1", self.http), timeout=PATIENCE, source_address=(source, 0))


def say(link, **message):
    link.send(json.dumps(message))


def hear(link, wanted, within=PATIENCE):
    """The next message of a type."""
    end = time.monotonic() + within
    while True:
        message = json.loads(link.recv(timeout=max(0.01, end - time.monotonic())))
        if message["type"] == wanted:
            return message


def enter(link, name="Eve", **more):
    """Joins; the welcome, or None if the room refuses."""
    say(link, type="join", name=name, fresh=True, **more)
    try:
        return hear(link, "welcome")
    except (WebSocketException, TimeoutError, OSError):
        return None


@contextmanager
def meanwhile(work, workers=1):
    """Runs `work(stop)` in threads until the block ends; `stop` is an event that it has to look at.

    What the room does to an attacker's connections is no failure of the test, so their errors are not, either.
    """
    stop = threading.Event()

    def run():
        while not stop.is_set():
            try:
                work(stop)
            except (WebSocketException, TimeoutError, OSError, ValueError):
                stop.wait(0.05)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(2 * PATIENCE)


# MARK: Offers


def offer(sections=(), fragment="evil", bundle=None, setup="actpass"):
    """A browser's offer of data channels and of these (kind, mid) sections, with nothing behind it."""
    mids = bundle or ["0", *(mid for _, mid in sections)]
    common = (
        f"c=IN IP4 0.0.0.0\r\na=ice-ufrag:{fragment}\r\na=ice-pwd:{'p' * 24}\r\n"
        f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}\r\na=setup:{setup}\r\n"
    )
    lines = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {' '.join(mids)}\r\n"
    lines += f"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n{common}a=mid:0\r\na=sctp-port:5000\r\n"
    for kind, mid in sections:
        codec, rate = ("VP8", "90000") if kind == "video" else ("opus", "48000/2")
        lines += (
            f"m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\n{common}a=mid:{mid}\r\na=sendonly\r\na=rtcp-mux\r\n"
            f"a=rtpmap:96 {codec}/{rate}\r\na=ssrc:{random.randrange(1, 1 << 32)} cname:e\r\n"
        )
    return lines


def bomb(size=121_000):
    """An offer whose BUNDLE line repeats one mid."""
    return offer(bundle=["0"] * (size // 2))


# MARK: Datagrams


def check(username, password, controlling=True, nominates=True):
    """A binding request (RFC 8445 §7.2.2) that is authentic."""
    name = username.encode()
    attributes = struct.pack(">HH", 0x0006, len(name)) + name + bytes(-len(name) % 4)
    attributes += struct.pack(">HHI", 0x0024, 4, 1)
    attributes += struct.pack(">HHQ", 0x802A if controlling else 0x8029, 8, random.getrandbits(64))
    if nominates:
        attributes += struct.pack(">HH", 0x0025, 0)
    identifier = os.urandom(12)

    def head(length):
        return struct.pack(">HHI", 1, length, COOKIE) + identifier

    digest = hmac.new(password.encode(), head(len(attributes) + 24) + attributes, hashlib.sha1).digest()
    attributes += struct.pack(">HH", 0x0008, 20) + digest
    checksum = zlib.crc32(head(len(attributes) + 8) + attributes) ^ 0x5354554E
    return head(len(attributes) + 8) + attributes + struct.pack(">HHI", 0x8028, 4, checksum)


class Forger:
    """Sends UDP datagrams under any source address; needs root."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)

    def send(self, payload, source, destination):
        udp = struct.pack(">HHHH", source[1], destination[1], 8 + len(payload), 0) + payload
        header = struct.pack(
            ">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), random.getrandbits(16), 0, 64, socket.IPPROTO_UDP, 0,
            socket.inet_aton(source[0]), socket.inet_aton(destination[0]),
        )
        self.socket.sendto(header + udp, destination)

    def close(self):
        self.socket.close()


def udp_ports(pid):
    """The local UDP ports of a process, and which of them are bound to loopback alone: {port: is_loopback}."""
    inodes = set()
    for entry in os.scandir(f"/proc/{pid}/fd"):
        try:
            found = re.match(r"socket:\[(\d+)\]", os.readlink(entry.path))
        except OSError:
            continue
        if found:
            inodes.add(found[1])
    ports = {}
    for table in ("udp", "udp6"):
        with open(f"/proc/net/{table}", encoding="ascii") as lines:
            for line in list(lines)[1:]:
                fields = line.split()
                if fields[9] in inodes:
                    address, port = fields[1].split(":")
                    ports[int(port, 16)] = address.endswith("0100007F")
    return ports


def credentials(sdp):
    """The ICE user name fragment and password of a description."""
    return re.search(r"a=ice-ufrag:(\S+)", sdp)[1], re.search(r"a=ice-pwd:(\S+)", sdp)[1]


@contextmanager
def silent_connections(door, count, words=b"GET / HTTP/1.1\r\nHost: "):
    """TCP connections that begin a request and never finish it."""
    with ExitStack() as stack:
        for _ in range(count):
            try:
                one = door.dial()
                stack.callback(one.close)
                one.sendall(words)
            except OSError:
                continue
        yield
