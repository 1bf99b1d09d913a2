"""The life of a room: how it ends when it is told to and by itself, and what it survives."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

import namespace
from crowd import Crowd
from desk import CENTRES, QUADRANTS
from processes import children
from room import BINARY, Room, still_running
from waiting import eventually


def text(person, name):
    return person.ask(f"document.getElementById('{name}').textContent.trim()")


def is_shown(person, name):
    return person.ask(f"!document.getElementById('{name}').hidden")


def reasons(path):
    """The audit's events with their reasons; it has to verify."""
    done = subprocess.run([BINARY, "audit", "verify", str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    entries = [json.loads(line) for line in Path(path).read_text().splitlines()]
    return [(entry["event"], entry.get("reason")) for entry in entries]


def ends(room, status=0):
    """Waits until the room has ended; it has to have cleaned up."""
    room.ending = status
    eventually(lambda: not room.process.is_running(), what="the room ends")
    assert room.process.child.returncode == status, room.log()


def test_a_session_of_six_is_drained(open_room, folder, pattern_program, visitor):
    audit = folder / "audit.jsonl"
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl", LIFE_GRACE="20", AUDIT_FILE=str(audit))
    people = [visitor(name, width=640, height=480).join(room.address) for name in ("Ada", "Ben")]
    natives = Crowd(folder, room.address, "--people", 4)
    try:
        assert room.health()["people"] == 6
        people[0].take_control()
        people[0].tab.key_down("Shift")
        family = children(room.pid)
        start = time.monotonic()
        os.kill(room.pid, signal.SIGTERM)
        for person in people:
            eventually(lambda: text(person, "notice").startswith("The room is being shut down: the session ends in "),
                       what=lambda: f"{person.name} is told: {text(person, 'notice')}")
            assert is_shown(person, "closing")
        told = time.monotonic() - start
        # The session goes on, and nobody new comes in.
        assert people[0].holds_control() and people[0].state()["problem"] == "connected"
        late = visitor("Gus")
        late.enter(room.address)
        eventually(lambda: "lets nobody new in" in text(late, "join-error"), what=lambda: text(late, "join-error"))
        ends(room)
        took = time.monotonic() - start
        print(f"the pages were told within {told:.1f} s; ended {took:.1f} s after SIGTERM, of 20 s")
        assert 15 < took < 20 + 2 * people[0].joined_in + 5
        for person in people:
            eventually(lambda: is_shown(person, "left"), what=f"{person.name} is told that it has ended")
            assert text(person, "left-text").startswith("The session has ended, because the room was shut down.")
        for person in natives.report()["people"]:
            assert person["farewells"] == ["roomStopping", "sessionEndedStopped"], person
    finally:
        natives.stop()
    assert not still_running(family)
    assert not [one for one in folder.iterdir() if one.name.startswith("deskroom-")]
    entries = reasons(audit)
    assert entries.count(("left", "sessionEnded")) == 6 and ("ended", "asked") in entries


def test_once_everybody_has_left_it_does_not_wait(open_room, visitor):
    room = open_room(LIFE_GRACE="600")
    ada = visitor().join(room.address)
    os.kill(room.pid, signal.SIGTERM)
    eventually(lambda: is_shown(ada, "closing") or text(ada, "notice"), what="Ada is told")
    ada.ask("document.getElementById('leave-button').click()")
    ends(room)


@pytest.mark.parametrize("second", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_the_second_signal_ends_it_at_once(second, open_room, folder, visitor):
    audit = folder / "audit.jsonl"
    room = open_room(LIFE_GRACE="600", AUDIT_FILE=str(audit))
    ada = visitor().join(room.address)
    os.kill(room.pid, signal.SIGTERM)
    eventually(lambda: text(ada, "notice"), what="Ada is told")
    os.kill(room.pid, getattr(signal, second))
    ends(room)
    eventually(lambda: is_shown(ada, "left"), what="Ada is told that it has ended")
    assert ("ended", "interrupted") in reasons(audit)


def test_an_empty_room_ends_at_once(open_room):
    room = open_room(LIFE_GRACE="600")
    os.kill(room.pid, signal.SIGTERM)
    ends(room)


@pytest.mark.parametrize("codes, status", [("off", 0), ("on", 10)])
def test_a_room_in_which_nobody_is_ends_by_itself(codes, status, open_room, folder):
    audit = folder / "audit.jsonl"
    room = open_room(LIFE_EMPTY="0.02", LIFE_CODES=codes, AUDIT_FILE=str(audit))
    ends(room, status)
    assert reasons(audit) == [("ended", "empty")]


def test_a_session_that_has_lasted_as_long_as_it_may_ends_by_itself(open_room, folder, visitor):
    audit = folder / "audit.jsonl"
    room = open_room(LIFE_LONGEST="0.5", LIFE_CODES="on", AUDIT_FILE=str(audit))
    ada = visitor().join(room.address)
    eventually(lambda: is_shown(ada, "closing"), what="Ada is told as soon as she comes")
    ends(room, 11)
    eventually(lambda: is_shown(ada, "left"), what="Ada is told that it has ended")
    assert text(ada, "left-text") == "The time for this session is over. You can close this page."
    assert ("ended", "longest") in reasons(audit)


def test_a_program_that_is_missing_is_named(folder):
    empty = folder / "empty"
    empty.mkdir()
    done = subprocess.run(
        [BINARY, "serve"], capture_output=True, text=True, timeout=60,
        env={"PATH": str(empty), "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "DESKROOM_HTTP_PORT": "0",
             "DESKROOM_MEDIA_PORT": "0"},
    )
    assert done.returncode == 69
    assert "the desk needs Xvfb and pulseaudio" in done.stderr
    assert not [one for one in folder.iterdir() if one.name.startswith("deskroom-")]


def test_the_exit_statuses_are_in_the_help():
    words = subprocess.run([BINARY, "serve", "--help"], capture_output=True, text=True).stdout
    for status in (0, 10, 11, 64, 69, 70, 71, 78):
        assert f"{status}  " in words, status


# What is killed.


def restarted(room, folder, **settings):
    """The room again, as a container engine starts it, on the same ports."""
    port = room.address.rsplit(":", 1)[1].rstrip("/")
    return Room(folder, HTTP_PORT=port, MEDIA_PORT=str(room.media_port), **settings)


def test_pages_are_back_by_themselves_after_the_room_was_killed(folder, pattern_program, visitor):
    settings = {"DESK_APPS": f"{pattern_program} {folder}/app.jsonl"}
    room = Room(folder, **settings)
    try:
        people = [visitor(name).join(room.address) for name in ("Ada", "Ben")]
        family = children(room.pid)
        room.die()
        eventually(lambda: people[0].state()["problem"] != "connected", what="the page says so")
        assert not still_running(family)
        room.stop()
        start = time.monotonic()
        room = restarted(room, folder, **settings)
        for person in people:
            eventually(lambda: person.state()["problem"] == "connected", what=f"{person.name} is back")
            person.wait_for_colours(QUADRANTS, CENTRES)
            eventually(person.is_ready, what=f"{person.name} can do everything again")
        print(f"back {time.monotonic() - start:.1f} s after the room was started again")
        people[0].take_control()
    finally:
        room.stop()


# The first process of a container.


@pytest.mark.skipif(namespace.missing() is not None, reason=namespace.missing() or "")
def test_the_first_process_leaves_no_zombie_of_a_thousand_orphans_and_hears_signals(folder):
    inside = namespace.Namespace(folder, LIFE_GRACE="600")
    try:
        inside.wait_until_ready()
        inside.run("for i in $(seq 1000); do (true &) ; done; sleep 0.5")
        assert eventually(lambda: inside.zombies() == [] and inside.orphans() == [], what=lambda: inside.listing())
        # Programs still work, and the room answers.
        assert "Xvfb" in inside.listing()
        inside.signal("TERM")
        assert inside.ends() == 0
    finally:
        inside.stop()
