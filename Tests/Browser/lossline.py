"""A program: a wire between two network namespaces, with a delay and loss, for whatever goes over IP.

    lossline.py NAMESPACE ADDRESS NAMESPACE ADDRESS MILLISECONDS [PERCENT [KBIT]]

Each end is a TUN device with one of the addresses. `PERCENT` of the packets are lost each way; `KBIT` is a rate per second toward
the second, behind a buffer of a quarter of a second. A line on standard input, `PERCENT [KBIT]`, changes both.
"""

import fcntl
import heapq
import os
import random
import selectors
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
# IFF_TUN | IFF_NO_PI
FLAGS = 0x1001
MTU = 1500
BUFFER = 0.25  # seconds


def end(name, namespace, address, peer):
    """A device in that namespace, which knows the way to the other end."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), FLAGS))
    # A device that is moved stays with whoever has opened it.
    subprocess.run(["ip", "link", "set", name, "netns", namespace], check=True)
    inside = ["ip", "netns", "exec", namespace]
    for command in (
        ["ip", "link", "set", "lo", "up"],
        ["ip", "address", "add", address, "peer", peer, "dev", name],
        ["ip", "link", "set", name, "mtu", str(MTU), "txqueuelen", "1000", "up"],
        ["ip", "route", "add", "default", "dev", name],
    ):
        subprocess.run([*inside, *command], check=True)
    return device


class Line:
    def __init__(self, ends, delay, loss, rate):
        self.ends = ends
        self.delay = delay
        self.loss = loss
        self.rate = rate
        self.free = time.monotonic()
        self.waiting = []
        self.count = 0
        self.random = random.Random(15)
        self.selector = selectors.DefaultSelector()
        for index, one in enumerate(ends):
            self.selector.register(one, selectors.EVENT_READ, index)
        os.set_blocking(0, False)
        self.selector.register(0, selectors.EVENT_READ, None)

    def run(self):
        while True:
            now = time.monotonic()
            wait = max(0, self.waiting[0][0] - now) if self.waiting else None
            for key, _ in self.selector.select(wait):
                if key.data is None:
                    self._obey()
                else:
                    self._take(key.data)
            now = time.monotonic()
            while self.waiting and self.waiting[0][0] <= now:
                _, _, index, packet = heapq.heappop(self.waiting)
                try:
                    os.write(self.ends[index], packet)
                except OSError:
                    pass

    def _obey(self):
        words = os.read(0, 4096).decode().split()
        if not words:
            sys.exit(0)
        self.loss = float(words[0]) / 100
        self.rate = float(words[1]) * 1000 if len(words) > 1 else None

    def _take(self, index):
        for _ in range(64):
            try:
                packet = os.read(self.ends[index], 65_536)
            except OSError:
                return
            now = time.monotonic()
            if self.random.random() < self.loss:
                continue
            due = now + self.delay
            if index == 0 and self.rate:
                self.free = max(self.free, now)
                if self.free - now > BUFFER:
                    continue
                self.free += len(packet) * 8 / self.rate
                due = self.free + self.delay
            self.count += 1
            heapq.heappush(self.waiting, (due, self.count, 1 - index, packet))


if __name__ == "__main__":
    first, first_address, second, second_address, delay, *more = sys.argv[1:]
    ends = [
        end(f"wire{os.getpid()}", first, first_address, second_address),
        end(f"line{os.getpid()}", second, second_address, first_address),
    ]
    loss = float(more[0]) / 100 if more else 0
    rate = float(more[1]) * 1000 if len(more) > 1 else None
    print("ready", flush=True)
    Line(ends, float(delay) / 1000, loss, rate).run()
