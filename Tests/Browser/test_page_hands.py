"""Keys that a device lacks, and whose the shortcuts are, against a room inside the page."""

import pytest

from handspage import LISTEN, WHEEL, drive, keys, left
from pageroom import attribute, enter, people, text, wait
from waiting import eventually

# Keyboard Lock, which takes no effect in a browser that nobody sees.
LOCK = """
    window.locks = [];
    Object.defineProperty(navigator, 'keyboard', { configurable: true, value: {
        lock: async () => { window.locks.push('lock'); }, unlock: () => window.locks.push('unlock'),
    } });
"""
NO_LOCK = "Object.defineProperty(navigator, 'keyboard', { configurable: true, value: undefined });"


@pytest.fixture
def page(open_page):
    return driven(open_page, before=LISTEN + LOCK)


def driven(open_page, **options):
    page = open_page(**options)
    drive(page)
    page.click("#keys-button")
    page.evaluate("left.length = 0")
    return page


def press(page, words):
    page.get_by_role("toolbar").get_by_role("button", name=words, exact=True).click()


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.textContent")


def pressed(page):
    return page.evaluate("[...document.querySelectorAll('#panel-keys [aria-pressed=true]')].map((one) => one.textContent)")


KEYS = [
    ("Esc", "+ff1b -ff1b"), ("Tab", "+ff09 -ff09"), ("Del", "+ffff -ffff"), ("Insert", "+ff63 -ff63"), ("Home", "+ff50 -ff50"),
    ("End", "+ff57 -ff57"), ("Page up", "+ff55 -ff55"), ("Page down", "+ff56 -ff56"), ("Left arrow", "+ff51 -ff51"),
    ("Down arrow", "+ff54 -ff54"), ("F1", "+ffbe -ffbe"), ("F12", "+ffc9 -ffc9"), ("Print", "+ff61 -ff61"),
    ("Menu", "+ff67 -ff67"), ("Ctrl+Alt+Del", "+ffe3 +ffe9 +ffff -ffff -ffe9 -ffe3"), ("Alt+Tab", "+ffe9 +ff09 -ff09 -ffe9"),
    ("Ctrl+W", "+ffe3 +77 -77 -ffe3"), ("Alt+F4", "+ffe9 +ffc1 -ffc1 -ffe9"),
]


def test_keys_of_the_panel_are_pressed_and_let_go_and_take_no_focus(page):
    for words, expected in KEYS:
        press(page, words)
        assert keys(page) == expected, words
        assert focused(page) == "keys"


def test_a_latched_modifier_is_down_for_the_next_key_of_the_panel_or_of_a_hand(page):
    press(page, "Ctrl")
    press(page, "Shift")
    assert pressed(page) == ["Ctrl", "Shift"]
    press(page, "Tab")
    assert keys(page) == "+ffe3 +ffe1 +fe20 -fe20 -ffe3 -ffe1" and pressed(page) == []
    press(page, "Alt")
    page.keyboard.press("x")
    page.keyboard.press("x")
    assert keys(page) == "+ffe9 +78 -78 -ffe9 +78 -78" and pressed(page) == []
    # Super alone is a key, too.
    press(page, "Super")
    press(page, "Super")
    assert keys(page) == "+ffeb -ffeb"


@pytest.mark.parametrize(
    "end, last",
    [
        ("document.getElementById('keys-button').click()", "-ffe3"),
        ("fake.control({ holder: null })", ""),
        ("window.dispatchEvent(new Event('blur'))", "all"),
        ("Object.defineProperty(document, 'hidden', { value: true }) && document.dispatchEvent(new Event('visibilitychange'))",
         "all"),
    ],
)
def test_nothing_stays_down_however_it_ends(page, end, last):
    press(page, "Ctrl")
    assert keys(page) == "+ffe3"
    page.evaluate(f"() => {{ {end}; }}")
    wait(page, "document.querySelector('#panel-keys [aria-pressed=true]') === null")
    assert keys(page) == last


def test_the_panel_is_there_for_whoever_may_type_only(open_page):
    page = open_page(before=LISTEN)
    enter(page, *people(1))
    assert not page.is_visible("#keys-button")
    drive(page)
    assert attribute(page, "#keys-button", "aria-expanded") == "false" and not page.is_visible("#key-panel")
    page.click("#keys-button")
    assert attribute(page, "#keys-button", "aria-expanded") == "true" and page.is_visible("#key-panel")
    page.focus("#panel-keys button")
    page.evaluate("() => fake.control({ holder: fake.people[1] })")
    wait(page, "!document.getElementById('keys-button').checkVisibility()")
    assert not page.is_visible("#key-panel") and focused(page) == "control"
    page.evaluate("() => fake.control({ holder: fake.you, lease: 8, rights: ['pointer'] })")
    wait(page, "deskroom.state().control.mine")
    assert not page.is_visible("#keys-button")


def test_the_panel_is_one_stop_of_the_keyboard_and_escape_closes_it(open_page):
    page = open_page(before=LISTEN)
    drive(page)
    page.focus("#keys-button")
    page.keyboard.press("Enter")
    assert focused(page) == "Ctrl"
    for key, expected in (("ArrowRight", "Alt"), ("ArrowLeft", "Ctrl"), ("End", "F12"), ("ArrowRight", "Ctrl"), ("Home", "Ctrl")):
        page.keyboard.press(key)
        assert focused(page) == expected, key
    page.keyboard.press("Space")
    assert pressed(page) == ["Ctrl"]
    page.keyboard.press("Tab")
    assert focused(page) == "shortcuts-choice"
    page.keyboard.press("Escape")
    assert focused(page) == "keys-button" and not page.is_visible("#key-panel")
    assert keys(page) == "+ffe3 -ffe3"
    page.keyboard.press("Enter")
    assert pressed(page) == []


def test_shortcuts_are_kept_from_the_browser_in_full_screen_while_somebody_drives(page):
    assert "in full screen only" in text(page, "#shortcuts-note")
    page.click("#fullscreen-button")
    wait(page, "document.fullscreenElement?.id === 'room' && locks.length > 0")
    assert page.evaluate("locks") == ["lock"]
    wait(page, "document.getElementById('shortcuts-note').textContent.startsWith('All of them, as long as')")
    page.uncheck("#shortcuts-choice")
    wait(page, "locks.join() === 'lock,unlock'")
    assert text(page, "#shortcuts-note").startswith("The browser keeps its own")
    page.check("#shortcuts-choice")
    wait(page, "locks.join() === 'lock,unlock,lock'")
    # Who only watches keeps them.
    page.click("#control")
    wait(page, "locks.join() === 'lock,unlock,lock,unlock'")
    page.evaluate("document.exitFullscreen()")
    wait(page, "document.fullscreenElement === null")
    assert page.evaluate("locks.length") == 4


def test_a_browser_without_keyboard_lock_says_so(open_page):
    page = driven(open_page, before=LISTEN + NO_LOCK)
    assert text(page, "#shortcuts-note").startswith("This browser or the system may keep some, such as Ctrl+W")


def test_whose_shortcuts_are_is_kept_in_this_browser(page):
    page.uncheck("#shortcuts-choice")
    page.reload()
    wait(page, "deskroom.state().picture.shown")
    drive(page)
    page.click("#keys-button")
    assert not page.is_checked("#shortcuts-choice")
    page.focus("#keys")
    page.evaluate("left.length = 0")
    kept = page.evaluate("""() => {
        const sent = (type, init) => document.getElementById('keys').dispatchEvent(
            new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }));
        sent('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
        return [sent('keydown', { key: 'r', code: 'KeyR', ctrlKey: true }), sent('keydown', { key: 'F5', code: 'F5' }),
            sent('keydown', { key: 's', code: 'KeyS', ctrlKey: true })];
    }""")
    # Whether the browser may go on with each.
    assert kept == [True, True, False]
    assert keys(page).startswith("+ffe3 +73")


def test_the_wheel_with_control_is_the_browsers_zoom_for_whom_it_keeps_it(page):
    page.uncheck("#shortcuts-choice")
    page.mouse.move(400, 200)
    turn = """() => document.getElementById('desk').dispatchEvent(new WheelEvent('wheel',
        { deltaY: 100, ctrlKey: true, clientX: 400, clientY: 200, bubbles: true, cancelable: true }))"""
    assert page.evaluate(turn)
    assert left(page, WHEEL) == []
    page.check("#shortcuts-choice")
    assert not page.evaluate(turn)
    eventually(lambda: left(page, WHEEL), what="the desk's wheel")


def test_control_ends_by_the_same_keys_whoever_has_the_shortcuts(page):
    for choose in (page.uncheck, page.check):
        choose("#shortcuts-choice")
        page.focus("#keys")
        for key in ("Control", "Alt", "Shift"):
            page.keyboard.down(key)
        for key in ("Shift", "Alt", "Control"):
            page.keyboard.up(key)
        assert focused(page) == "control"
        page.focus("#keys")
        for key in ("Control", "Alt", "Shift"):
            page.keyboard.down(key)
        page.keyboard.press("x")
        for key in ("Shift", "Alt", "Control"):
            page.keyboard.up(key)
        wait(page, "!deskroom.state().control.mine")
        page.click("#control")
        wait(page, "deskroom.state().control.mine")
        page.click("#keys-button")
