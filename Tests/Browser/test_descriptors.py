"""A room that is short of descriptors lives on, and so does everybody in it."""

import socket
import time
from urllib.parse import urlsplit

import pytest

from desk import CENTRES, QUADRANTS
from processes import children, cpu_seconds, descriptors
from room import Room, still_running
from waiting import eventually

LIMIT, SILENT = 256, 400


@pytest.fixture
def small_room(request, folder, pattern_program):
    """A room that may have few descriptors, and on its desk a program that leaves orphans behind."""
    script = folder / "app.sh"
    script.write_text(
        f"sleep 1001 &\nsetsid sleep 1002 &\n(setsid sh -c 'sleep 1003 & sleep 1004' &)\n"
        f"{pattern_program} {folder}/app.jsonl\n"
    )
    prefix = ["bash", "-c", f'ulimit -n {LIMIT}; exec "$@"', "bash"]
    room = Room(folder, prefix=prefix, DESK_APPS=f"sh {script}")
    request.node.rooms = [room]
    yield room
    room.stop()


def silence(address, count):
    """Connections that say nothing, some of which the room may not even accept."""
    where = urlsplit(address)
    found = []
    for _ in range(count):
        one = socket.socket()
        one.setblocking(False)
        one.connect_ex((where.hostname, where.port))
        found.append(one)
    return found


def test_a_room_out_of_descriptors_keeps_its_desk_and_its_people(small_room, folder, visitor):
    room = small_room
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    eventually(lambda: len(orphans(room)) == 4, what="the program has left its orphans behind")
    connections = silence(room.address, SILENT)
    try:
        eventually(lambda: descriptors(room.room_process()) > LIMIT / 2, what="the room has taken many in")
        before, start = cpu_seconds(room.room_process()), time.monotonic()
        while time.monotonic() - start < 4:
            assert room.process.is_running()
            assert descriptors(room.room_process()) <= LIMIT - 16, "something is kept for the room itself"
            time.sleep(0.1)
        share = (cpu_seconds(room.room_process()) - before) / (time.monotonic() - start)
        print(f"{share:.1%} of a core while {SILENT} connections say nothing; {descriptors(room.room_process())} descriptors")
        assert share < 0.3
        # Programs, the desk process and the X server end, and come back; nothing of what they left behind does.
        for name in ("app.jsonl", "desk --link", "Xvfb"):
            old, family = room.child(name), orphans(room)
            room.kill(old)
            eventually(lambda: room.child(name) not in (None, old), what=f"{name} is started again")
            if name == "app.jsonl":
                assert not still_running(family)
        ada.wait_for_colours(QUADRANTS, CENTRES)
        eventually(lambda: ada.state()["problem"] == "connected", what="the page says that all is well")
    finally:
        for one in connections:
            one.close()
    eventually(lambda: descriptors(room.room_process()) < LIMIT / 2, what="the room has let go of them")
    # Whoever waited to be let in is.
    assert room.health()["status"] == "ok"


def orphans(room):
    return {pid: line for pid, line in children(room.pid).items() if line.startswith("sleep 100")}
