"""Giving, asking for, taking back and ending control, locks and eyes on one desk, with real browsers and a real X server."""

import os
from pathlib import Path

import pytest

import events
from waiting import eventually
from xstate import SHIFT, XState

SHOTS = os.environ.get("DESKROOM_SHOTS")


@pytest.fixture
def x(desk):
    state = XState(desk.x.display)
    yield state
    state.close()


@pytest.fixture
def pair(room, visitor):
    return visitor("Ada").join(room.address), visitor("Ben").join(room.address)


def press(visitor, selector):
    """A click on what a selector finds, wherever the mouse is."""
    eventually(
        lambda: visitor.ask(f"(() => {{ const one = document.querySelector({selector!r});"
                            "if (!one?.checkVisibility()) return false; one.click(); return true; })()"),
        what=f"{visitor.name} can press {selector}",
    )


def act(visitor, other, action):
    """What is done about somebody in the list of people."""
    number = visitor.ask(
        "[...document.querySelectorAll('#people-list li')].find((one) => one.querySelector('bdi').textContent"
        f" === {other.name!r}).dataset.person"
    )
    if visitor.ask("document.getElementById('people').hidden"):
        press(visitor, "#people-button")
    press(visitor, f"#people-list [data-person='{number}'] [data-action='{action}']")


def text(visitor, name):
    return visitor.ask(f"(() => {{ const one = document.getElementById({name!r});"
                       "return one.checkVisibility() ? one.textContent : ''; })()")


def shoot(visitor, name):
    if SHOTS:
        visitor.tab.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def chord(visitor):
    """The key that ends control."""
    for key in ("Control", "Alt", "Shift", "x"):
        visitor.tab.key_down(key)
    for key in ("x", "Shift", "Alt", "Control"):
        visitor.tab.key_up(key)


def hold(visitor, x):
    """Shift and the left button are down, on the desk too."""
    visitor.move(300, 200)
    visitor.tab.key_down("Shift")
    visitor.tab.down()
    eventually(lambda: x.buttons() == 1 and x.pointer()[2] & SHIFT, what=lambda: f"both are down: {x.pointer()}")


def test_a_request_is_declined_granted_or_not_answered_at_all(open_room, desk, visitor):
    room = open_room(desk, CONTROL_TIMEOUT="5")
    ada, ben = visitor("Ada").join(room.address), visitor("Ben").join(room.address)
    ada.take_control()
    ben.click_element("control")
    eventually(lambda: text(ada, "request-line") == "Ben asks for control", what="Ada is asked")
    assert ada.ask("document.activeElement.id") == "keys"
    shoot(ada, "real-asked")
    press(ada, "#request-no")
    eventually(lambda: text(ben, "notice") == "Ada would like to keep control for now.", what="Ben hears No")
    ben.click_element("control")
    eventually(lambda: text(ada, "request-line") != "", what="Ada is asked again")
    eventually(lambda: "There was no answer" in text(ben, "notice"), what="no answer is a No")
    assert text(ada, "request-line") == "" and ada.holds_control()
    ben.click_element("control")
    press(ada, "#request-yes")
    eventually(ben.holds_control, what="Ben has control")


def test_control_is_given_with_one_tap_and_taken_back(pair, desk):
    ada, ben = pair
    act(ada, ben, "give")
    eventually(ben.holds_control, what="Ben has control, who did not ask")
    ben.click(500, 400)
    eventually(lambda: desk.pattern.events("buttonDown"), what="Ben drives")
    assert text(ada, "control-label") == "Ben is in control"
    press(ada, "#take-back")
    eventually(lambda: ada.holds_control() and not ben.holds_control(), what="Ada has taken it back")


def test_the_key_ends_control_and_nothing_stays_down(pair, x):
    ada, ben = pair
    ben.take_control()
    hold(ben, x)
    chord(ada)
    eventually(lambda: not ben.holds_control(), what="Ben has lost control")
    eventually(lambda: not x.held(), what=lambda: f"nothing is held: {x.keys()}, {x.pointer()}")
    eventually(lambda: text(ben, "notice") == "Control was taken back.", what=lambda: f"Ben hears of it: {text(ben, 'notice')!r}")


def test_the_key_works_while_the_desk_has_the_keyboard(pair, desk, x):
    ada, ben = pair
    ada.take_control()
    ada.click(640, 360)
    ada.type("ab")
    eventually(lambda: desk.pattern.text() == "ab", what="Ada types on the desk")
    ada.tab.key_down("c")
    eventually(lambda: x.keys(), what="a key is down")
    chord(ada)
    eventually(lambda: not ada.holds_control(), what="nobody has control")
    eventually(lambda: not x.held(), what=lambda: f"nothing is held: {x.keys()}, {x.pointer()}")
    ada.tab.key_up("c")
    assert desk.pattern.text().lower().count("x") == 0
    ben.take_control()


def test_who_is_locked_loses_control_and_what_they_send_by_hand_is_refused(pair, room, desk):
    ada, ben = pair
    ben.take_control()
    ben.click(300, 200)
    eventually(lambda: len(desk.pattern.events("buttonDown")) == 1, what="Ben drives")
    (lease,) = ben.leases()
    act(ada, ben, "lock")
    eventually(lambda: not ben.holds_control(), what="Ben has lost control")
    eventually(lambda: "to watch the desk" in text(ben, "watching"), what="and sees that he is to watch")
    refused = room.health()["control"]["refused"]
    for known in (lease, lease + 1, 0):
        ben.send_raw("control", events.button_down(known, 500, 400))
        ben.send_raw("control", events.key_down(known, ord("b")))
    eventually(lambda: room.health()["control"]["refused"] >= refused + 6, what="all are counted")
    assert len(desk.pattern.events("buttonDown")) == 1 and desk.pattern.events("keyDown") == []
    ben.click_element("control")
    eventually(lambda: text(ben, "notice") == "You are to watch for now.", what="he does not get it by asking")
    act(ada, ben, "lock")
    eventually(lambda: text(ben, "watching") == "", what="he may again")
    ben.take_control()


def test_eyes_on_me_shows_the_desk_large_until_it_ends(pair):
    ada, ben = pair
    before = ben.scale()
    act(ada, ben, "eyes")
    eventually(lambda: text(ben, "watching") == "Ada asks you to look at the desk.", what="Ben is told")
    eventually(lambda: ben.ask("document.getElementById('scene').dataset.layout") == "alone", what="the desk is alone")
    assert ben.scale() >= before
    shoot(ben, "real-eyes")
    act(ada, ben, "eyes")
    eventually(lambda: text(ben, "watching") == "", what="it has ended")
    assert text(ben, "notice") == "You can look around again."
