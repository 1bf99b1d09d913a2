"""Waiting, being let in, switches, muting, removal and the end, with people in Chromium in a real room."""

import json

import pytest

import chromium
import links
from member import Member
from waiting import eventually

SETTINGS = {**links.SETTINGS, "ROOM_WAITING": ""}
PHONE = {"width": 390, "height": 844}
# A page that says and sends what it likes after it was muted: its track stays as loud as it was.
DEAF = "Object.defineProperty(MediaStreamTrack.prototype, 'enabled', { get: () => true, set() {} });"


@pytest.fixture
def room(open_room, desk):
    return open_room(desk, **SETTINGS)


@pytest.fixture
def arrive(browser_with_devices, room):
    """Brings people before the door by a link of their own: arrive("Ben"), arrive("Ada", "clinician")."""
    members = []

    def come(name, role="client", before="", **size):
        one = Member(chromium.Tab(browser_with_devices, **size), name)
        one.tab.before_pages(before)
        members.append(one)
        address = links.link(room, f"{role}-{name}", role)
        return one.join(address) if role == "clinician" else one.enter(address) or one

    yield come
    for one in members:
        one.close()


@pytest.fixture
def ada(arrive):
    return arrive("Ada", "clinician")


def shown(person, name, within=45):
    """The words of an element, once they can be seen."""
    element = f"document.getElementById('{name}')"
    words = eventually(
        lambda: person.ask(f"{element}.checkVisibility() && {element}.textContent.trim()"), within,
        what=lambda: f"{person.name} sees #{name}; the page shows {person.ask('document.body.innerText')!r}",
    )
    return words


def press_keys(person, *keys):
    for key in keys:
        person.tab.page.keyboard.press(key)


def tab_to(person, expression):
    """By keyboard alone, to the element for which this is true."""
    for _ in range(60):
        if person.ask(f"((one) => {expression})(document.activeElement)"):
            return
        person.tab.page.keyboard.press("Tab")
    raise AssertionError(f"{expression} is not reached by Tab")


def let_in(ada, person):
    shown(ada, "lobby-count")
    ada.press_button("lobby-button")
    eventually(lambda: ada.ask("document.querySelectorAll('.waiter').length") > 0, what="somebody waits")
    ada.ask("document.querySelector('.waiter [data-act=\"admit\"]').click()")
    person.wait_for_picture()
    eventually(person.is_ready, what=lambda: f"{person.name} is in: {person.state()}")
    ada.press_button("lobby-button")


def manage(ada, person):
    """Opens what can be done about somebody."""
    button = f"document.querySelector('#people-list [data-person=\"{person.id}\"] [data-action=\"manage\"]')"
    eventually(lambda: ada.ask(f"{button} !== null"), what=f"{person.name} can be managed")
    ada.ask(f"{button}.click()")


def switch(ada, person, right):
    manage(ada, person)
    ada.ask(f"document.querySelector('#person-rights input[name=\"{right}\"]').click()")
    ada.press_button("person-close")


def hears_nothing(ada):
    """Nobody's voice comes any more, for as long as whole sentences would."""

    def energy():
        return sum(one["totalAudioEnergy"] for one in ada.ask("people.voices()"))

    eventually(lambda: ada.measured(lambda: {"energy": energy()}, 1)["energy"] < 1e-6, what="Ada hears nothing")
    assert ada.measured(lambda: {"energy": energy()}, 2)["energy"] < 1e-6


def test_by_keyboard_alone_somebody_waits_is_written_to_and_comes_in(ada, arrive):
    ben = arrive("Ben")
    assert shown(ben, "wait-title") == "You are in the waiting room"
    assert "Ada" not in ben.ask("document.body.innerText")
    assert ben.state()["publish"]["connection"] == ben.state()["subscribe"]["connection"] == "none"
    assert shown(ada, "lobby-count") == "1"
    assert shown(ada, "announcement") == "Ben waits to be let in."
    tab_to(ada, "one.id === 'lobby-button'")
    press_keys(ada, "Enter")
    tab_to(ada, "one.dataset.act === 'tell'")
    press_keys(ada, "Enter")
    ada.tab.page.keyboard.type("Five minutes, please.")
    press_keys(ada, "Enter")
    assert shown(ben, "wait-line") == "Five minutes, please."
    # Where the line was written, "let in" is the button before.
    press_keys(ada, "Shift+Tab", "Enter")
    ben.wait_for_picture()
    eventually(ben.is_ready, what="Ben is in")
    eventually(lambda: ada.state()["people"] == ben.state()["people"] == 2, what="both see each other")
    # A page that is loaded anew does not wait again, and neither does a new one by the same link.
    ben.tab.reload()
    ben.wait_for_picture()
    assert not ben.ask("document.getElementById('wait').checkVisibility()")


def test_on_a_phone_somebody_waits_and_reads_why_they_are_not_let_in(ada, arrive):
    ben = arrive("Ben", **PHONE)
    shown(ben, "wait-title")
    assert ben.ask("document.documentElement.scrollWidth <= innerWidth")
    shown(ada, "lobby-count")
    ada.press_button("lobby-button")
    ada.ask("document.querySelector('.waiter [data-act=\"refuse\"]').click()")
    ada.tab.page.keyboard.type("Your appointment is tomorrow.")
    press_keys(ada, "Enter")
    assert shown(ben, "left-text") == "You are not let in at the moment: Your appointment is tomorrow."
    eventually(lambda: not ada.ask("document.getElementById('lobby-button').checkVisibility()"), what="nobody waits")
    ben.press_button("rejoin")
    shown(ben, "wait-title")


def test_a_clinician_who_is_gone_locks_nobody_out(ada, arrive):
    ben = arrive("Ben")
    let_in(ada, ben)
    ada.tab.page.close()
    eventually(lambda: ben.ask("document.querySelectorAll('#people-list li').length") == 1, 90, what="Ada is gone")
    ben.tab.reload()
    ben.wait_for_picture()
    cem = arrive("Cem")
    shown(cem, "wait-title")
    back = arrive("Ada", "clinician")
    assert shown(back, "lobby-count") == "1"
    let_in(back, cem)


def test_a_voice_whose_right_is_taken_stops_at_once_and_comes_back_with_it(ada, arrive):
    ben = arrive("Ben")
    let_in(ada, ben)
    ben.turn("microphone", "on")
    ada.wait_to_hear(ben)
    switch(ada, ben, "speak")
    eventually(lambda: ben.state()["media"]["audio"] == "none", what="Ben's microphone is let go")
    hears_nothing(ada)
    ben.press_button("microphone-button")
    assert shown(ben, "notice").startswith("You may not send your microphone")
    # Nor by loading the page anew.
    ben.tab.reload()
    ben.wait_for_picture()
    eventually(ben.is_ready, what="Ben is back")
    ben.press_button("microphone-button")
    hears_nothing(ada)
    switch(ada, ben, "speak")
    eventually(lambda: ben.ask("document.getElementById('microphone-button').ariaDisabled") == "false", what="the right")
    ben.turn("microphone", "on")
    ada.wait_to_hear(ben)


def test_a_right_that_is_taken_and_given_again_without_a_reload(ada, arrive):
    ben = arrive("Ben")
    let_in(ada, ben)
    ben.turn("microphone", "on")
    ada.wait_to_hear(ben)
    switch(ada, ben, "speak")
    hears_nothing(ada)
    switch(ada, ben, "speak")
    eventually(lambda: ben.ask("document.getElementById('microphone-button').ariaDisabled") == "false", what="the right")
    ben.turn("microphone", "on")
    ada.wait_to_hear(ben)


@pytest.mark.parametrize("before", ["", DEAF], ids=["a page that obeys", "a page that does not"])
def test_a_muted_voice_is_not_passed_on_until_its_person_speaks_again(before, ada, arrive):
    ben = arrive("Ben", before=before)
    let_in(ada, ben)
    ben.turn("microphone", "on")
    ada.wait_to_hear(ben)
    manage(ada, ben)
    ada.press_button("person-mute")
    ada.press_button("person-close")
    hears_nothing(ada)
    ada.wait_for_tile(ben, muted="true")
    if before:
        assert ben.state()["media"]["audio"] == "on"
        return
    eventually(lambda: ben.state()["media"]["audio"] == "muted", what="Ben knows")
    ben.turn("microphone", "on")
    ada.wait_to_hear(ben)


def test_whoever_is_removed_reads_why_and_does_not_come_back_unless_allowed(ada, arrive):
    ben = arrive("Ben")
    let_in(ada, ben)
    ben.with_devices()
    manage(ada, ben)
    ada.press_button("person-remove")
    ada.tab.page.keyboard.type("Please call the office.")
    press_keys(ada, "Enter")
    assert shown(ben, "left-title") == "You have been removed"
    assert shown(ben, "left-text") == "You have been removed from this session: Please call the office."
    assert ben.state()["media"] == {"audio": "none", "video": "none"}
    assert ben.state()["subscribe"]["connection"] == "none"
    eventually(lambda: ada.state()["people"] == 1, what="Ben is gone")
    again = arrive("Ben")
    assert shown(again, "left-title") == "You have been removed"
    ada.press_button("lobby-button")
    ada.ask("document.querySelector('#lobby-removed-list button').click()")
    eventually(lambda: ada.ask("document.querySelectorAll('#lobby-removed-list li').length") == 0, what="Ben is allowed")
    arrive("Ben").wait_for_picture()


def test_the_end_is_told_to_everybody(ada, arrive):
    ben = arrive("Ben")
    let_in(ada, ben)
    cem = arrive("Cem")
    shown(cem, "wait-title")
    ada.press_button("end-session")
    ada.press_button("ending-yes")
    for one in (ada, ben, cem):
        assert shown(one, "left-title") == "The session has ended"
    ben.tab.reload()
    late = arrive("Ben")
    assert shown(late, "left-title") == "The session has ended"


def test_a_clinician_sees_what_a_client_is_sent_and_how_their_page_does(ada, arrive, desk):
    ben = arrive("Ben")
    let_in(ada, ben)
    manage(ada, ben)
    ada.press_button("person-watch")
    picture = "document.getElementById('watch-picture')"
    eventually(lambda: ada.ask(f"{picture}.videoWidth") > 0, what="Ada sees Ben's view")
    assert shown(ada, "watch-words") == "All is well"
    assert ada.ask(f"{picture}.videoWidth") == ben.ask("document.getElementById('desk').videoWidth")
    state = {"hidden": True, "paused": False, "soundBlocked": False, "frozen": 0}
    # As the page says it when its tab is hidden, which a headless browser's never is.
    ben.ask("Object.defineProperty(document, 'hidden', { get: () => true, configurable: true }) && true")
    assert eventually(lambda: shown(ada, "watch-words") == "looks at something else", what=json.dumps(state))
    ada.press_button("watch-close")
    eventually(lambda: ada.ask(f"{picture}.srcObject") is None, what="the view is closed")
