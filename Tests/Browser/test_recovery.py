"""What ends on the desk comes back, and the people in the room stay."""

import time

import pytest

from desk import CENTRES, QUADRANTS, Sound, tone
from waiting import eventually


def test_the_picture_comes_back_after_the_desk_process_is_killed(room, desk, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    old = room.desk_process()
    room.kill(old)
    # A picture of the desk as it is now, not the last one of before.
    desk.pattern.obey("block ff8000")
    took = ada.wait_for_colours([(0xFF, 0x80, 0x00)], [(640, 360)])
    assert room.desk_process() != old
    # The desk process starts anew, and the browser goes on: less than joining twice.
    assert took < 2 * ada.joined_in
    # Control of the desk before is not control of this one.
    eventually(lambda: not ada.holds_control(), what="control has ended")
    ada.take_control()
    ada.click(300, 200)
    eventually(lambda: desk.pattern.events("buttonDown"), what="control is there for the asking")
    assert (ada.dropped(), ada.problems()) == ([], [])
    assert ada.state()["problem"] == "connected"


def test_the_picture_comes_back_with_an_x_server_that_was_killed(room, desk, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    desk.x.process.kill()
    eventually(lambda: ada.state()["problem"] != "connected", what="the page says that the screen is away")
    words = ada.state()["words"]
    assert words and "X" not in words.split(), f"words for a person: {words}"
    desk.x.restart()
    back = time.monotonic()
    desk.pattern.start()
    desk.pattern.obey("block ff8000")
    ada.wait_for_colours([*QUADRANTS, (0xFF, 0x80, 0x00)], [*CENTRES, (640, 360)])
    took = time.monotonic() - back
    assert took < 3 * ada.joined_in, f"the picture was back {took:.1f} s after the X server"
    eventually(lambda: ada.state()["problem"] == "connected", what="the page says that all is well")
    assert (ada.dropped(), ada.problems()) == ([], [])


@pytest.fixture
def whole_room(open_room, pattern_program, folder):
    """A room that runs X server, sound server and the pattern itself."""
    record = folder / "app.jsonl"
    return open_room(DESK_APPS=f"{pattern_program} {record}")


def test_the_room_brings_back_its_own_x_server_and_programs(whole_room, visitor):
    ada = visitor().join(whole_room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    old = whole_room.child("Xvfb")
    whole_room.kill(old)
    new = eventually(lambda: (pid := whole_room.child("Xvfb")) != old and pid, what="another X server runs")
    start = time.monotonic()
    eventually(lambda: ada.state()["problem"] != "connected", what="the page says so")
    ada.wait_for_colours(QUADRANTS, CENTRES)
    eventually(lambda: ada.state()["problem"] == "connected", what="the page says that all is well")
    took = time.monotonic() - start
    assert whole_room.child("Xvfb") == new, "once is enough"
    assert took < 3 * ada.joined_in, f"the picture was back after {took:.1f} s"
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_the_room_brings_back_its_own_sound_server(open_room, folder, visitor):
    # The player ends with the sound server, and is started again like every program of the desk.
    room = open_room(DESK_APPS=f"paplay {tone(folder, 440, 60)}")
    ada = visitor().join(room.address)
    ada.hears(440)
    old = room.child("pulseaudio")
    room.kill(old)
    eventually(lambda: room.child("pulseaudio") not in (None, old), what="another sound server runs")
    packets = ada.inbound("audio")["packetsReceived"]
    eventually(lambda: ada.inbound("audio")["packetsReceived"] > packets + 50, what="there is sound again")
    ada.hears(440)
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_a_sound_server_that_was_killed_is_found_again(room, desk, visitor):
    ada = visitor().join(room.address)
    desk.sound.play(440)
    ada.hears(440)
    desk.sound.process.kill()
    for player in desk.sound.players:
        eventually(lambda: not player.is_running(), what="the player ended")
    desk.sound = Sound(desk.folder)
    desk.sound.play(1000)
    ada.hears(1000)
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_a_lost_websocket_is_resumed_without_losing_control_or_picture(room, desk, visitor):
    ada = visitor().join(room.address)
    ada.take_control()
    ada.ask("probe.sockets[0].socket.close()")
    eventually(lambda: ada.ask("probe.sockets.length") == 2, what="the page opens another WebSocket")
    eventually(lambda: ada.state()["signalling"]["state"] == "joined", what="the page is in the room again")
    eventually(ada.holds_control, what="the control is still hers")
    ada.click(300, 200)
    eventually(lambda: desk.pattern.events("buttonDown"), what="the click arrives")
    assert ada.ask("probe.connections.length") == 2
    assert ada.dropped() == ["WebSocket"]
