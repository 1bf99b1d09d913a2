"""What a hand types in a real browser, whatever its layout, arrives in a field of the desk, whatever the desk's.

The browser has a display of its own, whose keys are pressed. `DESKROOM_MATRIX=1` tries every layout on every desk, in every
field and from both browsers; with `-s`, pytest shows what was wrong, lost and doubled in each of those cells.
"""

import os
from pathlib import Path

import pytest

from desk import CENTRES, QUADRANTS
from handsets import ChromiumHandset, Handset
from typed import differences
from visitor import Visitor
from waiting import eventually
from xkbmap import PLACES, Layout
from xstate import XState
from xtyping import Keyboard

BROWSERS = {
    "us": ("us", ""), "de": ("de", ""), "fr": ("fr", ""), "es": ("es", ""), "it": ("it", ""), "ch": ("ch", ""),
    "pl": ("pl", ""), "ru": ("ru", ""), "gr": ("gr", ""), "il": ("il", ""),
}
DESKS = ["us", "de", "fr"]
FIELDS = ["xterm", "gtk3", "qt5"]
# By browser and field: every layout of a browser once, and every layout of a desk.
SAMPLE = {
    ("chromium", "xterm"): [("de", "us"), ("ru", "fr")], ("chromium", "gtk3"): [("pl", "de")],
    ("chromium", "qt5"): [("es", "fr"), ("il", "us")],
    ("firefox", "xterm"): [("fr", "de"), ("us", "fr")], ("firefox", "gtk3"): [("ch", "us"), ("gr", "fr")],
    ("firefox", "qt5"): [("it", "de")],
}
EVERY = [(browser, desk) for desk in DESKS for browser in BROWSERS]
PROGRAM = Path(__file__).parent / "clients" / "field.py"
# Dead keys, and what they make of a letter.
DEAD = {0xFE50: "à", 0xFE51: "é", 0xFE52: "ô", 0xFE53: "ñ", 0xFE57: "ü"}
BARE = {"à": "a", "é": "e", "ô": "o", "ñ": "n", "ü": "u"}
# As an on-screen keyboard or an emoji picker writes it: with a joiner, a skin tone, and flags.
WHOLE = "👩‍👩‍👧 👍🏽 🇩🇪 日本語"


@pytest.fixture(params=["chromium", "firefox"])
def browser(request):
    return request.param


@pytest.fixture
def hand(browser, tmp_path, request):
    if browser == "chromium":
        hand = ChromiumHandset(tmp_path, request.getfixturevalue("playwright"))
    else:
        hand = Handset(tmp_path)
    yield hand
    hand.close()


@pytest.fixture
def ada(room, desk, hand):
    ada = Visitor(hand.tab, "Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    return ada


@pytest.fixture(params=FIELDS)
def kind(request):
    return request.param


@pytest.fixture
def field(kind, desk, folder, ada):
    """A file with what has been typed into the field."""
    typed = folder / "typed.txt"
    if kind == "xterm":
        desk.start(
            "env", "LC_ALL=C.UTF-8", "xterm", "-u8", "-geometry", "100x20+40+40", "-e", "sh", "-c", f"stty -echo; cat > {typed}",
        )
    else:
        # Without an input method of whoever runs this.
        desk.start(
            "env", "LC_ALL=C.UTF-8", "GTK_IM_MODULE=gtk-im-context-simple", "QT_IM_MODULE=compose", "NO_AT_BRIDGE=1",
            "/usr/bin/python3", str(PROGRAM), kind, str(typed),
        )
    eventually(typed.exists, 60, what=f"{kind} runs")

    def answers():
        ada.click(150, 120)
        ada.type("go\n")
        return "go\n" in typed.read_text(errors="replace")
    eventually(answers, every=0.5, what=f"{kind} takes keys")
    ada.type("ready\n")
    eventually(lambda: typed.read_text(errors="replace").endswith("ready\n"), what="everything typed before is there")
    return typed


def set_desk(ada, layout):
    ada.ask(f"""((choice) => {{
        choice.value = {layout!r};
        choice.dispatchEvent(new Event('change'));
    }})(document.getElementById('layout-choice'))""")
    eventually(lambda: ada.ask("window.deskroom.state().control.layout") == layout, what=f"the desk is {layout}")


def strokes(layout):
    """Everything that the layout's keys write, and what its dead keys make: `[(character, [(code, level), …])]`."""
    written = layout.characters()
    found = [(character, [stroke]) for character, stroke in written.items()]
    for level in layout.levels:
        for code, place in PLACES.items():
            made = DEAD.get(layout.keysym(place, level))
            if made and BARE[made] in written:
                found.append((made, [(code, level), written[BARE[made]]]))
    return found


def test_every_character_arrives_once_and_as_it_was_typed(ada, field, kind, browser, hand, desk):
    keyboard = Keyboard(hand.display)
    spoilt, count, now = {}, 0, None
    for own, wanted in EVERY if os.environ.get("DESKROOM_MATRIX") else SAMPLE[browser, kind]:
        layout = Layout(*BROWSERS[own])
        keyboard.set(*BROWSERS[own])
        if wanted != now:
            set_desk(ada, wanted)
            now = wanted
        all_strokes = strokes(layout)
        before = len(field.read_bytes())
        # Lines, because none may be longer than a terminal takes.
        lines = [all_strokes[start:start + 24] for start in range(0, len(all_strokes), 24)]
        for line in lines:
            for _, keys in line:
                for code, level in keys:
                    keyboard.press(code, level)
            keyboard.press("Enter")
        hand.write(WHOLE + "\n")
        expected = "".join("".join(character for character, _ in line) + "\n" for line in lines) + WHOLE + "\n"

        def arrived():
            return field.read_bytes()[before:].decode(errors="replace")
        eventually(
            lambda: arrived().endswith(WHOLE + "\n"), 90, every=0.2,
            what=lambda: f"{own} on {wanted}: the end is there: {arrived()[-80:]!r}",
        )
        found = arrived()
        figures = differences(expected, found)
        print(f"{browser} with {own} on {wanted} into {kind}: {len(expected)} characters, {figures}")
        if found != expected:
            pairs = zip(expected.split("\n"), found.split("\n"), strict=False)
            spoilt[own, wanted] = figures, [pair for pair in pairs if pair[0] != pair[1]]
        count += len(expected) - expected.count("\n")
    assert spoilt == {}
    told = typed(ada)
    assert told["wrong"] == told["missing"] == 0
    eventually(lambda: typed(ada)["confirmed"] >= count, what=lambda: f"all is confirmed: {typed(ada)}")

    # A program of the desk presses a key and holds it down: what is typed arrives all the same, once, and nothing stays down.
    keyboard.set("us")
    before = len(field.read_bytes())
    program = Keyboard(desk.x.display)
    program.hold("KeyN")
    keyboard.press("KeyN")
    eventually(lambda: typed(ada)["resent"] == 1, what=lambda: f"it is typed again: {typed(ada)}")
    keyboard.press("Enter")
    eventually(lambda: field.read_bytes()[before:] == b"nn\n", what=lambda: f"it arrives: {field.read_bytes()[before:]!r}")
    x = XState(desk.x.display)
    eventually(lambda: not x.held(), what=lambda: f"nothing is down: {x.keys()}")
    for one in (keyboard, program, x):
        one.close()


def typed(ada):
    return ada.state()["control"]["typed"]
