"""Bytes and messages that nobody should send harm nobody in the room."""

import os
import random
import urllib.request

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from desk import CENTRES, QUADRANTS
from hostile import flood
from processes import resident_bytes
from waiting import eventually

SECONDS = int(os.environ.get("HOSTILE_SECONDS", "60"))
MEGABYTE = 1_000_000


def test_a_minute_of_hostile_datagrams_leaves_memory_flat_and_sessions_unharmed(room, desk, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    fragment = ada.ask(
        "probe.connections[0].remoteDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1] + ':x'"
    )
    memory = []

    def every_second():
        memory.append(resident_bytes(room.room_process()))

    warm = min(5, SECONDS // 2)
    sent = flood("127.0.0.1", room.media_port, SECONDS, fragment, every_second)
    print(f"{sent} datagrams; memory {[round(one / MEGABYTE, 1) for one in memory[::10]]} MB")
    assert memory[-1] - memory[warm] < 2 * MEGABYTE
    clicks = len(desk.pattern.events("buttonDown"))
    ada.click(300, 200)
    eventually(lambda: len(desk.pattern.events("buttonDown")) == clicks + 1, what="control still works")
    desk.pattern.obey("block ff8000")
    assert ada.wait_for_colours([(0xFF, 0x80, 0x00)], [(640, 360)]) < ada.joined_in
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_hostile_messages_end_their_own_websocket_at_most(room, visitor):
    ada = visitor().join(room.address)
    source = random.Random(2)
    address = room.address.replace("http", "ws", 1) + "room"
    messages = [
        "", "{", "[]", "null", '"join"', "{}", '{"type": 7}', '{"type": "join"}', '{"type": "join", "name": 7}',
        '{"type": "join", "name": "' + "x" * 100_000 + '"}', '{"type": "publishOffer", "sdp": "v=0"}',
        '{"type": "join", "name": "Eve"}', '{"type":' * 5000, "\0" * 100, "[" * 20_000,
        '{"type": "subscribeAnswer", "sdp": "v=0\\r\\nm=video", "id": -1}', b"\xff\xfe", bytes(range(256)),
        *(source.randbytes(200) for _ in range(20)),
    ]
    for message in messages:
        try:
            with connect(address, open_timeout=5, close_timeout=2) as link:
                link.send(message)
                link.send('{"type": "join", "name": "Eve"}')
                link.send('{"type": "publishOffer", "sdp": "v=0\\r\\no=- 1 1 IN IP4 0\\r\\nm=application"}')
                link.recv(timeout=1)
        except (WebSocketException, TimeoutError, OSError):
            pass
    with urllib.request.urlopen(room.address + "healthz", timeout=30) as answer:
        assert answer.status == 200
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_a_page_of_another_site_cannot_join(room):
    address = room.address.replace("http", "ws", 1) + "room"
    try:
        with connect(address, origin="http://elsewhere.example", open_timeout=5):
            raise AssertionError("a foreign page was let in")
    except WebSocketException:
        pass
