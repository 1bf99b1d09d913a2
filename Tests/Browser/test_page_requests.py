"""Asking for control, being asked for it, and what comes of it, against a room inside the page."""

import pytest

from pageroom import enter, text, wait


@pytest.fixture
def page(open_page):
    page = open_page(reduced_motion="reduce")
    enter(page, {"id": 2, "name": "Ana", "audio": "on"}, {"id": 3, "name": "Ben", "audio": "on"}, {"id": 4, "name": "Cy"})
    return page


def take(page):
    page.click("#control")
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")


def ask(page, person, within=10):
    page.evaluate("([person, within]) => fake.ask(person, within)", [person, within])
    wait(page, "!document.getElementById('request').hidden")


def focused(page):
    return page.evaluate("document.activeElement.id")


def leave_desk(page):
    for key in ("Control", "Alt", "Shift"):
        page.keyboard.down(key)
    for key in ("Control", "Alt", "Shift"):
        page.keyboard.up(key)


# Being asked.


def test_whoever_is_in_control_is_told_and_goes_on_typing_on_the_desk(page):
    take(page)
    page.evaluate("() => { window.said = []; const region = document.getElementById('announcement');"
                  "new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true }); }")
    ask(page, 2)
    assert text(page, "#request-line") == "Ana asks for control"
    assert "by itself" in text(page, "#request-note")
    assert page.evaluate("said") == ["Ana asks for control. Press Control, Alt and Shift together to answer."]
    assert focused(page) == "keys"
    assert page.title() == "Ana asks for control – Deskroom"
    sent = page.evaluate("deskroom.state().control.sent.keys")
    page.keyboard.press("Enter")
    wait(page, f"deskroom.state().control.sent.keys === {sent + 2}")
    assert page.evaluate("fake.last('grantControl') ?? fake.last('declineControl')") is None


def test_control_is_given_with_one_click(page):
    take(page)
    ask(page, 3)
    page.click("#request-yes")
    wait(page, "fake.last('grantControl')?.person === 3 && !deskroom.state().control.mine")
    assert not page.is_visible("#request")
    assert text(page, "#control-label") == "Ben is in control"
    assert page.title() == "Deskroom"
    assert focused(page) == "control"


def test_with_the_keyboard_alone_control_is_kept_or_given(page):
    take(page)
    ask(page, 2)
    leave_desk(page)
    assert focused(page) == "request"
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.evaluate("fake.last('grantControl') ?? fake.last('declineControl')") is None, "not by the Enter of a text"
    page.keyboard.press("Tab")
    assert focused(page) == "request-yes"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait(page, "fake.last('declineControl')?.person === 2")
    wait(page, "document.getElementById('request').hidden && document.activeElement.id === 'keys'")
    assert page.evaluate("deskroom.state().control.mine")
    # The way back without an answer, and without anybody who asks.
    ask(page, 3)
    leave_desk(page)
    page.keyboard.press("Escape")
    assert focused(page) == "keys" and page.is_visible("#request")
    page.evaluate("() => { fake.asks = []; fake.control({ holder: fake.you, lease: 7 }); }")
    wait(page, "document.getElementById('request').hidden")
    leave_desk(page)
    assert focused(page) == "control"


def test_several_who_ask_are_answered_one_after_the_other(page):
    take(page)
    for person in (2, 3, 4):
        ask(page, person)
    wait(page, "deskroom.state().control.asks === 3")
    assert text(page, "#request-line") == "Ana asks for control, and 2 more wait"
    # The room's word is late, and still has the first.
    page.evaluate("() => { window.late = fake.control; fake.control = () => {}; }")
    page.click("#request-no")
    wait(page, "/^Ben asks for control, and one more waits$/.test(document.getElementById('request-line').textContent)")
    page.evaluate("() => late({ holder: fake.you, lease: 7, asks: fake.people.filter(({ id }) => id > 1) })")
    page.wait_for_timeout(200)
    assert text(page, "#request-line") == "Ben asks for control, and one more waits"
    page.evaluate("() => { fake.control = late; fake.control({ holder: fake.you, lease: 7, asks: fake.asks }); }")
    page.wait_for_timeout(200)
    page.evaluate("() => fake.ask(2)")
    wait(page, "/and 2 more wait$/.test(document.getElementById('request-line').textContent)")


def test_a_request_that_never_passes_on_says_nothing_of_it(page):
    take(page)
    ask(page, 2, within=None)
    assert not page.is_visible("#request-note")


def test_control_that_has_passed_on_is_told_in_words(page):
    take(page)
    ask(page, 2)
    page.evaluate("() => fake.control({ holder: fake.people[1], ended: 'Control has passed on.' })")
    wait(page, "document.getElementById('request').hidden && !deskroom.state().control.mine")
    assert page.is_visible("#notice") and text(page, "#notice") == "Control has passed on."


# Asking.


def hold(page):
    page.evaluate("() => { fake.holder = fake.people.find(({ id }) => id === 3); fake.control({ holder: fake.holder }); }")
    wait(page, "document.getElementById('control').dataset.state === 'other'")


def test_whoever_asks_sees_that_the_holder_was_told_and_can_cancel(page):
    hold(page)
    page.click("#control")
    wait(page, "deskroom.state().control.waiting")
    assert text(page, "#control-label") == "Waiting for Ben"
    assert text(page, "#control-hint") == "Cancel"
    assert text(page, "#notice") == "Ben has been told that you ask for control."
    page.click("#control")
    wait(page, "fake.last('releaseControl') !== null && document.getElementById('control').dataset.state === 'other'")
    page.wait_for_timeout(200)
    assert "no answer" not in text(page, "#notice")


@pytest.mark.parametrize(
    "control, words",
    [
        ({"waiting": False, "denied": "Ben would like to keep it for now."}, "Ben would like to keep control for now."),
        ({"waiting": False}, "There was no answer: you do not wait for control any more."),
        ({"holder": None, "denied": "Nobody can be given control now."}, "Nobody can be given control now."),
    ],
)
def test_what_came_of_a_request_is_told(page, control, words):
    hold(page)
    page.click("#control")
    wait(page, "deskroom.state().control.waiting")
    page.evaluate("(control) => fake.control({ holder: fake.holder, ...control })", control)
    wait(page, "!deskroom.state().control.waiting")
    assert text(page, "#notice") == words and page.is_visible("#notice")


def test_control_that_comes_late_does_not_take_the_words_out_of_the_chat(page):
    hold(page)
    page.click("#control")
    wait(page, "deskroom.state().control.waiting")
    page.click("#chat-button")
    page.keyboard.type("Please may I")
    page.evaluate("() => fake.control({ holder: fake.you, lease: 9 })")
    wait(page, "deskroom.state().control.mine")
    assert text(page, "#notice") == "You are in control now."
    page.keyboard.type(" try")
    assert focused(page) == "chat-text"
    assert page.input_value("#chat-text") == "Please may I try"
    assert page.evaluate("deskroom.state().control.sent.keys") == 0


def test_control_that_comes_late_to_somebody_idle_takes_the_keys(page):
    hold(page)
    page.click("#control")
    wait(page, "deskroom.state().control.waiting")
    page.evaluate("() => fake.control({ holder: fake.you, lease: 9 })")
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")


# What the room is told of the page.


def test_the_room_is_told_whether_the_page_is_in_sight(page):
    assert page.evaluate("fake.last('visibility')") == {"type": "visibility", "hidden": False}
    hide = """(hidden) => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    for hidden in (True, False):
        page.evaluate(hide, hidden)
        wait(page, f"fake.last('visibility').hidden === {str(hidden).lower()}")
    page.evaluate(hide, True)
    told = page.evaluate("fake.count('visibility')")
    page.evaluate("() => fake.drop()")
    wait(page, f"fake.count('visibility') === {told + 1} && fake.last('visibility').hidden")


def test_a_notice_waits_for_somebody_to_look(open_page):
    page = open_page()
    page.evaluate("""() => {
        Object.defineProperty(document, 'hidden', { configurable: true, value: true });
        window.setTimeout = ((later) => (act, delay) => later(act, delay > 5000 ? 50 : delay))(setTimeout);
        fake.send({ type: 'error', step: 'chat', message: 'Wait a moment.' });
    }""")
    wait(page, "!document.getElementById('notice').hidden")
    page.wait_for_timeout(400)
    assert page.is_visible("#notice")
    page.evaluate("() => { Object.defineProperty(document, 'hidden', { configurable: true, value: false }); }")
    wait(page, "document.getElementById('notice').hidden")


# What the room refuses.

WORDS = "async (refusals) => { const { refusalWords } = await import('/client/refusal-words.js'); return refusals.map(refusalWords); }"


def test_every_refusal_has_a_sentence(page):
    given = [
        {"step": "chat", "message": "Your message is too long."},
        {"step": "publish", "message": "Your camera \u202ecannot be sent."},
        {"step": "join", "message": "The room does not understand this page: a name has 1 to 64 characters."},
        {"step": "join", "message": "The room does not understand this page: “browser” is not 16 to 128 letters."},
        {"step": "", "message": "The room does not understand this page: there is no message of this type."},
        {"step": "publish", "message": ""}, {"step": "setMedia", "message": None}, {"step": "chat"}, {},
    ]
    assert page.evaluate(WORDS, given) == [
        "Your message is too long.",
        "Your camera \ufffdcannot be sent.",
        "A name has 1 to 64 characters.",
        "The room does not understand this page. Reload it if that goes on. (“browser” is not 16 to 128 letters)",
        "The room does not understand this page. Reload it if that goes on. (there is no message of this type)",
        "Your camera or microphone is not sent to the others.",
        "The room has not taken what this page has asked for. Reload it if that goes on.",
        "Your line in the chat was not taken.",
        "The room has not taken what this page has asked for. Reload it if that goes on.",
    ]


@pytest.mark.parametrize("step", ["publish", "publishOffer", "subscribeAnswer", "restartSubscribe", "views", ""])
def test_no_refusal_is_passed_over_in_silence_while_everything_works(page, step):
    wait(page, "deskroom.state().publish.ice === 'connected'")
    page.evaluate("(step) => fake.send({ type: 'error', step, message: 'One camera a person.' })", step)
    wait(page, "!document.getElementById('notice').hidden")
    assert text(page, "#notice") == "One camera a person."
    assert page.evaluate("deskroom.state().problem") == "connected"


def test_what_stands_in_the_way_of_connecting_stays_on_the_page(open_page):
    page = open_page(joined=False, before="fake.subscribe = () => {};")
    page.fill("#name", "Ada")
    page.click("#join")
    wait(page, "fake.last('publishOffer') !== null")
    page.evaluate("() => fake.send({ type: 'error', step: 'restartSubscribe', message: 'Nothing fits.' })")
    wait(page, "deskroom.state().problem === 'subscribeFailed'")
    assert text(page, "#banner-text") == "Nothing fits."


def test_a_name_that_the_room_refuses_can_be_chosen_anew(open_page):
    page = open_page(joined=False, before="const take = fake.receive; fake.receive = (message) => "
                     "message.type === 'join' && message.name === 'bad' ? fake.send({ type: 'error', step: 'join',"
                     "message: 'The room does not understand this page: the name has characters that cannot be seen.' })"
                     ": take(message);")
    page.fill("#name", "bad")
    page.click("#join")
    wait(page, "document.getElementById('join-error').textContent !== ''")
    assert text(page, "#join-error") == "The name has characters that cannot be seen."
    assert focused(page) == "name"
    page.fill("#name", "Ada")
    page.keyboard.press("Enter")
    wait(page, "deskroom.state().picture.shown")
