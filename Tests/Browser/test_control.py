"""The desk is driven by whoever holds the control, and by nobody else."""

import time

import pytest

import events
from desk import CENTRES, HEIGHT, QUADRANTS, WIDTH
from waiting import eventually

POSITIONS = [(3, 3), (WIDTH - 4, 5), (WIDTH // 2, HEIGHT // 2), (6, HEIGHT - 7), (1001, 613)]
TEXT = "Hello, World! 123\n"


@pytest.fixture
def ada(room, visitor):
    """Someone who sees the desk and holds the control."""
    ada = visitor("Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    return ada


def clicks(desk):
    """Button presses that the pattern got: (x, y, button)."""
    return [(one["x"], one["y"], one["button"]) for one in desk.pattern.events("buttonDown")]


def test_a_click_lands_on_the_same_pixel(ada, desk):
    assert ada.scale() >= 1
    for x, y in POSITIONS:
        ada.click(x, y)
    expected = [(x, y, 1) for x, y in POSITIONS]
    eventually(
        lambda: len(clicks(desk)) >= len(expected), what=lambda: f"the clicks arrive: {clicks(desk)}"
    )
    assert clicks(desk) == expected
    eventually(lambda: len(desk.pattern.events("buttonUp")) == len(expected), what="the buttons are let go")


def test_a_click_lands_within_a_css_pixel_on_a_small_window(room, desk, visitor):
    ada = visitor("Ada", width=360, height=640).join(room.address)
    ada.take_control()
    for x, y in POSITIONS:
        ada.click(x, y)
    eventually(lambda: len(clicks(desk)) == len(POSITIONS), what="the clicks arrive")
    reach = 1 / ada.scale() + 1
    for (x, y), (got_x, got_y, _) in zip(POSITIONS, clicks(desk), strict=True):
        assert abs(x - got_x) <= reach and abs(y - got_y) <= reach


def test_every_button_and_the_wheel_arrive(ada, desk):
    for button in range(3):
        ada.click(300, 200, button)
    ada.wheel(300, 200, 0, 120)
    ada.wheel(300, 200, 0, -120)
    expected = [(300, 200, button) for button in (1, 2, 3, 5, 4)]
    eventually(
        lambda: clicks(desk) == expected,
        what=lambda: f"buttons 1, 2, 3 and a notch each way: {clicks(desk)}",
    )


def test_moves_arrive_and_the_last_one_stays(ada, desk):
    for step in range(60):
        ada.move(100 + 10 * step, 100 + 5 * step)
    last = (100 + 590, 100 + 295)

    def resting_place():
        moves = desk.pattern.events("motion")
        return moves and (moves[-1]["x"], moves[-1]["y"])

    eventually(lambda: resting_place() == last, what=lambda: f"the pointer rests at {last}, not {resting_place()}")


def test_typed_text_arrives_in_an_x_client(ada, desk):
    ada.click(*CENTRES[0])
    ada.type(TEXT)
    eventually(lambda: desk.pattern.text() == TEXT, what=lambda: f"the text arrives: {desk.pattern.text()!r}")
    # The last letter is there when its key goes down.
    eventually(
        lambda: len(desk.pattern.events("keyUp")) == len(desk.pattern.events("keyDown")),
        what="every key is let go",
    )


def test_typed_text_arrives_in_a_terminal(ada, desk, folder):
    typed = folder / "typed.txt"
    desk.start("xterm", "-geometry", "60x10+40+40", "-e", "sh", "-c", f"cat > {typed}")
    eventually(typed.exists, what="the terminal runs")
    time.sleep(0.5)  # xterm's shell starts before its window is there to be clicked.
    ada.click(150, 120)
    ada.type(TEXT)
    eventually(lambda: typed.read_text() == TEXT, what=lambda: f"the text arrives: {typed.read_text()!r}")


def test_nobody_drives_without_the_control(room, desk, visitor):
    ada = visitor("Ada").join(room.address)
    ada.click(300, 200)
    ada.type("x")
    ada.send_raw("control", events.button_down(0, 300, 200))
    ada.send_raw("pointer", events.move(1, 300, 200))
    eventually(lambda: room.health()["control"]["refused"] == 2, what="both are counted")
    assert desk.pattern.events("buttonDown", "motion", "keyDown") == []
    assert (ada.dropped(), ada.problems()) == ([], [])


def test_only_the_holders_events_arrive(ada, room, desk, visitor):
    ben = visitor("Ben").join(room.address)
    ada.click(300, 200)
    eventually(lambda: clicks(desk) == [(300, 200, 1)], what="Ada's click arrives")
    # Ben's page is honest; then it is not, and even knows Ada's lease.
    ben.click(500, 400)
    ben.type("x")
    (lease,) = ada.leases()
    for known in (0, 1, lease, lease + 1):
        ben.send_raw("control", events.button_down(known, 500, 400))
        ben.send_raw("control", events.key_down(known, ord("b")))
        ben.send_raw("pointer", events.move(known, 500, 400, sequence=9999))
    ben.send_raw("control", b"\x02")
    # Twelve that are well-formed, and one that is not; his honest page sent none. A move of Ada's that her own click
    # has overtaken may be among them.
    eventually(lambda: room.health()["control"]["refused"] >= 13, what=lambda: f"they are counted: {room.health()}")
    ada.click(310, 210)
    eventually(lambda: clicks(desk) == [(300, 200, 1), (310, 210, 1)], what="Ada's clicks, and only hers")
    assert desk.pattern.events("keyDown") == []
    assert (500, 400) not in [(one["x"], one["y"]) for one in desk.pattern.events("motion")]
    assert ben.dropped() == ada.dropped() == []
    control = room.health()["control"]
    assert control["refused"] <= 15 and control["undelivered"] == 0
    # A move, and the button down and up, twice.
    assert 5 <= control["forwarded"] <= 8


def test_control_goes_from_hand_to_hand(ada, room, desk, visitor):
    ben = visitor("Ben").join(room.address)
    ada.give_up_control()
    ben.take_control()
    assert not ada.holds_control()
    ada.click(300, 200)
    ben.click(500, 400)
    eventually(lambda: clicks(desk) == [(500, 400, 1)], what=lambda: f"Ben's click, and only his: {clicks(desk)}")


def test_what_was_held_is_let_go_when_the_holder_leaves(ada, room, desk, visitor):
    ada.move(300, 200)
    ada.tab.key_down("Shift")
    ada.tab.down()
    eventually(lambda: desk.pattern.events("keyDown") and clicks(desk), what="Shift and the button are down")
    ada.close()
    eventually(
        lambda: desk.pattern.events("keyUp") and desk.pattern.events("buttonUp"), what="both are let go"
    )
    # Her path counts as lost after a few seconds, and she may come back for ten more with the control still hers.
    ben = visitor("Ben").join(room.address)
    eventually(lambda: not ben.state()["control"]["held"], every=0.2, what="the control is free")
    ben.take_control()
