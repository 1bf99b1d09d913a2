"""A program: a NAT with a delay, in front of the room's media port. `SIGUSR1` makes it forget its bindings.

    delayline.py LISTEN-ADDRESS ROOM-ADDRESS PORT MILLISECONDS
"""

import heapq
import selectors
import signal
import socket
import sys
import time


class DelayLine:
    """One socket toward the room for each of the browser's; every datagram waits for `delay` seconds."""

    def __init__(self, listen, room, port, delay):
        self.room = (room, port)
        self.delay = delay
        self.selector = selectors.DefaultSelector()
        self.front = self._open((listen, port))
        self.ways = {}
        self.waiting = []
        self.count = 0
        self.mustRebind = False

    def _open(self, address):
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        one.bind(address)
        one.setblocking(False)
        self.selector.register(one, selectors.EVENT_READ)
        return one

    def rebind(self, *_):
        self.mustRebind = True

    def run(self):
        while True:
            now = time.monotonic()
            wait = min(0.05, self.waiting[0][0] - now) if self.waiting else 0.05
            ready = self.selector.select(max(0, wait))
            if self.mustRebind:
                # The new ones are there before the old ones go, which would leave them their ports.
                self.mustRebind = False
                old = self.ways
                self.ways = {browser: self._open(("0.0.0.0", 0)) for browser in old}
                for one in old.values():
                    self.selector.unregister(one)
                    one.close()
                continue
            for key, _ in ready:
                self._receive(key.fileobj)
            self._send()

    def _receive(self, one):
        while True:
            try:
                data, source = one.recvfrom(65_536)
            except OSError:
                return
            if one is self.front:
                if source not in self.ways:
                    self.ways[source] = self._open(("0.0.0.0", 0))
                target = (source, self.room)
            else:
                target = (None, next(browser for browser, way in self.ways.items() if way is one))
            self.count += 1
            heapq.heappush(self.waiting, (time.monotonic() + self.delay, self.count, *target, data))

    def _send(self):
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= now:
            _, _, browser, target, data = heapq.heappop(self.waiting)
            try:
                (self.ways[browser] if browser else self.front).sendto(data, target)
            except OSError:
                pass  # As a network does: what cannot be delivered is gone.


if __name__ == "__main__":
    line = DelayLine(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]) / 1000)
    signal.signal(signal.SIGUSR1, line.rebind)
    line.run()
