"""The keyboard of the page on a page of its own: no room, no desk."""

import pytest

from pagefiles import blank_page


@pytest.fixture(scope="module")
def page(chromium_browser):
    with blank_page(chromium_browser) as page:
        yield page


@pytest.fixture
def typing(page):
    """A fresh text field whose keys are noted in `window.keys` as `+61`, `-61`."""
    page.evaluate("""async () => {
        const { Typing } = await import('/client/typing.js');
        const { LatchedModifiers } = await import('/client/latched-modifiers.js');
        document.body.innerHTML = '<textarea></textarea>';
        const sink = document.querySelector('textarea');
        const control = new EventTarget();
        control.mine = true;
        window.keys = [];
        control.key = (isDown, keysym) => window.keys.push((isDown ? '+' : '-') + keysym.toString(16));
        control.text = (keysyms) => keysyms.forEach((keysym) => {
            control.key(true, keysym);
            control.key(false, keysym);
        });
        window.latch = new LatchedModifiers(control);
        window.lock = { isDesks: true };
        const clipboard = { cancels: () => false, copying: () => {}, isAbout: () => false, pasting: () => null };
        window.typing = new Typing(sink, { control, latch, lock, clipboard, onLeave: () => window.keys.push('leave') });
        window.releasedByDesk = () => control.dispatchEvent(new Event('released'));
        window.dispatch = (type, init) =>
            sink.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }));
        sink.focus();
    }""")
    return page


def keys(page):
    return " ".join(page.evaluate("window.keys.splice(0)"))


def test_a_key_is_let_go_as_what_it_was_pressed_as(typing):
    for step in [("down", "Shift"), ("down", "A"), ("up", "Shift"), ("up", "a")]:
        getattr(typing.keyboard, step[0])(step[1])
    assert keys(typing) == "+ffe1 +41 -ffe1 -41"


def test_a_held_character_repeats_and_a_held_modifier_does_not(typing):
    for key in "aaa":
        typing.keyboard.down(key)
    typing.keyboard.up("a")
    for key in ["Shift", "Shift"]:
        typing.keyboard.down(key)
    typing.keyboard.up("Shift")
    assert keys(typing) == "+61 +61 +61 -61 +ffe1 -ffe1"


def test_a_modifier_that_was_let_go_elsewhere_is_let_go(typing):
    typing.evaluate("dispatch('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true })")
    typing.evaluate("dispatch('keydown', { key: 'a', code: 'KeyA' })")
    assert keys(typing) == "+ffe3 -ffe3 +61"


CARRIERS = [
    "new PointerEvent('pointerdown', { bubbles: true })", "new PointerEvent('pointermove', { bubbles: true })",
    "new WheelEvent('wheel', { deltaY: 1, bubbles: true })", "new MouseEvent('click', { bubbles: true })",
    "new KeyboardEvent('keyup', { key: 'q', code: 'KeyQ', bubbles: true })",
]


@pytest.mark.parametrize("event", CARRIERS)
def test_any_event_that_says_what_is_down_lets_go_of_the_rest(typing, event):
    # On a Mac, Command, Shift and 4 make a picture of the screen, and their releases never come; Alt and Tab
    # elsewhere.
    held = ""
    for name in ["Meta", "Shift", "Alt"]:
        held += f"{name.lower()}Key: true, "
        typing.evaluate(f"dispatch('keydown', {{ key: '{name}', code: '{name}Left', location: 1, {held} }})")
    assert keys(typing) == "+ffeb +ffe1 +ffe9"
    typing.evaluate(f"document.querySelector('textarea').dispatchEvent({event})")
    assert sorted(keys(typing).split()) == ["-ffe1", "-ffe9", "-ffeb"]


def test_a_move_from_before_the_press_lets_go_of_nothing(typing):
    typing.evaluate("""() => {
        window.early = new PointerEvent('pointermove', { bubbles: true });
        const end = performance.now() + 5;
        while (performance.now() < end);
        dispatch('keydown', { key: 'Shift', code: 'ShiftLeft', location: 1, shiftKey: true });
        document.body.dispatchEvent(early);
    }""")
    assert keys(typing) == "+ffe1"
    typing.evaluate("document.body.dispatchEvent(new PointerEvent('pointermove', { bubbles: true, shiftKey: true }))")
    assert keys(typing) == ""
    typing.evaluate("document.body.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }))")
    assert keys(typing) == "-ffe1"


def test_the_enter_that_ends_a_composition_is_no_return(typing):
    session = typing.context.new_cdp_session(typing)
    session.send("Input.imeSetComposition", {"text": "か", "selectionStart": 1, "selectionEnd": 1})
    session.send("Input.insertText", {"text": "か"})
    assert keys(typing) == "+100304b -100304b"
    # As Safari orders it: after the end of the composition, and not composing.
    enter = "{ key: 'Enter', code: 'Enter', keyCode: 229, isComposing: false }"
    typing.evaluate(f"dispatch('keydown', {enter})")
    typing.evaluate("dispatch('keyup', { key: 'Enter', code: 'Enter', keyCode: 13 })")
    assert keys(typing) == ""
    typing.keyboard.press("Enter")
    assert keys(typing) == "+ff0d -ff0d"


def test_text_is_no_shortcut(typing):
    typing.keyboard.down("Control")
    typing.keyboard.insert_text("a")
    assert keys(typing) == "+ffe3 -ffe3 +61 -61"
    typing.keyboard.up("Control")


def test_what_comes_out_of_a_dead_key_is_sent_as_a_character(typing):
    typing.evaluate("dispatch('keydown', { key: 'Dead', code: 'Quote' })")
    typing.evaluate("dispatch('keydown', { key: 'é', code: 'KeyE' })")
    typing.keyboard.insert_text("é")
    assert keys(typing) == "+e9 -e9"


def test_a_draft_of_an_input_method_is_not_sent(typing):
    session = typing.context.new_cdp_session(typing)
    for draft in ["k", "か", "かん"]:
        session.send("Input.imeSetComposition", {"text": draft, "selectionStart": len(draft), "selectionEnd": len(draft)})
    assert keys(typing) == ""
    session.send("Input.insertText", {"text": "漢"})
    assert keys(typing) == "+1006f22 -1006f22"


def test_an_on_screen_keyboard_types_letter_by_letter(typing):
    typing.evaluate("typing.raise(true)")
    session = typing.context.new_cdp_session(typing)
    for draft in ["h", "hu", "hi"]:
        session.send("Input.imeSetComposition", {"text": draft, "selectionStart": len(draft), "selectionEnd": len(draft)})
    session.send("Input.insertText", {"text": "hi\n"})
    assert keys(typing) == "+68 -68 +75 -75 +ff08 -ff08 +69 -69 +ff0d -ff0d"


def test_backspace_of_an_on_screen_keyboard_is_sent_though_there_is_no_text(typing):
    typing.evaluate("typing.raise(true)")
    typing.evaluate("document.execCommand('delete')")
    assert keys(typing) == "+ff08 -ff08"


def test_control_alt_and_shift_lead_out_unless_another_key_is_pressed(typing):
    chord = ["Control", "Alt", "Shift"]
    for extra, leaves in ([], True), (["x"], False):
        for key in [*chord, *extra]:
            typing.keyboard.down(key)
        for key in reversed([*chord, *extra]):
            typing.keyboard.up(key)
        assert ("leave" in keys(typing)) == leaves


def test_everything_is_let_go_when_the_field_loses_the_focus(typing):
    typing.keyboard.down("x")
    typing.evaluate("document.activeElement.blur()")
    typing.keyboard.up("x")
    typing.evaluate("document.querySelector('textarea').focus()")
    typing.keyboard.press("y")
    typing.evaluate("document.activeElement.blur()")
    assert keys(typing) == "+78 -78 +79 -79"


def test_what_is_latched_is_down_for_the_next_key_only(typing):
    typing.evaluate("latch.toggle('Control')")
    assert keys(typing) == "+ffe3"
    typing.keyboard.press("c")
    typing.keyboard.press("d")
    assert keys(typing) == "+63 -63 -ffe3 +64 -64"
    # The next one may come before the first has been let go, and a held one repeats with it.
    typing.evaluate("latch.toggle('Control')")
    for step in ("down c", "down c", "down d", "up c", "up d"):
        getattr(typing.keyboard, step.split()[0])(step.split()[1])
    assert keys(typing) == "+ffe3 +63 +63 -ffe3 +64 -63 -64"


def test_latched_modifiers_add_up_and_can_be_let_go(typing):
    typing.evaluate("['Control', 'Alt', 'Meta', 'Meta'].forEach((name) => latch.toggle(name))")
    typing.keyboard.press("Delete")
    assert keys(typing) == "+ffe3 +ffe9 +ffeb -ffeb +ffff -ffff -ffe3 -ffe9"
    typing.evaluate("latch.toggle('Shift')")
    typing.keyboard.press("a")
    assert keys(typing) == "+ffe1 +41 -41 -ffe1"


def test_a_key_of_a_hand_takes_a_latched_one_over(typing):
    typing.evaluate("latch.toggle('Control')")
    typing.keyboard.down("Control")
    typing.keyboard.press("c")
    assert not typing.evaluate("latch.holds('Control')")
    assert keys(typing) == "+ffe3 +ffe3 +63 -63"
    typing.keyboard.up("Control")
    assert keys(typing) == "-ffe3"


def test_a_letter_of_an_on_screen_keyboard_is_a_shortcut_with_what_is_latched(typing):
    typing.evaluate("typing.raise(true)")
    typing.evaluate("latch.toggle('Control')")
    typing.keyboard.insert_text("cd")
    assert keys(typing) == "+ffe3 +63 -63 -ffe3 +64 -64"
    typing.evaluate("latch.toggle('Control')")
    typing.evaluate("document.execCommand('delete')")
    assert keys(typing) == "+ffe3 +ff08 -ff08 -ffe3"


def test_nothing_stays_latched_when_everything_is_let_go(typing):
    typing.evaluate("latch.toggle('Control')")
    typing.evaluate("() => { latch.release(); latch.toggle('Alt'); }")
    assert keys(typing) == "+ffe3 -ffe3 +ffe9"
    # The desk has let go by itself.
    typing.evaluate("releasedByDesk()")
    assert typing.evaluate("latch.isEmpty")
    typing.keyboard.press("c")
    assert keys(typing) == "+63 -63"


@pytest.mark.parametrize("is_desks", [True, False])
def test_a_shortcut_that_the_browser_keeps_does_not_reach_the_desk_in_part(typing, is_desks):
    typing.evaluate(f"lock.isDesks = {'true' if is_desks else 'false'}")
    kept = typing.evaluate("""() => {
        const held = { ctrlKey: true };
        dispatch('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ...held });
        const isKept = dispatch('keydown', { key: 't', code: 'KeyT', ...held });
        dispatch('keyup', { key: 't', code: 'KeyT', ...held });
        dispatch('keyup', { key: 'Control', code: 'ControlLeft', location: 1 });
        return isKept;
    }""")
    assert kept is not is_desks
    assert keys(typing) == ("+ffe3 +74 -74 -ffe3" if is_desks else "")


def test_the_desk_gets_a_modifier_once_the_browser_does_not_want_the_key(typing):
    typing.evaluate("lock.isDesks = false")
    typing.evaluate("""() => {
        const held = { ctrlKey: true };
        dispatch('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ...held });
        for (const [key, code] of [['+', 'Equal'], ['c', 'KeyC'], ['0', 'Digit0'], ['v', 'KeyV']]) {
            dispatch('keydown', { key, code, ...held });
            dispatch('keyup', { key, code, ...held });
        }
        dispatch('keyup', { key: 'Control', code: 'ControlLeft', location: 1 });
    }""")
    assert keys(typing) == "+ffe3 +63 -63 +76 -76 -ffe3"
    # One alone may mean something there, and a press with it does.
    typing.keyboard.press("Alt")
    assert keys(typing) == "+ffe9 -ffe9"
    typing.keyboard.down("Control")
    typing.evaluate("document.body.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, ctrlKey: true }))")
    assert keys(typing) == "+ffe3"
    typing.keyboard.up("Control")
    assert keys(typing) == "-ffe3"


def test_the_way_out_is_the_same_for_who_keeps_the_browsers_shortcuts(typing):
    typing.evaluate("lock.isDesks = false")
    for key in ("Control", "Alt", "Shift"):
        typing.keyboard.down(key)
    for key in ("Shift", "Alt", "Control"):
        typing.keyboard.up(key)
    heard = keys(typing).split()
    assert "leave" in heard
    assert not {"+ffe3", "+ffe9"} & set(heard[:heard.index("leave")])


CTRL, ALT, SHIFT, META = {"ctrlKey": True}, {"altKey": True}, {"shiftKey": True}, {"metaKey": True}
SHORTCUTS = [
    ({"key": "t", "code": "KeyT", **CTRL}, True, False),
    ({"key": "T", "code": "KeyT", **CTRL, **SHIFT}, True, False),
    ({"key": "е", "code": "KeyT", **CTRL}, True, False),
    ({"key": "t", "code": "KeyT", **META}, True, True),
    ({"key": "t", "code": "KeyT", **CTRL, **ALT}, False, False),
    ({"key": "c", "code": "KeyC", **CTRL}, False, False),
    ({"key": "I", "code": "KeyI", **CTRL, **SHIFT}, True, False),
    ({"key": "s", "code": "KeyS", **CTRL}, False, False),
    ({"key": "+", "code": "Equal", **CTRL}, True, False),
    ({"key": "0", "code": "Digit0", **CTRL}, True, False),
    ({"key": "F5", "code": "F5"}, True, True),
    ({"key": "F11", "code": "F11"}, True, True),
    ({"key": "F4", "code": "F4"}, False, False),
    ({"key": "F4", "code": "F4", **ALT}, True, False),
    ({"key": "ArrowLeft", "code": "ArrowLeft", **ALT}, True, False),
    ({"key": "ArrowLeft", "code": "ArrowLeft", **CTRL}, False, False),
    ({"key": "Meta", "code": "MetaLeft", **META}, True, False),
    ({"key": "Meta", "code": "AltLeft", **SHIFT, **CTRL}, False, False),
    ({"key": "t", "code": "KeyT"}, False, False),
]


def is_browsers(page, *given):
    script = "async (given) => (await import('/client/browser-shortcuts.js')).isBrowserShortcut(...given)"
    return page.evaluate(script, list(given))


@pytest.mark.parametrize("event, elsewhere, mac", SHORTCUTS, ids=str)
def test_what_a_browser_keeps_is_what_no_program_needs(page, event, elsewhere, mac):
    every = {"ctrlKey": False, "altKey": False, "shiftKey": False, "metaKey": False, **event}
    assert is_browsers(page, every, "other") == elsewhere
    assert is_browsers(page, every, "mac") == mac
