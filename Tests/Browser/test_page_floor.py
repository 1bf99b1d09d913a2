"""Giving and taking back control, who is to watch, and consent, against a room inside the page."""

import os
from pathlib import Path

import pytest

from pageroom import attribute, enter, text, wait

SHOTS = os.environ.get("DESKROOM_SHOTS")
ANA = "fake.people.find(({ id }) => id === 2)"


@pytest.fixture
def page(open_page):
    return make(open_page)


def make(open_page, **options):
    page = open_page(reduced_motion="reduce", **options)
    enter(page, {"id": 2, "name": "Ana", "audio": "on"}, {"id": 3, "name": "Ben", "audio": "on"}, {"id": 4, "name": "Cy"})
    return page


def control(page, **state):
    """What the room says; `holder` is an id."""
    holder = state.pop("holder", None)
    page.evaluate(
        "([holder, state]) => fake.control({ holder: fake.people.find(({ id }) => id === holder) ?? null, ...state })",
        [holder, state],
    )


def last(page, kind):
    return page.evaluate("(kind) => fake.last(kind)", kind)


def take(page, **state):
    page.click("#control")
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")
    if state:
        control(page, holder=1, lease=7, **state)


def focused(page):
    return page.evaluate("document.activeElement.id")


def chord(page, key=None):
    held = ("Control", "Alt", "Shift")
    for one in held:
        page.keyboard.down(one)
    if key:
        page.keyboard.press(key)
    for one in reversed(held):
        page.keyboard.up(one)


def shoot(page, name):
    if SHOTS:
        page.wait_for_timeout(300)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def listen(page):
    page.evaluate(
        "() => { window.said = []; const region = document.getElementById('announcement');"
        "new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true }); }"
    )


# Whoever may give control.


def test_control_is_given_to_who_did_not_ask_with_one_tap(page):
    control(page, mayGive=True)
    page.click("#people-button")
    page.click("#people-list [data-person='3'] [data-action='give']")
    wait(page, "fake.last('grantControl')?.person === 3")
    wait(page, "document.getElementById('control-label').textContent === 'Ben is in control'")
    # The list is where it was, and who has control has no button for it any more.
    control(page, holder=3, mayGive=True)
    wait(page, "document.querySelector(\"[data-person='3'] [data-action='give']\") === null")
    assert page.is_visible("#people")
    assert page.evaluate("document.getElementById('people').contains(document.activeElement)")


def test_nobody_else_is_offered_to(page):
    control(page, holder=2)
    page.click("#people-button")
    assert page.query_selector("#people-list .actions") is None
    assert not page.is_visible("#floor-tools") and not page.is_visible("#take-back")


def test_control_is_taken_back_by_its_button(page):
    control(page, holder=2, mayGive=True)
    wait(page, "!document.getElementById('take-back').hidden")
    page.click("#take-back")
    wait(page, "fake.last('grantControl')?.person === 1")
    control(page, holder=1, lease=9, mayGive=True)
    wait(page, "document.getElementById('take-back').hidden && deskroom.state().control.mine")


def test_one_key_ends_control_while_the_desk_has_the_keyboard(page):
    take(page, mayGive=True)
    page.keyboard.press("a")
    before = page.evaluate("deskroom.state().control.sent.keys")
    chord(page, "x")
    wait(page, "fake.count('revokeControl') === 1")
    # The modifiers went to the desk; the letter did not.
    assert page.evaluate("deskroom.state().control.sent.keys") <= before + 6
    assert page.evaluate("fake.count('releaseControl')") == 0


def test_the_key_works_from_the_chat_and_without_the_right_gives_back_ones_own(page):
    control(page, holder=2, mayGive=True)
    page.click("#chat-button")
    page.keyboard.type("Stop")
    chord(page, "x")
    wait(page, "fake.count('revokeControl') === 1")
    assert page.input_value("#chat-text") == "Stop"
    control(page, holder=2)
    chord(page, "x")
    page.wait_for_timeout(200)
    assert page.evaluate("[fake.count('revokeControl'), fake.count('releaseControl')]") == [1, 0]
    control(page)
    page.keyboard.press("Escape")
    take(page)
    chord(page, "x")
    wait(page, "fake.count('releaseControl') === 1")


def test_the_key_that_ended_control_does_not_lead_out_of_the_desk_the_next_time(page):
    take(page, mayGive=True)
    for key in ("Control", "Alt", "Shift", "x"):
        page.keyboard.down(key)
    # The room is faster than a hand.
    wait(page, "fake.count('revokeControl') === 1")
    control(page, mayGive=True)
    wait(page, "!deskroom.state().control.mine && document.activeElement.id === 'control'")
    for key in ("x", "Shift", "Alt", "Control"):
        page.keyboard.up(key)
    for key in ("Alt", "Shift", "d"):
        page.keyboard.down(key)
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")
    for key in ("d", "Shift", "Alt"):
        page.keyboard.up(key)
    assert focused(page) == "keys"


def test_one_person_or_all_are_locked_or_have_their_eyes_on_the_desk(page):
    control(page, mayGive=True)
    page.click("#people-button")
    for action, kind in (("lock", "lock"), ("eyes", "eyesOnMe")):
        page.click(f"#people-list [data-person='2'] [data-action='{action}']")
        wait(page, f"fake.last('{kind}') !== null")
        assert last(page, kind) == {"type": kind, "person": 2, "on": True}
        page.click(f"#{action}-all")
        wait(page, f"fake.count('{kind}') === 2")
        assert last(page, kind) == {"type": kind, "person": None, "on": True}
    control(page, mayGive=True, locked=[2, 3], eyesOnMe=[3], everybody={"locked": True, "eyesOnMe": False})
    wait(page, "document.querySelector(\"[data-person='2'] [data-action='lock']\").getAttribute('aria-pressed') === 'true'")
    assert attribute(page, "#lock-all", "aria-pressed") == "true"
    assert attribute(page, "[data-person='3'] [data-action='eyes']", "aria-pressed") == "true"
    assert "locked: no control" in text(page, "#people-list [data-person='2']")
    assert "eyes on the desk" in text(page, "#people-list [data-person='3']")
    assert page.query_selector("[data-person='2'] [data-action='give']") is None
    page.click("#people-list [data-person='2'] [data-action='lock']")
    wait(page, "fake.last('lock').on === false && fake.last('lock').person === 2")


def test_whoever_may_give_control_is_told_who_asks_and_answers_by_key(page):
    control(page, holder=2, mayGive=True)
    listen(page)
    asked = {"mayGive": True, "asks": [{"id": 3, "name": "Ben"}]}
    control(page, holder=2, **asked)
    page.evaluate(f"() => fake.send({{ type: 'controlRequested', from: {{ id: 3, name: 'Ben' }}, within: null }})")
    wait(page, "!document.getElementById('request').hidden")
    wait(page, "said.includes('Ben asks for control. Press Alt, Shift and A to answer.')")
    page.click("#chat-button")
    page.keyboard.press("Alt+Shift+a")
    assert focused(page) == "request"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait(page, "fake.last('grantControl')?.person === 3")


def test_a_question_says_how_long_it_waits(page):
    take(page)
    page.evaluate("() => fake.control({ holder: fake.you, lease: 7, asks: [{ id: 3, name: 'Ben' }],"
                  "asksUntil: [Date.now() + 20000] })")
    wait(page, "/^(19|20|18) seconds left to answer$/.test(document.getElementById('request-left').textContent)")
    wait(page, "/^1[0-7] seconds left to answer$/.test(document.getElementById('request-left').textContent)")


# Whoever is to watch.


def test_eyes_on_me_brings_the_desk_to_the_front_and_ends_visibly(page):
    page.click("#people-button")
    control(page, presenter={"id": 2, "name": "Ana"}, locked=[1], eyesOnMe=[1])
    wait(page, "!document.getElementById('watching').hidden")
    assert text(page, "#watching") == "Ana asks you to look at the desk."
    assert attribute(page, "#watching", "role") == "status"
    wait(page, "document.getElementById('people').hidden")
    wait(page, "['alone'].includes(document.getElementById('scene').dataset.layout)")
    control(page)
    wait(page, "document.getElementById('watching').hidden")
    assert text(page, "#notice") == "You can look around again." and page.is_visible("#notice")
    wait(page, "document.getElementById('scene').dataset.layout !== 'alone'")


def test_eyes_on_me_leaves_a_half_written_line_alone(page):
    page.click("#chat-button")
    page.keyboard.type("Half a")
    control(page, presenter={"id": 2, "name": "Ana"}, locked=[1], eyesOnMe=[1])
    wait(page, "!document.getElementById('watching').hidden")
    page.keyboard.type(" line")
    assert page.input_value("#chat-text") == "Half a line"


def test_whoever_is_locked_is_told_and_told_when_they_are_not(page):
    control(page, locked=[1])
    wait(page, "!document.getElementById('watching').hidden")
    assert text(page, "#watching") == "You are to watch the desk for now."
    control(page)
    wait(page, "document.getElementById('watching').hidden")
    assert text(page, "#notice") == "You can ask for control again."


# Consent.


def ask_consent(page, **state):
    page.evaluate(f"([state]) => fake.control({{ ...state, holder: state.lease ? fake.you : null, consents: "
                  f"[{{ id: 5, person: {ANA}, given: false, until: Date.now() + 30000 }}] }})", [state])
    wait(page, "!document.getElementById('consent').hidden")


def test_consent_is_asked_without_taking_the_keys_and_given_by_keyboard(page):
    take(page)
    listen(page)
    ask_consent(page, lease=7)
    assert focused(page) == "keys"
    assert text(page, "#consent-line") == "May Ana drive the desk?"
    wait(page, "said.includes('May Ana drive the desk? Press Control, Alt and Shift together to answer.')")
    chord(page)
    assert focused(page) == "consent"
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert last(page, "consent") is None, "not by the Enter of a text"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wait(page, "fake.last('consent')?.given === true")
    assert last(page, "consent") == {"type": "consent", "id": 5, "given": True, "wording": "control-1"}


def test_consent_is_refused_and_taken_back(page):
    ask_consent(page)
    page.click("#consent-no")
    wait(page, "fake.last('consent')?.given === false")
    page.evaluate(f"() => fake.control({{ holder: {ANA}, consents: [{{ id: 5, person: {ANA}, given: true }}] }})")
    wait(page, "!document.getElementById('agreed').hidden && document.getElementById('consent').hidden")
    assert text(page, "#agreed-line") == "Ana drives with your consent."
    page.click("#agreed-end")
    wait(page, "fake.count('consent') === 2 && fake.last('consent').given === false")


# Time.


def test_everybody_sees_how_long_the_holder_has_and_the_holder_is_told_before(page):
    page.evaluate("() => fake.control({ holder: fake.people[1], until: Date.now() + 125000 })")
    wait(page, "/^2:0[0-5]$/.test(document.getElementById('control-time').textContent)")
    control(page)
    wait(page, "document.getElementById('control-time').hidden")
    page.evaluate("() => fake.send({ type: 'controlEnding', within: 30 })")
    wait(page, "!document.getElementById('notice').hidden")
    assert text(page, "#notice") == "Your time in control is over in 30 seconds."


# What is seen.


@pytest.mark.parametrize("width, height", [(1280, 800), (390, 844), (320, 640)])
def test_nothing_is_cut_off_or_covered(open_page, width, height):
    page = make(open_page, width=width, height=height, has_touch=width < 600, is_mobile=width < 600)
    control(page, holder=2, mayGive=True, until=None, rights=["pointer"])
    wait(page, "!document.getElementById('take-back').hidden")
    shoot(page, f"{width}-other")
    inside = """(selector) => [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).map((one) => {
        const box = one.getBoundingClientRect();
        const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return box.left >= 0 && box.right <= innerWidth && box.height >= (innerWidth < 700 ? 44 : 36)
            && (one.contains(at) || one === at) ? '' : `${one.id || one.textContent} ${JSON.stringify(box)} ${at?.id}`;
    }).filter(Boolean)"""
    assert page.evaluate(inside, "#control, #take-back, #people-button, #leave-button") == []
    page.click("#people-button")
    control(page, holder=2, mayGive=True, locked=[3, 4], eyesOnMe=[4])
    wait(page, "document.querySelectorAll('#people-list .actions').length === 3")
    shoot(page, f"{width}-people")
    assert page.evaluate(inside, "#floor-tools button") == []
    page.keyboard.press("Escape")
    page.evaluate(f"() => fake.control({{ holder: {ANA}, presenter: {ANA}, locked: [1], eyesOnMe: [1], consents: [{{ id: 5,"
                  f"person: {ANA}, given: false, until: Date.now() + 30000 }}] }})")
    wait(page, "!document.getElementById('consent').hidden")
    shoot(page, f"{width}-consent")
    assert page.evaluate(inside, "#consent button") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
