"""Time that does not go on evenly: everything stands still for a while, and the wall clock is set."""

import json
import os
import re
import signal
import struct
import subprocess
import time

import pytest

import links
from attackers import enter, say
from desk import CENTRES, CLIENTS, QUADRANTS
from processes import children
from test_kills import held
from test_life import reasons
from test_links import refusal, web_socket
from waiting import eventually

# Seconds: longer than a browser waits for a sign of life.
STANDSTILL = int(os.environ.get("DESKROOM_STANDSTILL", "40"))


def is_back(person):
    return person.state()["problem"] == "connected" and person.is_ready()


def test_pages_are_back_by_themselves_after_everything_stood_still(open_room, folder, pattern_program, visitor):
    """As by suspend and resume: room and desk see the time jump, and browsers a room that is silent."""
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl")
    people = [visitor(name).join(room.address) for name in ("Ada", "Ben")]
    ada = people[0]
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    ada.move(300, 200)
    ada.tab.down()
    ada.tab.key_down("Shift")
    eventually(lambda: held(room, folder), what="the desk has them down")
    # The room first: it must not see how anything else stops.
    family = {room.pid: "room", **children(room.pid)}
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(STANDSTILL)
    ada.tab.up()
    ada.tab.key_up("Shift")
    noticed = [person.state()["problem"] != "connected" for person in people]
    start = time.monotonic()
    for pid in family:
        os.kill(pid, signal.SIGCONT)
    took = []
    for person in people:
        eventually(lambda: is_back(person), what=lambda: f"{person.name} is back: {person.state()}")
        took.append(time.monotonic() - start)
    print(f"{STANDSTILL} s still: noticed {noticed}; back after {took[0]:.1f} and {took[1]:.1f} s")
    # Less than five seconds; a busy machine takes longer for the same.
    assert max(took) < max(5, 3 * ada.joined_in)
    eventually(lambda: not held(room, folder), what="nothing is held")
    ada.wait_for_colours(QUADRANTS, CENTRES)
    if not ada.holds_control():
        ada.take_control()
    ada.click(310, 210)
    eventually(lambda: not held(room, folder), what="nothing is held")
    eventually(lambda: "The room stood still for a while" in room.log(100_000), what="the log says so")
    # Nothing was taken for stuck that was only asleep.
    gone = set(family) - set(children(room.pid)) - {room.pid}
    assert not gone, {family[pid] for pid in gone}


@pytest.fixture(scope="module")
def clock(tmp_path_factory):
    """What shifts the wall clock of the processes that it is loaded into."""
    library = tmp_path_factory.mktemp("clock") / "clock.so"
    source = CLIENTS / "clock.c"
    subprocess.run(["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, source], check=True)
    return library


def test_a_clock_that_is_set_changes_times_of_day_and_nothing_else(open_room, folder, clock, pattern_program, visitor):
    shift, pipe, audit = folder / "shift", folder / "commands", folder / "audit.jsonl"

    def set_clock(seconds):
        # In place: it is mapped.
        with open(shift, "r+b" if shift.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds * 1_000_000_000))

    set_clock(0)
    os.mkfifo(pipe)
    room = open_room(
        prefix=["env", f"LD_PRELOAD={clock}", f"SHIFTED_CLOCK={shift}"], DESK_ENVIRONMENT="LD_PRELOAD,SHIFTED_CLOCK",
        DESK_APPS=f"{pattern_program} {folder}/app.jsonl <> {pipe}",
        AUDIT_FILE=str(audit), LIFE_LONGEST="30", CONTROL_IDLE="300", **links.SETTINGS,
    )
    ada = visitor("Ada").join(links.link(room, "dr-1", "clinician"))
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ben = visitor("Ben").join(links.link(room, "client-1"))
    # For twenty minutes, which are to be over when they are, and nobody's clock says otherwise.
    ada.ask("probe.sockets[0].socket.send(JSON.stringify({type: 'grantControl', person: 1, seconds: 1200}))")
    eventually(ada.holds_control, what="Ada has the control")
    half, three = links.token("client-2", exp=int(time.time()) + 1800), links.token("client-3", exp=int(time.time()) + 10_800)
    with open(pipe, "w") as commands:
        for step, colour in ((3600, "ff8000"), (0, "0080ff"), (-3600, "80ff00"), (0, "8000ff")):
            before = room.log(100_000).count("The clock of this machine was set")
            set_clock(step)
            # Whoever comes now reckons by the same clock as those who were there.
            eventually(lambda: room.log(100_000).count("The clock of this machine was set") > before, what="it is told")
            with web_socket(room) as socket:
                if step > 0:
                    assert refusal(socket, token=half)["code"] == "tokenExpired"
            with web_socket(room) as socket:
                welcome = enter(socket, "Cem", token=three)
                assert welcome["control"]["holder"]["id"] == 1
                assert 1_000_000 < welcome["control"]["until"] - welcome["now"] <= 1_200_000, welcome
                say(socket, type="leave")
            # Media goes on both ways, and the control is still hers.
            commands.write(f"block {colour}\n")
            commands.flush()
            ada.wait_for_colours([tuple(bytes.fromhex(colour))], [(640, 360)])
            ben.wait_for_colours([tuple(bytes.fromhex(colour))], [(640, 360)])
            assert ada.holds_control()
            clicks = (folder / "app.jsonl").read_text().count("buttonDown")
            ada.click(300, 200)
            eventually(lambda: (folder / "app.jsonl").read_text().count("buttonDown") > clicks, what="a click arrives")
            assert is_back(ada) and is_back(ben)
    assert [person.dropped() for person in (ada, ben)] == [[], []]
    room.stop()
    seconds = [int(one) for one in re.findall(r"seconds=(-?\d+) .*The clock of this machine was set", room.log(100_000))]
    assert [round(one, -1) for one in seconds] == [3600, -3600, -3600, 3600], seconds
    assert ("ended", "asked") in reasons(audit)
    # Between two entries that say so times rise.
    last, steps = "", []
    for entry in map(json.loads, audit.read_text().splitlines()):
        if entry["event"] == "clockSet":
            steps.append(round(entry["milliseconds"] / 10_000) * 10)
            last = ""
        assert entry["at"] >= last, entry
        last = entry["at"]
    assert steps == [3600, -3600, -3600, 3600], steps
