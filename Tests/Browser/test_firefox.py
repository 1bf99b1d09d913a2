"""The same desk in Firefox, which has no H.264 of its own here and gets VP8."""

import pytest

from desk import CENTRES, QUADRANTS
from visitor import Visitor
from waiting import eventually


@pytest.fixture
def ada(firefox, room):
    return Visitor(firefox, "Ada").join(room.address)


def test_firefox_sees_hears_and_drives_the_desk(ada, room, desk):
    ada.wait_for_colours(QUADRANTS, CENTRES)
    assert ada.inbound()["codec"] == "video/VP8"
    desk.pattern.obey("block ff8000")
    assert ada.wait_for_colours([(0xFF, 0x80, 0x00)], [(640, 360)]) < ada.joined_in
    desk.sound.play(440)
    ada.hears(440)
    ada.take_control()
    positions = [(300, 200), (1001, 613)]
    for x, y in positions:
        ada.click(x, y)

    def clicks():
        return [(one["x"], one["y"]) for one in desk.pattern.events("buttonDown")]

    eventually(lambda: clicks() == positions, what=lambda: f"the clicks arrive where they were made: {clicks()}")
    text = "Hello, World! 123\n"
    ada.type(text)
    eventually(lambda: desk.pattern.text() == text, what=lambda: f"the text: {desk.pattern.text()!r}")
    room.kill(room.desk_process())
    desk.pattern.obey("block 2030c0")
    ada.wait_for_colours([(0x20, 0x30, 0xC0)], [(640, 360)])
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_firefox_and_chromium_share_a_room(ada, room, visitor):
    ben = visitor("Ben").join(room.address)
    for person in (ada, ben):
        person.wait_for_colours(QUADRANTS, CENTRES)
        assert person.state()["people"] == 2
    ada.take_control()
    eventually(lambda: ben.state()["control"]["held"], what="Ben sees that Ada holds the control")
