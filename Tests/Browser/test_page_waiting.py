"""The waiting room as its guest sees it, and as whoever lets people in does, against a room inside the page."""

import pytest

from pageroom import attribute, enter, text, wait
from waiting import eventually

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
SAID = """() => {
    window.said = [];
    const region = document.getElementById('announcement');
    new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
}"""


@pytest.fixture
def waiting_page(open_page):
    """Opens a page whose person waits."""

    def start(**options):
        page = open_page(joined=False, before="fake.waits = true;", **options)
        page.fill("#name", "Ben")
        page.keyboard.press("Enter")
        wait(page, "!document.getElementById('wait').hidden")
        return page

    return start


@pytest.fixture
def clinician(open_page):
    """Opens a page whose person may do all that there is to do."""

    def start(**options):
        page = open_page(reduced_motion="reduce", **options)
        enter(page, {"id": 2, "name": "Ben", "audio": "on"}, {"id": 3, "name": "Cem", "audio": "on"})
        page.evaluate("fake.oversee()")
        wait(page, "document.querySelector('#people-list button') !== null")
        return page

    return start


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.dataset.act || document.activeElement.type")


def tab_to(page, wanted, most=60):
    for _ in range(most):
        if focused(page) == wanted:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab; at the end the focus is on {focused(page)}")


# Who waits.


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_whoever_waits_sees_a_calm_page_without_a_name_on_it(waiting_page, options):
    page = waiting_page(**options)
    assert text(page, "#wait-title") == "You are in the waiting room"
    assert focused(page) == "wait-title"
    assert not page.is_visible("#room") and not page.is_visible("#welcome")
    shown = page.evaluate("document.getElementById('wait').innerText")
    assert "Ada" not in shown and "Ben" not in shown
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate(SAID)
    page.evaluate("fake.wait('Five <b>minutes</b>, please.')")
    wait(page, "!document.getElementById('wait-message').hidden")
    assert text(page, "#wait-line") == "Five <b>minutes</b>, please."
    assert page.evaluate("said") == ["A message for you: Five <b>minutes</b>, please."]
    page.evaluate("fake.admit()")
    wait(page, "!document.getElementById('room').hidden && deskroom.state().picture.shown")
    assert page.evaluate("said.at(-1) !== undefined")
    assert page.evaluate("deskroom.state().media") == {"audio": "none", "video": "none"}


def test_camera_microphone_speaker_and_network_are_tried_by_keyboard_alone(waiting_page):
    page = waiting_page()
    tab_to(page, "check-camera")
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('check-picture').videoWidth > 0")
    assert text(page, "#check-camera-words") == "This is your picture."
    tab_to(page, "check-microphone")
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('check-microphone-words').textContent === 'Your microphone works.'")
    assert page.is_visible("#check-level")
    tab_to(page, "check-speaker")
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('check-speaker-words').textContent.startsWith('If you heard nothing')")
    wait(page, "/^The room is reached: \\d+ milli/.test(document.getElementById('check-network-words').textContent)")
    assert page.evaluate("fake.sent.map(({ type }) => type)") == ["join"], "nothing of it leaves the device"
    # In the room nothing of it is on.
    page.evaluate("() => { window.tracks = [document.getElementById('check-picture').srcObject.getTracks()[0]]; }")
    page.evaluate("fake.admit()")
    wait(page, "!document.getElementById('room').hidden")
    assert page.evaluate("tracks[0].readyState") == "ended"
    assert page.evaluate("deskroom.state().media") == {"audio": "none", "video": "none"}


def test_a_lost_connection_is_told_and_the_place_is_asked_for_again(waiting_page):
    page = waiting_page()
    page.evaluate("fake.drop()")
    wait(page, "fake.count('join') === 2")
    assert page.evaluate("fake.last('join').resume") == "waiting-token"
    wait(page, "document.getElementById('wait-lead').textContent.startsWith('Somebody will let you in')")
    assert page.is_visible("#wait")


def test_whoever_is_refused_reads_why_and_may_ask_again(waiting_page):
    page = waiting_page()
    page.evaluate("fake.end('turnedAwayFor', { reason: 'Your appointment is tomorrow.' })")
    wait(page, "!document.getElementById('left').hidden")
    assert text(page, "#left-title") == "You are not let in"
    assert text(page, "#left-text") == "You are not let in at the moment: Your appointment is tomorrow."
    assert text(page, "#rejoin") == "Ask again" and focused(page) == "rejoin"
    page.keyboard.press("Enter")
    wait(page, "!document.getElementById('wait').hidden")
    assert page.evaluate("fake.last('join').resume ?? null") is None


def test_whoever_waits_can_leave(waiting_page):
    page = waiting_page()
    tab_to(page, "wait-leave")
    page.keyboard.press("Enter")
    wait(page, "!document.getElementById('left').hidden && fake.count('leave') === 1")
    assert text(page, "#left-title") == "You have left"


# Who lets them in.


def waiters(*names):
    return [{"id": 20 + n, "name": name, "role": "client", "since": 0, "away": False} for n, name in enumerate(names)]


def tell(page, *names, removed=()):
    page.evaluate("([people, removed]) => fake.queue(people, removed)", [waiters(*names), list(removed)])


def test_who_waits_is_announced_and_takes_no_focus(clinician):
    page = clinician()
    page.click("#control")
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")
    page.evaluate(SAID)
    tell(page, "Dia", "Eli")
    wait(page, "!document.getElementById('lobby-button').hidden")
    assert page.evaluate("said") == ["Dia and Eli wait to be let in."]
    assert focused(page) == "keys"
    assert attribute(page, "#lobby-button", "aria-label") == "Waiting room, 2 people wait"
    assert text(page, "#lobby-count") == "2"
    tell(page, "Dia", "Eli")
    page.wait_for_timeout(200)
    assert len(page.evaluate("said")) == 1, "who was told of already is not told again"


def test_whoever_has_just_come_does_not_wait_for_no_minutes(clinician):
    page = clinician()
    page.evaluate("(people) => fake.queue(people.map((one, n) => ({ ...one, since: Date.now() - n * 130_000 })), [])",
                  waiters("Dia", "Eli"))
    page.click("#lobby-button")
    wait(page, "document.querySelectorAll('.waiter').length === 2")
    notes = page.evaluate("[...document.querySelectorAll('.waiter .note')].map((one) => one.textContent)")
    assert notes == ["client, has just come.", "client, waits for 2 minutes."]


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_people_are_let_in_written_to_and_refused(clinician, options):
    page = clinician(**options)
    tell(page, "Dia", "Eli")
    wait(page, "!document.getElementById('lobby-button').hidden")
    press = page.tap if options else page.click
    press("#lobby-button")
    wait(page, "document.querySelectorAll('.waiter').length === 2")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.locator("#lobby").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    press(".waiter:nth-child(1) [data-act='tell']")
    page.keyboard.type("Five minutes")
    # Somebody else comes meanwhile: what is written stays.
    tell(page, "Dia", "Eli", "Fay")
    wait(page, "document.querySelectorAll('.waiter').length === 3")
    page.keyboard.type(", please")
    page.keyboard.press("Enter")
    wait(page, "fake.last('tell')?.line === 'Five minutes, please' && fake.last('tell').person === 20")
    press(".waiter:nth-child(2) [data-act='refuse']")
    page.keyboard.type("Tomorrow")
    press(".waiter:nth-child(2) button.danger")
    wait(page, "fake.last('refuse')?.person === 21 && fake.last('refuse').reason === 'Tomorrow'")
    press(".waiter:nth-child(1) [data-act='admit']")
    wait(page, "fake.last('admit')?.person === 20")
    press("#lobby-all")
    wait(page, "fake.last('admit').person === undefined")


def test_with_the_keyboard_alone_somebody_is_let_in(clinician):
    page = clinician()
    tell(page, "Dia", "Eli")
    wait(page, "!document.getElementById('lobby-button').hidden")
    tab_to(page, "lobby-button")
    page.keyboard.press("Enter")
    tab_to(page, "admit")
    page.keyboard.press("Enter")
    wait(page, "fake.last('admit')?.person === 20")
    page.evaluate("(people) => fake.queue(people, [])", waiters("Dia", "Eli")[1:])
    wait(page, "document.querySelectorAll('.waiter').length === 1")
    assert focused(page) == "admit", "whoever let somebody in goes on with the next one"
    page.keyboard.press("Escape")
    assert focused(page) == "lobby-button"


def test_whoever_was_removed_can_be_allowed_back(clinician):
    page = clinician()
    tell(page, removed=[{"id": 9, "name": "Gus"}])
    page.click("#lobby-button")
    page.click("#lobby-removed-list button")
    wait(page, "fake.last('allow')?.person === 9")


def test_a_person_without_the_right_has_none_of_it(open_page):
    page = open_page()
    enter(page, {"id": 2, "name": "Ben"})
    page.evaluate("fake.rights([{ id: 1, role: 'client', rights: ['see', 'hear', 'speak'] }])")
    page.click("#people-button")
    assert not page.is_visible("#people-list button")
    for name in ("lobby-button", "mute-all", "end-session"):
        assert not page.is_visible(f"#{name}"), name


# What is done about people.


def test_rights_are_switched_by_keyboard_and_shown_as_the_room_has_them(clinician):
    page = clinician()
    page.click("#people-button")
    page.focus("#people-list [data-person='2'] [data-action='manage']")
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('person').open")
    assert text(page, "#person-title") == "Ben"
    page.focus("#person-rights input[name='speak']")
    page.keyboard.press("Space")
    wait(page, "fake.last('setRights')?.person === 2 && fake.last('setRights').rights.speak === false")
    page.evaluate("fake.switch(2, 'speak', false)")
    wait(page, "document.querySelector(\"#person-rights input[name='speak']\").checked === false")
    # What the room does not do is not shown as done.
    page.focus("#person-rights input[name='chat']")
    page.keyboard.press("Space")
    page.evaluate("fake.send({ type: 'error', step: 'moderate', code: 'onlyClinicians', message: 'No.' })")
    wait(page, "document.querySelector(\"#person-rights input[name='chat']\").checked === true")
    page.keyboard.press("Escape")
    wait(page, "!document.getElementById('person').open")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
def test_muting_and_removal_with_a_reason(clinician, options):
    page = clinician(**options)
    press = page.tap if options else page.click
    press("#people-button")
    press("#people-list [data-person='2'] [data-action='manage']")
    box = page.locator("#person").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]
    press("#person-mute")
    wait(page, "fake.last('mute')?.person === 2")
    press("#person-remove")
    assert page.evaluate("fake.last('remove')") is None, "it is asked first"
    assert focused(page) == "person-reason"
    page.keyboard.type("Please call")
    press("#person-sure button[type='submit']")
    wait(page, "fake.last('remove')?.person === 2 && fake.last('remove').reason === 'Please call'")
    wait(page, "!document.getElementById('person').open")


def test_the_session_is_ended_for_all_only_after_a_question(clinician):
    page = clinician()
    page.click("#people-button")
    tab_to(page, "end-session")
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('ending').open")
    assert focused(page) == "ending-no"
    page.keyboard.press("Enter")
    wait(page, "!document.getElementById('ending').open")
    assert page.evaluate("fake.last('endSession')") is None
    page.click("#people-button")
    page.click("#end-session")
    page.click("#ending-yes")
    wait(page, "fake.last('endSession') !== null")


# What is done about this person.


@pytest.mark.parametrize("code, title, again", [
    ("removed", "You have been removed", False), ("sessionEnded", "The session has ended", True),
])
def test_an_end_is_told_in_words_and_devices_are_let_go(open_page, code, title, again):
    page = open_page()
    page.click("#microphone-button")
    wait(page, "deskroom.state().media.audio === 'on'")
    page.evaluate("(code) => fake.end(code)", code)
    wait(page, "!document.getElementById('left').hidden")
    assert text(page, "#left-title") == title
    assert page.is_visible("#rejoin") == again
    assert page.evaluate("deskroom.state().media.audio") == "none"
    page.wait_for_timeout(1000)
    assert page.evaluate("fake.count('join')") == 1, "the page does not come back by itself"


def test_whoever_is_muted_is_told_and_switches_it_on_again(open_page):
    page = open_page()
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia')?.audio === 'on'")
    page.evaluate("fake.send({ type: 'muted' })")
    wait(page, "fake.last('setMedia').audio === 'muted'")
    assert text(page, "#notice").startswith("Somebody has muted your microphone.")
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia').audio === 'on'")


def test_a_right_that_is_taken_lets_the_device_go_and_is_offered_again_when_it_is_back(open_page):
    page = open_page()
    page.evaluate("fake.rights([{ id: 1, role: 'client', rights: ['see', 'hear', 'speak', 'camera'] }])")
    page.click("#microphone-button")
    wait(page, "deskroom.state().media.audio === 'on'")
    page.evaluate("fake.rights([{ id: 1, role: 'client', rights: ['see', 'hear', 'camera'] }])")
    wait(page, "deskroom.state().media.audio === 'none'")
    # What cannot be pressed by a pointer still says why, to whoever comes to it by keyboard.
    page.focus("#microphone-button")
    page.keyboard.press("Enter")
    wait(page, "document.getElementById('notice').textContent.startsWith('You may not send your microphone')")
    assert page.evaluate("deskroom.state().media.audio") == "none"
    assert attribute(page, "#microphone-button", "aria-disabled") == "true"
    offers = page.evaluate("fake.count('publishOffer')")
    page.evaluate("fake.rights([{ id: 1, role: 'client', rights: ['see', 'hear', 'speak', 'camera'] }])")
    wait(page, f"fake.count('publishOffer') > {offers}")
    page.click("#microphone-button")
    wait(page, "deskroom.state().media.audio === 'on'")


# How pages do.


def test_a_page_tells_how_it_does(open_page):
    page = open_page()
    state = eventually(lambda: page.evaluate("fake.last('pageState')?.state"), what="the page's state")
    assert state["hidden"] is False and state["paused"] is False and state["frozen"] == 0
    # What the page asks for meanwhile does not come.
    page.evaluate("() => { fake.subscribe = () => {}; fake.subscriber.close(); }")
    wait(page, "fake.last('pageState').state.frozen >= 3")


def test_how_a_page_does_stands_on_its_persons_tile_in_words(clinician):
    page = clinician()
    page.evaluate("fake.page(2, { hidden: true, paused: false, soundBlocked: true, frozen: 7 })")
    wait(page, "document.querySelector('.tile[data-person=\"2\"] .delivery').textContent.includes('looks at something else')")
    words = text(page, ".tile[data-person='2'] .delivery")
    assert "sound blocked by the browser" in words and "desk stands still for" in words
    page.evaluate("fake.page(2, { hidden: false, paused: false, soundBlocked: false, frozen: 0 })")
    wait(page, "document.querySelector('.tile[data-person=\"2\"] .delivery').hidden")


def test_control_is_given_on_terms(clinician):
    page = clinician()
    page.click("#people-button")
    page.click("#people-list [data-person='2'] [data-action='manage']")
    assert not page.is_visible("#person-give"), "where nobody else may give it nothing is offered"
    page.evaluate("() => fake.control({ mayGive: true })")
    page.select_option("#give-time", label="5 minutes")
    page.uncheck("#give-keyboard")
    page.click("#person-give button")
    wait(page, "fake.last('grantControl')?.person === 2 && !document.getElementById('person').open")
    given = page.evaluate("fake.last('grantControl')")
    assert given["leaseRights"] == ["pointer"] and given["seconds"] == 300
    wait(page, "document.activeElement.id === 'people-button'")
    page.keyboard.press("Enter")
    page.evaluate("() => fake.control({ mayGive: true })")
    page.click("#people-list [data-person='2'] [data-action='manage']")
    page.check("#give-keyboard")
    page.select_option("#give-time", label="Until it is ended")
    page.click("#person-give button")
    wait(page, "fake.last('grantControl').leaseRights.length === 2")
    assert "seconds" not in page.evaluate("fake.last('grantControl')")
    # Who may use the pointer alone is not offered the keyboard.
    page.click("#people-button")
    page.evaluate("() => fake.control({ mayGive: true })")
    page.click("#people-list [data-person='2'] [data-action='manage']")
    page.evaluate("fake.switch(2, 'keyboard', false)")
    wait(page, "document.getElementById('give-keyboard').disabled && !document.getElementById('give-keyboard').checked")


def test_a_view_of_what_somebody_is_sent_is_opened_and_closed(clinician):
    page = clinician()
    page.click("#people-button")
    page.click("#people-list [data-person='2'] [data-action='manage']")
    page.click("#person-watch")
    wait(page, "fake.last('watch')?.person === 2 && !document.getElementById('watch').hidden")
    assert text(page, "#watch-title") == "What Ben sees"
    page.evaluate("fake.showView(2)")
    wait(page, "document.getElementById('watch-picture').videoWidth > 0")
    page.evaluate("fake.page(2, { hidden: true, paused: false, soundBlocked: false, frozen: 0 })")
    wait(page, "document.getElementById('watch-words').textContent === 'looks at something else'")
    page.click("#watch-close")
    wait(page, "document.getElementById('watch').hidden && fake.last('watch').person === undefined")
