"""Too many connections, joins and messages: those in the room do not notice, and a newcomer gets in."""

import json
import os
import socket
import threading
import time
import urllib.request
from contextlib import ExitStack
from urllib.parse import urlsplit

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from desk import CENTRES, QUADRANTS
from processes import TICKS
from waiting import eventually

SECONDS = int(os.environ.get("FLOOD_SECONDS", "5"))


def web_socket(room):
    address = room.address.replace("http", "ws", 1) + "room"
    return connect(address, open_timeout=10, close_timeout=1, max_size=None)


def join(link, name):
    link.send(json.dumps({"type": "join", "name": name}))
    while True:
        message = json.loads(link.recv(timeout=10))
        if message["type"] in ("welcome", "error"):
            return message


def processor_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def test_a_flood_of_states_is_told_ten_times_a_second_and_drops_no_slow_reader(room, visitor):
    ada = visitor("Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    over = threading.Event()

    def flood(link):
        states = [json.dumps({"type": "setMedia", "audio": audio, "video": "none"}) for audio in ("on", "muted")]
        try:
            while not over.is_set():
                for state in states:
                    link.send(state)
        except (WebSocketException, OSError):
            pass

    with ExitStack() as stack:
        links = [stack.enter_context(web_socket(room)) for _ in range(15)]
        for number, link in enumerate(links):
            assert join(link, f"Eve {number}")["type"] == "welcome"
        # It reads nothing, and is not read to the end by anybody.
        slow = stack.enter_context(web_socket(room))
        slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        assert join(slow, "Slow")["type"] == "welcome"
        witness = stack.enter_context(web_socket(room))
        assert join(witness, "Witness")["type"] == "welcome"
        threads = [threading.Thread(target=flood, args=(link,), daemon=True) for link in links]
        used, start = processor_seconds(room.room_process()), time.monotonic()
        for thread in threads:
            thread.start()
        told = 0
        while time.monotonic() - start < SECONDS:
            try:
                told += json.loads(witness.recv(timeout=1))["type"] == "people"
            except TimeoutError:
                pass
        passed = time.monotonic() - start
        used = processor_seconds(room.room_process()) - used
        print(f"{told / passed:.1f} times a second; the room took {used / passed:.2f} of a processor")
        over.set()
        slow.send('{"type": "ping"}')
        assert any(json.loads(slow.recv(timeout=5))["type"] == "pong" for _ in range(2000))
    assert told / passed <= 12
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_joins_that_go_away_and_half_requests_keep_nobody_out(room, visitor):
    ada = visitor("Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    address = urlsplit(room.address)
    with ExitStack() as stack:
        for _ in range(300):
            half = stack.enter_context(socket.create_connection((address.hostname, address.port)))
            try:
                half.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            except OSError:
                pass
        for number in range(60):
            with web_socket(room) as link:
                join(link, f"Eve {number}")
        with web_socket(room) as link:
            assert join(link, "Ben")["type"] == "welcome"
        with urllib.request.urlopen(room.address, timeout=5) as answer:
            assert answer.status == 200

    def people():
        with urllib.request.urlopen(room.address + "healthz", timeout=5) as answer:
            return json.load(answer)["people"]

    # They held their places for a minute.
    eventually(lambda: people() == 1, 20, what="only Ada is in the room")
    assert (ada.dropped(), ada.problems()) == ([], [])
