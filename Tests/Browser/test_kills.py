"""Whatever is killed comes back: the room, the desk process, X, sound, window manager, activity, at random moments.

`DESKROOM_KILLS` says how often (10), `DESKROOM_SEED` with which random numbers (1).
"""

import os
import random
import signal
import time

from desk import CENTRES, QUADRANTS
from processes import children
from room import Room, still_running
from test_life import reasons, restarted
from waiting import eventually
from xstate import XState

KILLS = int(os.environ.get("DESKROOM_KILLS", "10"))
SEED = int(os.environ.get("DESKROOM_SEED", "1"))
# What it is killed by, in the command line of its process.
VICTIMS = {"room": None, "desk": "deskroom desk --link", "X": "Xvfb", "sound": "pulseaudio", "windows": "openbox", "activity": "app.jsonl"}


def zombies(pid):
    """Children of the room that have ended and that nobody has taken note of."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat") as file:
                state, parent = file.read().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if state == "Z" and int(parent) == pid:
            found.append(entry)
    return found


def held(room, folder):
    """Whether X has any key or button down; asked with the room's key to it."""
    line = next((line for line in children(room.pid).values() if "Xvfb" in line), None)
    if not line:
        return True
    words = line.split()
    os.environ["XAUTHORITY"] = words[words.index("-auth") + 1]
    try:
        state = XState(words[1])
    except AssertionError:
        return True
    try:
        return state.held()
    finally:
        state.close()


def test_whatever_is_killed_comes_back(folder, pattern_program, visitor):
    moments = random.Random(SEED)
    audit = folder / "audit.jsonl"
    settings = {
        "DESK_APPS": f"{pattern_program} {folder}/app.jsonl", "DESK_WM": "openbox", "AUDIT_FILE": str(audit),
    }
    room = Room(folder, **settings)
    counts = dict.fromkeys(VICTIMS, 0)
    slowest, joins = 0.0, 1
    try:
        ada = visitor().join(room.address)
        for _ in range(KILLS):
            victim = moments.choice(list(VICTIMS))
            counts[victim] += 1
            if not ada.holds_control() and moments.random() < 0.7:
                ada.take_control()
            pressed = ada.holds_control() and moments.random() < 0.7
            if pressed:
                ada.move(300 + moments.randrange(100), 200)
                ada.tab.down()
                ada.tab.key_down("Shift")
            time.sleep(moments.random())
            start = time.monotonic()
            if victim == "room":
                family = children(room.pid)
                room.die()
                room.process.child.wait()
                assert not still_running(family), "everything ends with the room"
                room.stop()
                start = time.monotonic()
                room = restarted(room, folder, **settings)
                joins += 1
            else:
                pid = eventually(lambda: room.child(VICTIMS[victim]), what=f"{victim} runs")
                os.kill(pid, signal.SIGKILL)
                eventually(lambda: room.child(VICTIMS[victim]) not in (None, pid), what=f"{victim} runs again")
            if pressed:
                ada.tab.up()
                ada.tab.key_up("Shift")
            eventually(lambda: ada.state()["problem"] == "connected", what=lambda: f"after {victim}: {ada.state()}")
            ada.wait_for_colours(QUADRANTS, CENTRES)
            eventually(ada.is_ready, what=f"she can do everything again after {victim}")
            slowest = max(slowest, time.monotonic() - start)
            eventually(lambda: not held(room, folder), what=f"nothing is held after {victim}")
            eventually(lambda: zombies(room.pid) == [], what=f"no zombie after {victim}")
            if victim == "room":
                eventually(lambda: reasons(audit).count(("joined", None)) == joins, what="the audit has who is back")
        family = children(room.pid)
    finally:
        room.stop()
    print(f"{KILLS} kills with seed {SEED}: {counts}; the slowest took {slowest:.1f} s")
    assert not still_running(family)
    entries = reasons(audit)
    assert entries.count(("joined", None)) == joins
    assert ("ended", "asked") in entries
    # Each room removes what one that was killed has left.
    left = [one for one in folder.iterdir() if one.name.startswith("deskroom-")]
    assert len(left) <= 1, left
