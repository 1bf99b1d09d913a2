"""Stand-ins for the network between a browser and the room, on loopback: they can be cut and moved."""

import selectors
import socket
import struct
import threading
import time

QUEUE = 0.3  # Seconds that a datagram may wait in front of a slow link.


class _Relay:
    """A thread that waits for sockets; `_handle` is called with each one that can be read."""

    def __init__(self):
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            for key, _ in self._selector.select(self._patience()):
                if key.fileobj is self._woken:
                    if self._woken.recv(1) == b"x":
                        return
                    continue
                with self._lock:
                    # A socket before it in this round may have closed this one.
                    if key.fd in self._selector.get_map():
                        self._handle(key.fileobj, key.data)
            with self._lock:
                self._release()

    def _patience(self):
        """Seconds until something that waits is due; None: nothing does."""

    def _release(self):
        """Lets go what is due."""

    def _watch(self, one, data):
        one.setblocking(False)
        self._selector.register(one, selectors.EVENT_READ, data)
        self._wake.send(b".")

    def _forget(self, one):
        self._selector.unregister(one)
        one.close()

    def stop(self):
        self._wake.send(b"x")
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            self._forget(key.fileobj)
        self._wake.close()


class UDPRelay(_Relay):
    """A NAT in front of the room's media port: one socket of its own toward the room for each of the browser's."""

    def __init__(self, room_port):
        self.rate = None  # Bits a second toward the browser; None: as many as come.
        self._free = 0.0  # When the link has sent what it has.
        self._waiting = []  # (when it is through, datagram, browser), oldest first.
        super().__init__()
        self.room = ("127.0.0.1", room_port)
        self.front = None
        self.ways = {}  # The browser's address: the socket toward the room.
        self.move()

    @property
    def port(self):
        """Where browsers reach the room."""
        return self.front.getsockname()[1]

    def move(self):
        """Vanishes, and appears at another port: who wants to reach the room has to be told."""
        with self._lock:
            old, self.front = self.front, socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.front.bind(("127.0.0.1", 0))
            self._watch(self.front, None)
            if old:
                self._forget(old)

    def rebind(self):
        """Forgets its bindings: the room gets the next datagrams from addresses that it has never seen."""
        with self._lock:
            ways, self.ways = self.ways, {}
            # The new one is there before the old one goes: otherwise it may get the same port.
            for browser in ways:
                self._way(browser)
            for way in ways.values():
                self._forget(way)

    def _way(self, browser):
        if browser not in self.ways:
            self.ways[browser] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.ways[browser].connect(self.room)
            self._watch(self.ways[browser], browser)
        return self.ways[browser]

    def _handle(self, one, browser):
        try:
            if browser is None:
                data, source = one.recvfrom(65_536)
                self._way(source).send(data)
            else:
                self._toward(browser, one.recv(65_536))
        except OSError:
            pass  # As a network does: what cannot be delivered is gone.

    def _toward(self, browser, data):
        if self.rate is None and not self._waiting:
            self.front.sendto(data, browser)
            return
        now = time.monotonic()
        if self._free - now > QUEUE:
            return  # The queue in front of the link is full.
        bits = (len(data) + 28) * 8
        self._free = max(now, self._free) + (bits / self.rate if self.rate else 0)
        self._waiting.append((self._free, data, browser))

    def _patience(self):
        return max(0.0, self._waiting[0][0] - time.monotonic()) if self._waiting else None

    def _release(self):
        while self._waiting and self._waiting[0][0] <= time.monotonic():
            _, data, browser = self._waiting.pop(0)
            try:
                self.front.sendto(data, browser)
            except OSError:
                pass


class TCPRelay(_Relay):
    """A proxy in front of the page's server."""

    def __init__(self, port):
        super().__init__()
        self.server = ("127.0.0.1", port)
        self.front = socket.create_server(("127.0.0.1", 0))
        self.port = self.front.getsockname()[1]
        self._watch(self.front, None)

    def cut(self):
        """Resets every connection; the next ones go through. Returns how many there were."""
        with self._lock:
            keys = [key for key in self._selector.get_map().values() if isinstance(key.data, socket.socket)]
            for key in keys:
                key.fileobj.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._forget(key.fileobj)
            return len(keys) // 2

    def _handle(self, one, other):
        if other is None:
            near = one.accept()[0]
            far = socket.create_connection(self.server)
            self._watch(near, far)
            self._watch(far, near)
            return
        try:
            data = one.recv(65_536)
            if data:
                other.setblocking(True)
                other.sendall(data)
                other.setblocking(False)
                return
        except OSError:
            pass
        self._forget(one)
        self._forget(other)
