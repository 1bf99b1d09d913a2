"""What runs out while a session goes on: room on the disk, and memory."""

import os
import subprocess
from pathlib import Path

import pytest

import memorygroup
from desk import CENTRES, CLIENTS, QUADRANTS
from test_observe import is_ready, readiness, value
from waiting import eventually

# Runs a command with a small disk where its first word says, in a mount namespace of its own.
SMALL_DISK = ["unshare", "--mount", "--propagation", "private", "sh", "-c",
              'mount -t tmpfs -o size=400k,mode=700 small "$0" && exec "$@"']


def no_mounts():
    """Why there can be no such disk here, in words, or None."""
    try:
        done = subprocess.run([*SMALL_DISK, "/mnt", "true"], capture_output=True, text=True)
    except FileNotFoundError:
        return "unshare is missing"
    return f"no mount namespaces: {done.stderr.strip()}" if done.returncode else None


@pytest.mark.skipif(no_mounts() is not None, reason=no_mounts() or "")
def test_a_disk_that_is_full_is_told_and_the_room_goes_on(open_room, folder, pattern_program, visitor):
    # Home, runtime directory and temporary files of the room and of everything on the desk.
    home = folder / "home"
    home.mkdir()
    work = folder / "work.sh"
    work.write_text('file=$(mktemp -p "$HOME") && head -c 30000 /dev/zero >"$file" || exit 1\nexec tail -f "$file"\n')
    room = open_room(
        prefix=[*SMALL_DISK, home, "env", *(f"{name}={home}" for name in ("HOME", "XDG_RUNTIME_DIR", "TMPDIR"))],
        DESK_APPS=f"{pattern_program} {folder}/app.jsonl; sh {work}",
    )
    ada = visitor("Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    activity = eventually(lambda: room.child("tail -f"), what="the activity runs")
    eventually(lambda: room.health()["status"] == "ok" and room.health()["problems"] == [], what=lambda: f"{room.health()}")
    # As the room sees it.
    disk = Path(f"/proc/{room.pid}/root{home}")
    with pytest.raises(OSError, match="No space left"), open(disk / "full", "wb", buffering=0) as full:
        while True:
            full.write(bytes(1024))
    words = "there is no room left in the home directory"
    eventually(lambda: any(words in one for one in room.health()["problems"]), what=lambda: f"it is told: {room.health()}")
    assert room.health()["status"] == "degraded" and is_ready(room), readiness(room)
    assert "The disk is full; the room goes on" in room.log(100_000) and words in room.log(100_000)
    # What is started again while it is full.
    room.kill(activity)
    for name in ("deskroom desk --link", "pulseaudio", "Xvfb"):
        old = eventually(lambda: room.child(name), what=f"{name} runs")
        room.kill(old)
        eventually(lambda: room.child(name) not in (None, old), what=f"{name} runs again")
        eventually(lambda: is_ready(room), what=lambda: f"the room is ready after {name}: {readiness(room)}")
        ada.wait_for_colours(QUADRANTS, CENTRES)
    ben = visitor("Ben").join(room.address)
    ben.wait_for_colours(QUADRANTS, CENTRES)
    eventually(lambda: value(room, "deskroom_program_restarts_total", program="sh") >= 2, what="the activity is tried")
    assert not room.child("tail -f")
    (disk / "full").unlink()
    eventually(lambda: room.child("tail -f"), what="the activity runs again")
    eventually(lambda: room.health()["status"] == "ok" and room.health()["problems"] == [], what=lambda: f"{room.health()}")
    assert "There is room on the disk again" in room.log(100_000)
    assert (ada.dropped(), ada.problems(), ben.dropped()) == ([], [], [])


@pytest.fixture(scope="module")
def greedy(tmp_path_factory):
    program = tmp_path_factory.mktemp("greedy") / "greedy"
    subprocess.run(["cc", "-O2", "-Wall", "-Werror", "-o", program, CLIENTS / "greedy.c"], check=True)
    return program


def goes_on(room, visitor, words, program):
    """Somebody works with the desk while `program` takes too much, is ended and started again, time after time."""
    ada = visitor("Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    kept = {name: eventually(lambda: room.child(name), what=name) for name in ("deskroom desk --link", "Xvfb", "app.jsonl")}
    restarts = lambda: value(room, "deskroom_program_restarts_total", program=program) or 0  # noqa: E731
    before = restarts()
    eventually(lambda: restarts() >= before + 2, what="it is ended and started again")
    eventually(lambda: any(words in one for one in room.health()["problems"]), what=lambda: f"it is told: {room.health()}")
    assert words in room.log(100_000)
    assert is_ready(room) and room.health()["status"] == "degraded"
    ada.click(300, 200)
    assert ada.holds_control() and ada.state()["problem"] == "connected"
    assert kept == {name: room.child(name) for name in kept}
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_an_activity_that_wants_more_memory_than_it_may_have_is_started_again(
    open_room, folder, pattern_program, greedy, visitor
):
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl; {greedy} 8 50", DESK_APP_MEMORY="64")
    goes_on(room, visitor, "64 MB that it may have (desk.app.memory)", "greedy")


@pytest.fixture
def group():
    """What all programs of a room may have together; it outlives the room, if it comes first."""
    group = memorygroup.MemoryGroup(768)
    yield group
    group.stop()


@pytest.mark.skipif(memorygroup.missing() is not None, reason=memorygroup.missing() or "")
def test_when_memory_runs_out_the_kernel_takes_the_activity_and_the_room_goes_on(
    group, open_room, folder, pattern_program, greedy, visitor
):
    room = open_room(prefix=group.prefix, DESK_APPS=f"{pattern_program} {folder}/app.jsonl; {greedy} 16 20")
    goes_on(room, visitor, "memory ran out: all programs together may have 768 MB", "greedy")
    print(f"the kernel has killed {group.kills()} times")
    assert group.kills() >= 2
