"""A whole session: a clinician and two clients, who wait, are let in, consent, drive, and are kept from seeing and staying.

The clinician and one client use nothing but the keyboard, the other client a page of a phone's size.
"""

import os
from pathlib import Path

import pytest

import events
import links
from desk import CENTRES, QUADRANTS
from waiting import eventually
from xstate import XState

SETTINGS = {**links.SETTINGS, "ROOM_WAITING": "client", "CONTROL_CONSENT": "client", "CONTROL_ASK": "clinician", "CONTROL_FREE": "ask",
            "CONTROL_TIMEOUT": "240"}
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PICTURES = os.environ.get("PICTURES")


@pytest.fixture
def room(open_room, desk):
    return open_room(desk, **SETTINGS)


@pytest.fixture
def people(visitor):
    """Ada, a clinician, and Ben and Cem, clients; Cem has a phone."""
    return visitor("Ada", **DESKTOP), visitor("Ben", **DESKTOP), visitor("Cem", **PHONE)


def keys(person, *chord):
    """Presses keys at once: what is held first, what is pressed last."""
    for key in chord:
        person.tab.key_down(key)
    for key in reversed(chord):
        person.tab.key_up(key)


def tab_to(person, selector):
    """By keyboard alone, to what the selector finds."""
    for _ in range(80):
        if person.ask(f"document.activeElement.matches({selector!r})"):
            return
        keys(person, "Tab")
    raise AssertionError(f"{person.name} does not reach {selector} by Tab; {person.ask('document.activeElement.outerHTML')!r}")


def press(person, selector):
    tab_to(person, selector)
    keys(person, " ")


def shown(person, name):
    """The words of an element, once they can be seen."""
    one = f"document.getElementById({name!r})"
    return eventually(
        lambda: person.ask(f"{one}.checkVisibility() && {one}.textContent.trim()"),
        what=lambda: f"{person.name} sees #{name}; the page shows {person.ask('document.body.innerText')!r}",
    )


def is_gone(person, name):
    eventually(lambda: not person.ask(f"document.getElementById({name!r}).checkVisibility()"), what=f"#{name} is gone")


def arrive(person, address):
    person.tab.goto(address)
    tab_to(person, "#name")
    person.type(f"{person.name}\n")


def is_in(person):
    person.wait_for_picture()
    eventually(person.is_ready, what=lambda: f"{person.name} is in: {person.state()}")


def keep(person, name):
    if PICTURES:
        person.tab.page.screenshot(path=Path(PICTURES) / f"clinic_{name}.png")


def is_dark(person):
    """Whether nothing of the desk's four colours is left, in what the browser has decoded."""
    got = person.pixels(CENTRES)
    return bool(got) and len({tuple(pixel) for pixel in got}) == 1 and not person.shows(QUADRANTS, CENTRES)


def test_a_session_from_the_waiting_room_to_its_end(people, room, desk):
    ada, ben, cem = people
    arrive(ada, links.link(room, "clinician-1", "clinician"))
    is_in(ada)

    # Waiting: nobody's name, and no picture.
    arrive(ben, links.link(room, "client-1", "client"))
    assert shown(ben, "wait-title") == "You are in the waiting room"
    arrive(cem, links.link(room, "client-2", "client"))
    shown(cem, "wait-title")
    assert cem.ask("document.documentElement.scrollWidth <= innerWidth")
    for one, others in ((ben, ("Ada", "Cem")), (cem, ("Ada", "Ben"))):
        text = one.ask("document.body.innerText")
        assert not any(name in text for name in others)
        assert one.state()["subscribe"]["connection"] == "none"
    eventually(lambda: shown(ada, "lobby-count") == "2", what="two wait")
    keep(cem, "waits")

    # Admission: one by one, and whoever is left at once.
    press(ada, "#lobby-button")
    shown(ada, "lobby")
    keep(ada, "who_waits")
    press(ada, ".waiter [data-act='admit']")
    is_in(ben)
    press(ada, "#lobby-button")
    if not ada.ask("document.getElementById('lobby').checkVisibility()"):
        press(ada, "#lobby-button")
    press(ada, ".waiter [data-act='admit'], #lobby-all")
    is_in(cem)
    for one in people:
        one.wait_for_colours(QUADRANTS, CENTRES)

    # Consent: the clinician drives once both clients have said yes.
    press(ada, "#control")
    for one in (ben, cem):
        eventually(lambda: shown(one, "consent-line") == "May Ada drive the desk?", what=f"{one.name} is asked")
    keep(cem, "is_asked_for_consent")
    assert not ada.holds_control()
    keys(ben, "Alt", "Shift", "A")
    press(ben, "#consent-yes")
    is_gone(ben, "consent")
    assert not ada.holds_control(), "one of two is not enough"
    cem.click_element("consent-yes")
    eventually(ada.holds_control, what="Ada drives")
    ada.type("ab")
    eventually(lambda: desk.pattern.text() == "ab", what=lambda: f"what Ada types arrives: {desk.pattern.text()!r}")
    assert "Ada" in shown(cem, "control-label")
    keep(cem, "sees_who_drives")

    # Request: the clinician is asked, and says yes without leaving the desk by mouse.
    press(ben, "#control")
    eventually(lambda: shown(ada, "request-line") == "Ben asks for control", what="Ada is asked")
    assert ada.ask("document.activeElement.id") == "keys", "the question takes no focus"
    keep(ada, "is_asked_for_control")
    keys(ada, "Control", "Alt", "Shift")
    keys(ada, "Alt", "Shift", "A")
    press(ada, "#request-yes")
    eventually(ben.holds_control, what="Ben drives")
    for one in (ada, cem):
        eventually(lambda: "Ben" in shown(one, "control-label"), what=f"{one.name} sees who drives")

    # Drive, and revoke by one key while a key is down; what comes under the lease that is over is refused.
    ben.type("c")
    eventually(lambda: desk.pattern.text() == "abc", what="what Ben types arrives")
    (lease,) = ben.leases()
    x = XState(desk.x.display)
    ben.tab.key_down("d")
    eventually(lambda: x.keys(), what="a key is down")
    keys(ada, "Control", "Alt", "Shift", "x")
    eventually(lambda: not ben.holds_control(), what="Ben has lost control")
    eventually(lambda: not x.held(), what=lambda: f"nothing is held: {x.keys()}, {x.pointer()}")
    ben.tab.key_up("d")
    before = desk.pattern.text()
    refused = room.health()["control"]["refused"]
    for number in range(50):
        ben.send_raw("control", events.key_down(lease + number % 3, ord("e")))
    eventually(lambda: room.health()["control"]["refused"] >= refused + 50, what="all are counted")
    assert desk.pattern.text() == before and not x.held()
    x.close()

    # Curtain: the clients' browsers have nothing of it any more, the clinician's has.
    keys(ada, "Alt", "Shift", "K")
    for one in (ben, cem):
        shown(one, "curtain")
        eventually(lambda: is_dark(one), what=lambda: f"{one.name} sees nothing: {one.pixels(CENTRES)}")
    desk.pattern.obey("block ff8000")
    ada.wait_for_colours([(0xFF, 0x80, 0x00)], [(640, 360)])
    assert all(is_dark(one) for one in (ben, cem))
    keep(ben, "behind_the_curtain")
    keep(ada, "has_drawn_the_curtain")
    keys(ada, "Alt", "Shift", "K")
    for one in (ben, cem):
        is_gone(one, "curtain")
        one.wait_for_colours([(0xFF, 0x80, 0x00)], [(640, 360)])

    # Removal, with a reason; the same link does not open the door again.
    press(ada, "#people-button")
    number = ada.ask(
        "[...document.querySelectorAll('#people-list li')].find((one) => one.querySelector('bdi').textContent === 'Cem')"
        ".dataset.person"
    )
    press(ada, f"#people-list [data-person='{number}'] [data-action='manage']")
    press(ada, "#person-remove")
    tab_to(ada, "#person-reason")
    ada.type("please call the office.\n")
    assert shown(cem, "left-title") == "You have been removed"
    assert "please call the office." in shown(cem, "left-text")
    keep(cem, "is_removed")
    assert cem.state()["subscribe"]["connection"] == "none"
    cem.tab.goto("about:blank")
    arrive(cem, links.link(room, "client-2", "client"))
    assert shown(cem, "left-title") == "You have been removed"
    eventually(lambda: ada.state()["people"] == ben.state()["people"] == 2, what="two are left")
    assert [one.problems() for one in people] == [[], [], []]
