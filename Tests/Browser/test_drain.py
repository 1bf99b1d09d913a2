"""A room that is told to end, as its WebSockets hear it."""

import os
import signal

import pytest

from attackers import enter, hear
from test_life import ends, reasons
from test_links import refusal, web_socket


def test_whoever_is_there_is_told_and_nobody_new_comes_in(open_room, folder):
    audit = folder / "audit.jsonl"
    room = open_room(LIFE_GRACE="3", AUDIT_FILE=str(audit))
    with web_socket(room) as ada, web_socket(room) as ben:
        assert enter(ada, "Ada")
        os.kill(room.pid, signal.SIGTERM)
        told = hear(ada, "closing")
        assert told["code"] == "roomStopping" and 1 <= told["values"]["seconds"] <= 3
        assert refusal(ben)["code"] == "roomClosing"
        assert hear(ada, "ended")["code"] == "sessionEndedStopped"
    ends(room)
    assert ("ended", "asked") in reasons(audit)


@pytest.mark.parametrize("second", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_the_second_signal_does_not_wait(second, open_room, folder):
    audit = folder / "audit.jsonl"
    room = open_room(LIFE_GRACE="600", AUDIT_FILE=str(audit))
    with web_socket(room) as ada:
        assert enter(ada, "Ada")
        os.kill(room.pid, signal.SIGTERM)
        assert hear(ada, "closing")["code"] == "roomStopping"
        os.kill(room.pid, getattr(signal, second))
        assert hear(ada, "ended")["code"] == "sessionEndedStopped"
    ends(room)
    assert ("ended", "interrupted") in reasons(audit)


def test_once_the_last_one_has_left_it_ends(open_room):
    room = open_room(LIFE_GRACE="600")
    with web_socket(room) as ada:
        assert enter(ada, "Ada")
        os.kill(room.pid, signal.SIGTERM)
        assert hear(ada, "closing")
        ada.send('{"type":"leave"}')
        ends(room)
