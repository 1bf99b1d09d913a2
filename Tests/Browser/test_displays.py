"""Every room gets a display of its own, whoever else has one."""

import os
import re
import socket

from desk import CENTRES, QUADRANTS
from processes import children
from waiting import eventually


def display(room):
    """The number of the room's X display, or None."""
    found = re.search(r"Xvfb :(\d+)", " ".join(children(room.pid).values()))
    return found and int(found[1])


def take(number):
    """Takes a display's name in this network namespace, as another room's X server or a stranger may."""
    name = socket.socket(socket.AF_UNIX)
    name.bind(f"\0/tmp/.X11-unix/X{number}".encode())
    name.listen(8)
    name.setblocking(False)
    return name


def visits(name):
    """Whether somebody has connected to a name that was taken."""
    try:
        name.accept()[0].close()
        return True
    except BlockingIOError:
        return False


def has_desk(room):
    return eventually(lambda: room.health()["isDeskConnected"], what="the desk is connected")


def test_a_display_whose_name_is_taken_is_passed_over(open_room, folder, pattern_program, visitor):
    taken = [take(number) for number in range(20, 23)]
    try:
        room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl")
        visitor().join(room.address).wait_for_colours(QUADRANTS, CENTRES)
        assert display(room) not in (None, 20, 21, 22)
        assert not any(visits(name) for name in taken)
    finally:
        for name in taken:
            name.close()


def test_who_takes_the_name_of_a_dead_x_server_gets_nobody(open_room, folder, pattern_program, visitor):
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl")
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    number = display(room)
    room.kill(room.child("Xvfb"))
    name = eventually(lambda: attempt(number), every=0.001, what="the name is free for a moment")
    try:
        ada.wait_for_colours(QUADRANTS, CENTRES)
        eventually(lambda: display(room) not in (None, number), what="the room has another display")
        ada.wait_for_colours(QUADRANTS, CENTRES)
        assert not visits(name)
    finally:
        name.close()


def attempt(number):
    try:
        return take(number)
    except OSError:
        return None


def test_two_rooms_at_once_both_get_a_desk(open_room, folder, pattern_program):
    rooms = [open_room(DESK_APPS=f"{pattern_program} {folder}/{one}.jsonl") for one in ("one", "other")]
    for room in rooms:
        has_desk(room)
    for one in ("one", "other"):
        eventually((folder / f"{one}.jsonl").exists, what="its program has drawn")
    numbers = [display(room) for room in rooms]
    assert None not in numbers and len(set(numbers)) == 2


def test_the_log_says_why_an_x_server_ended(open_room, folder):
    fake = folder / "bin" / "Xvfb"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'Fatal server error:' >&2\necho '(EE) no screens found' >&2\necho '(EE) ' >&2\nexit 1\n")
    fake.chmod(0o755)
    room = open_room(prefix=["env", f"PATH={fake.parent}:{os.environ['PATH']}"])
    words = "it exited with status 1: (EE) no screens found"
    eventually(lambda: words in room.log(1000), what="the log says what ended it")
