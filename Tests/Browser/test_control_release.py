"""Whatever stops on the way to the desk, nothing stays down for the next person."""

import os
import signal
import time

import pytest

from processes import children
from waiting import eventually
from xstate import SHIFT, XState


@pytest.fixture
def ada(room, visitor):
    ada = visitor("Ada").join(room.address)
    ada.take_control()
    return ada


@pytest.fixture
def x(desk):
    state = XState(desk.x.display)
    yield state
    state.close()


def hold(ada, x):
    """Shift and the left button are down, on the desk too."""
    ada.move(300, 200)
    ada.tab.key_down("Shift")
    ada.tab.down()
    eventually(lambda: x.buttons() == 1 and x.pointer()[2] & SHIFT, what=lambda: f"both are down: {x.pointer()}")


def move_on(ada, seconds):
    end = time.monotonic() + seconds
    step = 0
    while time.monotonic() < end:
        step += 1
        ada.move(300 + step % 200, 200 + step % 100)
        time.sleep(0.05)


def give_up(ada):
    """By the button, past the mouse, whose button is down on the picture."""
    ada.ask("document.getElementById('control').click()")
    eventually(lambda: not ada.holds_control(), what="Ada gave the control up")


def is_clean_for(ben, desk, x):
    """Whether what the next person does is what they do, and no more."""
    ben.take_control()
    ben.click(640, 360)
    ben.type("a")
    eventually(lambda: "a" in desk.pattern.text(), 20, what=lambda: f"Ben's key arrives: {desk.pattern.text()!r}")
    eventually(lambda: not x.held(), what="and is let go")
    return "A" not in desk.pattern.text()


def test_a_desk_process_that_is_stopped_leaves_nothing_held(ada, room, desk, visitor, x):
    hold(ada, x)
    stopped = room.desk_process()
    os.kill(stopped, signal.SIGSTOP)
    move_on(ada, 6)
    ada.close()
    # It was ended, although it does not react, and the next one has let go.
    eventually(lambda: stopped not in children(room.pid), 20, what="the desk process is cut off")
    eventually(lambda: not x.held(), 20, what=lambda: f"nothing is held: {x.keys()}, {x.pointer()}")
    ben = visitor("Ben").join(room.address)
    eventually(lambda: not ben.state()["control"]["held"], 25, every=0.2, what="the control is free")
    assert is_clean_for(ben, desk, x)


def test_a_desk_process_that_pauses_and_goes_on_leaves_nothing_held(ada, room, desk, visitor, x):
    hold(ada, x)
    stopped = room.desk_process()
    os.kill(stopped, signal.SIGSTOP)
    move_on(ada, 1)
    give_up(ada)
    os.kill(stopped, signal.SIGCONT)
    eventually(lambda: not x.held(), 20, what=lambda: f"nothing is held: {x.keys()}, {x.pointer()}")
    ben = visitor("Ben").join(room.address)
    assert is_clean_for(ben, desk, x)


def test_an_x_server_that_is_stopped_leaves_nothing_held(ada, room, desk, visitor, x):
    ben = visitor("Ben").join(room.address)
    hold(ada, x)
    desk_process = room.desk_process()
    os.kill(desk.x.process.pid, signal.SIGSTOP)
    try:
        move_on(ada, 6)
        eventually(lambda: desk_process not in children(room.pid), 20, what="the desk process is cut off")
        # Whoever had control of it asks again.
        eventually(lambda: not ada.holds_control(), what="Ada's control ended with the desk process")
    finally:
        os.kill(desk.x.process.pid, signal.SIGCONT)
    eventually(lambda: not x.held(), 20, what=lambda: f"nothing is held: {x.keys()}, {x.pointer()}")
    eventually(lambda: not ben.state()["control"]["held"], 25, every=0.2, what="the control is free")
    assert is_clean_for(ben, desk, x)


def test_a_desk_process_that_is_killed_leaves_nothing_held(ada, room, desk, x):
    hold(ada, x)
    room.kill(room.desk_process())
    eventually(lambda: not x.held(), 20, what=lambda: f"nothing is held: {x.keys()}, {x.pointer()}")
