"""The room ends at once and leaves nothing behind, whoever is in it."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from processes import children
from room import still_running
from waiting import eventually


def displays():
    """The X displays of this machine, by their sockets and locks."""
    return {*Path("/tmp/.X11-unix").glob("X*"), *Path("/tmp").glob(".X*-lock")}


def may_go_first():
    """Whether a program of ours may take a lower niceness than it was started with."""
    words = "import os; os.setpriority(os.PRIO_PROCESS, 0, -10)"
    return subprocess.run([sys.executable, "-c", words], stderr=subprocess.DEVNULL).returncode == 0


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_room_full_of_people_ends_soon(name, open_room, folder, pattern_program, visitor):
    before = displays()
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl; xterm")
    people = [visitor(person).join(room.address) for person in ("Ada", "Ben")]
    people[0].take_control()
    people[0].tab.key_down("Shift")
    family = children(room.pid)
    mine = [one for one in folder.iterdir() if one.name.startswith("deskroom-")]
    # Other rooms of this machine come and go meanwhile.
    display = re.search(r"Xvfb (:\d+)", " ".join(family.values()))[1]
    added = {Path(f"/tmp/.X11-unix/X{display[1:]}"), Path(f"/tmp/.X{display[1:]}-lock")}
    assert len(mine) == 1 and added <= displays() and not added & before
    start = time.monotonic()
    os.kill(room.pid, getattr(signal, name))
    eventually(lambda: not room.process.is_running(), what="the room ends")
    took = time.monotonic() - start
    print(f"ended {took:.2f} s after {name}")
    # What does not end when it is asked to is killed after two seconds.
    assert took < 2 + people[0].joined_in
    assert room.process.child.returncode == 0
    assert not still_running(family)
    assert not [one for one in folder.iterdir() if one.name.startswith("deskroom-")]
    assert not added & displays()
    for person in people:
        eventually(lambda: person.state()["problem"] != "connected", what="the page says that the room is gone")


def test_what_runs_on_the_desk_gives_way_to_the_picture_of_it(open_room, folder, pattern_program):
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl")
    eventually((folder / "app.jsonl").exists, what="the application runs")

    def niceness(word):
        return {os.getpriority(os.PRIO_PROCESS, pid) for pid, line in children(room.pid).items() if word in line}

    own = os.getpriority(os.PRIO_PROCESS, room.pid)
    assert niceness("app.jsonl") == {min(19, own + 5)}
    # Where it is allowed, what makes the picture goes before what has nothing to do with the room, too.
    raised = own - 10 if may_go_first() else own
    for media in ("Xvfb", "deskroom desk"):
        assert niceness(media) == {max(-20, raised)}, media
    # It takes back what it is given, and has no capability to raise itself; but it goes before the applications.
    eventually(lambda: max(niceness("pulseaudio")) <= own, what=lambda: f"sound: {niceness('pulseaudio')}, not {own}")


def test_a_room_that_is_killed_leaves_nothing_running(open_room, folder, pattern_program):
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl")
    eventually((folder / "app.jsonl").exists, what="the application runs")
    family = children(room.pid)
    assert any("Xvfb" in line for line in family.values()) and any("pulseaudio" in line for line in family.values())
    room.die()
    assert not still_running(family)
