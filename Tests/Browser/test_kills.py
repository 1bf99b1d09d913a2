"""Whatever is killed comes back: everything, the room itself, the desk process, X, sound, window manager, activity, at random moments.

`DESKROOM_KILLS` says how often (10), `DESKROOM_SEED` with which random numbers (1).
"""

import os
import random
import re
import signal
import ssl
import time
from urllib.parse import urlsplit

from websockets.sync.client import connect

import links
from attackers import enter, say
from desk import CENTRES, QUADRANTS
from processes import children
from room import Room, still_running
from test_api import API, SECRET
from test_floor import act, text
from test_life import reasons, restarted
from test_links import refusal, web_socket
from waiting import eventually
from xstate import XState

KILLS = int(os.environ.get("DESKROOM_KILLS", "10"))
SEED = int(os.environ.get("DESKROOM_SEED", "1"))
# What it is killed by, in the command line of its process.
VICTIMS = {"everything": None, "room": " room --session ", "desk": " desk --link ", "X": "Xvfb", "sound": "pulseaudio", "windows": "openbox", "activity": "app.jsonl"}
# What has to outlive the room itself: X with everybody's windows.
LASTING = ("Xvfb", "pulseaudio", "openbox", "app.jsonl")


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
            lasting = [room.child(words) for words in LASTING]
            if victim == "everything":
                family = children(room.pid)
                room.die()
                room.process.child.wait()
                assert not still_running(family), "everything ends with the keeper"
                room.stop()
                start = time.monotonic()
                room = restarted(room, folder, **settings)
                joins += 1
            else:
                pid = eventually(lambda: room.child(VICTIMS[victim]), what=f"{victim} runs")
                os.kill(pid, signal.SIGKILL)
                eventually(lambda: room.child(VICTIMS[victim]) not in (None, pid), what=f"{victim} runs again")
            if victim == "room":
                assert [room.child(words) for words in LASTING] == lasting, "windows outlive the room"
                joins += 1
            if pressed:
                ada.tab.up()
                ada.tab.key_up("Shift")
            eventually(lambda: ada.state()["problem"] == "connected", what=lambda: f"after {victim}: {ada.state()}")
            ada.wait_for_colours(QUADRANTS, CENTRES)
            eventually(ada.is_ready, what=f"she can do everything again after {victim}")
            slowest = max(slowest, time.monotonic() - start)
            eventually(lambda: not held(room, folder), what=f"nothing is held after {victim}")
            eventually(lambda: zombies(room.pid) == [], what=f"no zombie after {victim}")
            if victim in ("everything", "room"):
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


def test_windows_outlive_the_room(open_room, folder, pattern_program, visitor):
    """A room that crashes is back within seconds at the same address, with the same certificate, links and numbers of events."""
    audit = folder / "audit.jsonl"
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl", DESK_WM="openbox", AUDIT_FILE=str(audit))
    ada = visitor().join(room.address)
    ada.take_control()
    ada.move(340, 200)
    ada.tab.down()
    ada.tab.key_down("Shift")
    eventually(lambda: held(room, folder), what="something is held")
    lasting, killed = [room.child(words) for words in LASTING], room.room_process()
    assert None not in lasting
    start = time.monotonic()
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: ada.state()["problem"] != "connected", what="the page says so")
    eventually(lambda: ada.state()["problem"] == "connected" and ada.is_ready(), what=lambda: f"she is back: {ada.state()}")
    took = time.monotonic() - start
    print(f"back {took:.1f} s after the room was killed; she first joined in {ada.joined_in:.1f} s")
    assert took < 5 + ada.joined_in
    assert [room.child(words) for words in LASTING] == lasting
    assert room.room_process() != killed and room.process.is_running()
    eventually(lambda: not held(room, folder), what="nothing is held")
    ada.tab.up()
    ada.tab.key_up("Shift")
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    ada.click(310, 210)
    assert room.health()["people"] == 1
    eventually(lambda: reasons(audit).count(("joined", None)) == 2, what="the audit goes on")
    assert "".join(room.printed).count("Deskroom is ready") == 1
    assert "The room ended and is started again; the desk goes on" in room.log(1000)


def kill_room(room, *people):
    """Kills the room itself, and waits until these people are back."""
    killed = room.room_process()
    os.kill(killed, signal.SIGKILL)
    for one in people:
        eventually(lambda: one.state()["problem"] != "connected", what=f"{one.name}'s page says so")
    for one in people:
        eventually(lambda: one.state()["problem"] == "connected" and one.is_ready(), what=lambda: f"{one.name} is back: {one.state()}")
    assert room.room_process() != killed
    assert room.health()["people"] == len(people)


def test_a_link_that_was_withdrawn_or_used_up_opens_nothing_after_the_room_was_killed(open_room, desk, visitor):
    room = open_room(desk, API_SECRET=SECRET, **links.SETTINGS)
    used = links.token("client-1", jti="once-1", once=True)
    withdrawn, every = links.token("client-2", jti="bad-1"), links.token("client-3")
    # Who came in by it comes back, though it is used up.
    ben = visitor("Ben").join(f"{room.address}#token={used}")
    for token in (withdrawn, every):
        with web_socket(room) as socket:
            assert enter(socket, "Eve", token=token)
            say(socket, type="leave")
    assert API(room)("DELETE", "/tokens/bad-1")[0] == 204
    assert API(room)("DELETE", "/subjects/client-3/tokens")[0] == 204
    for _ in range(2):
        kill_room(room, ben)
        for token, code in ((used, "tokenSpent"), (withdrawn, "tokenWithdrawn"), (every, "tokenWithdrawn")):
            with web_socket(room) as socket:
                assert refusal(socket, token=token)["code"] == code
    assert text(ben, "notice") == ""
    # One that nobody has used is good, once.
    fresh = links.token("client-4", jti="once-2", once=True)
    with web_socket(room) as socket:
        assert enter(socket, "Cem", token=fresh)
    kill_room(room, ben)
    with web_socket(room) as socket:
        assert refusal(socket, token=fresh)["code"] == "tokenSpent"


def test_people_read_their_chat_and_who_is_locked_stays_so_after_the_room_was_killed(ada, ben, room):
    for one in (ada, ben):
        one.press_button("chat-button")
    ada.write("one")
    ben.wait_for_words("one")
    ben.take_control()
    act(ada, ben, "lock")
    eventually(lambda: "to watch the desk" in text(ben, "watching"), what="Ben sees that he is to watch")
    kill_room(room, ada, ben)
    ben.write("two")
    ada.wait_for_words("two")
    for one in (ada, ben):
        one.wait_for_words("two")
        assert [line["words"] for line in one.messages()] == ["one", "two"]
    assert not ada.holds_control() and not ben.holds_control()
    assert "to watch the desk" in text(ben, "watching")
    ben.click_element("control")
    eventually(lambda: text(ben, "notice") == "You are to watch for now.", what="he does not get control by asking")
    act(ada, ben, "lock")
    ben.take_control()


def test_a_room_that_does_not_stay_up_takes_everything_along(open_room, folder):
    room = open_room()
    family = children(room.pid)
    room.ending = 70
    dead = None
    for _ in range(5):
        pid = eventually(lambda: room.child(" room --session ") not in (None, dead) and room.child(" room --session "),
                         what="the room runs again")
        os.kill(pid, signal.SIGKILL)
        dead = pid
    eventually(lambda: not room.process.is_running(), what="it is given up")
    assert room.process.child.returncode == 70
    assert not still_running(family)


def test_the_next_room_has_the_certificate_and_the_links_of_the_one_before(open_room, desk):
    room = open_room(desk, HTTP_HOST="127.0.0.2", MEDIA_ADDRESSES="127.0.0.1", ACCESS_OPEN="")
    host, port = urlsplit(room.address).hostname, urlsplit(room.address).port
    token = eventually(lambda: re.search(r"^Link for the clinician: \S+#token=(\S+)$", "".join(room.printed), re.MULTILINE),
                       what="the link")[1]

    def joins():
        with connect(f"wss://{host}:{port}/room", ssl=ssl._create_unverified_context(), open_timeout=10) as link:
            return enter(link, "Ada", token=token)

    certificate = ssl.get_server_certificate((host, port))
    assert joins()
    killed = room.room_process()
    os.kill(killed, signal.SIGKILL)

    def again():
        try:
            return ssl.get_server_certificate((host, port))
        except OSError:
            return None

    assert eventually(again, what="the room is back") == certificate
    assert room.room_process() != killed
    assert joins()
    assert "certificate is not kept" not in room.log(1000).partition("is started again")[2]
