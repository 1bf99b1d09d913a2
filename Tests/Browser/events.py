"""Control events as bytes (docs/control-protocol.md), for senders that are not the page."""

import struct


def _head(kind, lease, sequence=0, time=0):
    return struct.pack(">BBHII", kind, 0, sequence, lease, time)


def move(lease, x, y, sequence=1):
    return _head(1, lease, sequence) + struct.pack(">HH", x, y)


def button_down(lease, x, y, button=1):
    return _head(2, lease) + struct.pack(">HHB", x, y, button)


def key_down(lease, keysym, place=0):
    return _head(5, lease) + struct.pack(">IB", keysym, place)
