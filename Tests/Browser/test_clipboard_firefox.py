"""The clipboard of a device with Firefox: other programs there copy and paste (clients/clipboard.c), and so do those of the desk."""

import pytest

from copying import DeskPrograms, known, picture, pixels
from handsets import Handset
from visitor import Visitor
from waiting import eventually
from xtyping import Keyboard

WORDS = "Größe, é, 漢字かな, emoji 😀👩‍👩‍👧, עברית\nand a second line\t."
MARKUP = '<p>Größe <b>bold</b> <a href="https://example.invalid/">漢字</a></p>'
LONG = "0123456789abcdé" * 65_536


@pytest.fixture
def hand(tmp_path):
    hand = Handset(tmp_path)
    yield hand
    hand.close()


@pytest.fixture
def keyboard(hand):
    keyboard = Keyboard(hand.display)
    yield keyboard
    keyboard.close()


@pytest.fixture
def there(desk, folder):
    """Programs of the desk."""
    programs = DeskPrograms(desk, folder)
    yield programs
    programs.stop()


@pytest.fixture
def here(hand, tmp_path):
    """Other programs of the device."""
    programs = DeskPrograms(hand, tmp_path)
    yield programs
    programs.stop()


@pytest.fixture
def ada(hand, room):
    ada = Visitor(hand.tab, "Ada").join(room.address)
    ada.take_control()
    return ada


def pressed(desk, key):
    return [entry["text"] for entry in desk.pattern.events("keyDown")].count(key)


def notice(person):
    return person.ask("document.getElementById('notice').textContent")


def copy_elsewhere(ada, programs, **parts):
    """Another program of the device has copied something, and the page is gone back to."""
    count = len(programs.running)
    programs.copy(**parts)
    log = programs.folder / "clipboard.log"
    eventually(lambda: log.read_text().count("ready") > count, what="it is copied")
    ada.ask("(dispatchEvent(new Event('blur')), document.getElementById('keys').focus())")


def test_firefox_copies_and_pastes_both_ways(ada, keyboard, desk, here, there):
    # Onto the desk, by the keyboard.
    sent = picture(4_000_000)
    for parts in ({"text": WORDS.encode()}, {"text": LONG.encode()}, {"text": b"plain", "html": MARKUP.encode()}, {"png": sent}):
        before = pressed(desk, "\x16")
        copy_elsewhere(ada, here, **parts)
        keyboard.shortcut("KeyV")
        eventually(lambda: pressed(desk, "\x16") > before, 90, what=lambda: f"{list(parts)}: the key arrives: {notice(ada)}")
        assert pressed(desk, "\x16") == before + 1
        if "text" in parts:
            assert there.paste() == parts["text"]
        if "html" in parts:
            html = there.paste("html").decode()
            assert "<b>bold</b>" in html and "漢字" in html
        if "png" in parts:
            assert there.paste() is None
            assert pixels(ada, there.paste("png")) == pixels(ada, sent)

    # From the desk, by the button.
    sent = picture(4_000_000, seed=2)
    for parts in ({"text": WORDS.encode()}, {"text": LONG.encode()}, {"text": b"plain", "html": MARKUP.encode(), "png": sent}):
        there.copy(**parts)
        known(ada, *parts)
        eventually(lambda: ada.state()["clipboard"]["bytes"] == sum(map(len, parts.values())), what="the page knows")
        if not ada.ask("document.getElementById('clipboard-copy').checkVisibility()"):
            ada.click_element("clipboard-button")
        ada.click_element("clipboard-copy")
        eventually(lambda: here.paste() == parts["text"], what=lambda: f"{list(parts)}: it is here: {notice(ada)}")
        if "html" in parts:
            assert "<b>bold</b>" in here.paste("html").decode()
            assert pixels(ada, here.paste("png")) == pixels(ada, sent)

    # From the desk, by the keyboard.
    ada.click(640, 360)
    keyboard.shortcut("KeyC")
    eventually(lambda: pressed(desk, "\x03") == 1, what="the key arrives")
    there.copy(text=b"new")
    eventually(lambda: here.paste() == b"new", what=lambda: f"it is here: {here.paste()}; {notice(ada)!r}")
    # What the desk has already goes by the key alone, and is not replaced.
    before = pressed(desk, "\x16")
    keyboard.shortcut("KeyV")
    eventually(lambda: pressed(desk, "\x16") > before, what="the key arrives")
    assert there.paste() == b"new"
