"""Bytes that nobody should send, into the open port: bounded in number and time, on loopback."""

import random
import socket
import struct
import time

# One first byte of each protocol that shares the port (RFC 7983), and of none.
FIRST_BYTES = [0x00, 0x01, 0x14, 0x16, 0x17, 0x40, 0x80, 0x90, 0xB0, 0xFF]
COOKIE = 0x2112A442


def binding_request(random_source, username):
    """A well-formed check with a wrong MESSAGE-INTEGRITY, by someone who read the user name off the wire."""
    name = username.encode()
    body = struct.pack(">HH", 0x0006, len(name)) + name + bytes(-len(name) % 4)
    body += struct.pack(">HHI", 0x0024, 4, 1)
    body += struct.pack(">HH", 0x0008, 20) + random_source.randbytes(20)
    return struct.pack(">HHI", 1, len(body), COOKIE) + random_source.randbytes(12) + body


def datagram(random_source, username):
    choice = random_source.randrange(5)
    if choice == 0:
        return binding_request(random_source, username)
    if choice == 1:
        whole = binding_request(random_source, username)
        return whole[: random_source.randrange(len(whole))]
    size = random_source.choice([0, 1, 3, 11, 12, 13, 20, 64, 300, 1200, 1472, 9000])
    data = bytearray(random_source.randbytes(size))
    if data and choice > 2:
        data[0] = random_source.choice(FIRST_BYTES)
    return bytes(data)


def flood(address, port, seconds, username, every_second, rate=2000, sockets=8, seed=1):
    """Sends `rate` datagrams a second for a while and calls `every_second` in between; returns how many it sent."""
    random_source = random.Random(seed)
    senders = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(sockets)]
    sent, start = 0, time.monotonic()
    try:
        for second in range(seconds):
            for tick in range(20):
                for _ in range(rate // 20):
                    sender = random_source.choice(senders)
                    sender.sendto(datagram(random_source, username), (address, port))
                    sent += 1
                time.sleep(max(0, start + second + (tick + 1) / 20 - time.monotonic()))
            every_second()
    finally:
        for sender in senders:
            sender.close()
    return sent
