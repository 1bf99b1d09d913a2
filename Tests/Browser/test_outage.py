"""A receiver of events that is away for a while.

`DESKROOM_OUTAGE` says for how many seconds: 10, or 600 for ten minutes.
"""

import os
import socket
import time

import hook
from attackers import enter, say
from test_links import web_socket
from test_observe import SCRAPER, value
from waiting import eventually

OUTAGE = int(os.environ.get("DESKROOM_OUTAGE", "10"))


def visit(room):
    """Somebody comes and goes, which is two events."""
    with web_socket(room) as page:
        assert enter(page, "Ada Ibarra")
        say(page, type="leave")
        # Until the room has closed it.
        try:
            while page.recv(timeout=10):
                pass
        except Exception:  # noqa: BLE001 - it is closed, one way or another
            pass


def numbers(receiver):
    return [hook.attributes(event)["deskroom.event.number"] for _, event in receiver.events]


def room_with(receiver, open_room, **settings):
    room = open_room(
        None, DESK_DISPLAY=":4093", EVENTS_URL=f"http://127.0.0.1:{receiver.port}/hook", EVENTS_SECRET=SCRAPER, **settings
    )
    eventually(lambda: "deskroom.session.begun" in receiver.names(), what="the beginning is told")
    return room


class Silent:
    """Takes connections at this port, and says nothing."""

    def __init__(self, port):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen()

    def stop(self):
        self.listener.close()


def test_a_receiver_that_is_away_gets_everything_afterwards_in_order(open_room):
    receiver = hook.Receiver(SCRAPER.encode())
    room = room_with(receiver, open_room)
    known, port = numbers(receiver), receiver.port
    receiver.stop()
    # At most as many as may wait.
    pause = max(0.3, OUTAGE / 200)
    visits = 0

    def during(seconds):
        nonlocal visits
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            visit(room)
            visits += 1
            time.sleep(pause)

    # Nobody is there, then somebody who takes nothing, then one who does not answer.
    during(OUTAGE / 3)
    receiver = hook.Receiver(SCRAPER.encode(), port=port)
    receiver.status = 503
    during(OUTAGE / 3)
    refused = receiver.refused
    receiver.stop()
    silent = Silent(port)
    during(OUTAGE / 3)
    silent.stop()
    waiting = value(room, "deskroom_webhook_events_waiting")
    back = time.monotonic()
    receiver = hook.Receiver(SCRAPER.encode(), port=port)
    # A minute between two tries, and ten seconds for one that is not answered.
    eventually(lambda: value(room, "deskroom_webhook_events_waiting") == 0, 90, what="all of them come")
    took = time.monotonic() - back
    room.stop()
    eventually(lambda: receiver.names()[-1:] == ["deskroom.session.ended"], what="the end")
    receiver.stop()
    all_numbers = known + numbers(receiver)
    print(f"{OUTAGE} s away, {visits} visits, {refused} times refused, {waiting:.0f} events waited; "
          f"{len(receiver.events)} came, the last that waited {took:.1f} s after it was back")
    assert waiting >= 2 * visits and visits > 3
    assert all_numbers == list(range(1, len(all_numbers) + 1))
    assert receiver.names().count("deskroom.person.left") == visits
    assert not any("deskroom.events.lost" in hook.attributes(event) for _, event in receiver.events)
    assert "Events are taken again" in room.log(100_000)


def test_what_is_beyond_the_bound_is_lost_counted_and_told(open_room):
    receiver = hook.Receiver(SCRAPER.encode())
    room = room_with(receiver, open_room, EVENTS_QUEUE="10")
    eventually(lambda: value(room, "deskroom_webhook_events_waiting") == 0, what="nothing waits")
    known, port = numbers(receiver), receiver.port
    receiver.stop()
    for _ in range(12):
        visit(room)
        time.sleep(0.2)
    dropped = eventually(lambda: value(room, "deskroom_webhook_events_total", outcome="dropped"), what="it is counted")
    assert value(room, "deskroom_webhook_events_waiting") == 10
    assert room.log(100_000).count("More events wait than may") == 1
    receiver = hook.Receiver(SCRAPER.encode(), port=port)
    eventually(lambda: value(room, "deskroom_webhook_events_waiting") == 0, what="the rest comes")
    lost = [hook.attributes(event).get("deskroom.events.lost", 0) for _, event in receiver.events]
    came = known + numbers(receiver)
    print(f"{dropped:.0f} lost of {came[-1]}")
    assert sum(lost) == dropped == came[-1] - len(came)
    # Each gap is told by the event behind it.
    before = known[-1]
    for number, gap in zip(numbers(receiver), lost, strict=True):
        assert number - before - 1 == gap
        before = number
    room.stop()
    receiver.stop()
