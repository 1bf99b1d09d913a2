"""The times, the order and the length of what is written, against a room inside the page."""

import pytest

from pagefiles import blank_page
from pageroom import attribute, pages, text, wait

HOUR = 3_600_000
# 25 November 2026, 10:15 in the room.
NOON = 1_795_601_700_000
# This page's clock is 3 h 25 min slow.
SLOW = "const clock = Date.now; Date.now = () => clock() - 12_300_000;"


@pytest.fixture
def open_page(browser_with_devices):
    with pages(browser_with_devices) as start:
        yield lambda **options: ready(start(timezone_id="UTC", locale="en-GB", **options))


def ready(page):
    wait(page, "deskroom.state().publish.control === 'open' && fake.chat.readyState === 'open'")
    page.click("#chat-button")
    return page


def receive(page, **message):
    page.evaluate("(message) => fake.raw(JSON.stringify(message))", message)


def write(page, words):
    before = page.evaluate("fake.chats.length")
    page.fill("#chat-text", words)
    page.keyboard.press("Enter")
    wait(page, f"fake.chats.length === {before + 1}")


def lines(page):
    return page.evaluate("""[...document.querySelectorAll('.message')].map((one) => [
        one.querySelector('time').textContent, one.querySelector('b').textContent, one.querySelector('.words').textContent,
    ])""")


# The clock.


def test_the_room_rules_what_time_it_is_for_own_lines_too(open_page):
    page = open_page(before=f"{SLOW} fake.now = () => {NOON};")
    write(page, "mine")
    assert lines(page) == [["10:15", "You", "mine"]]
    receive(page, **{"id": 0, "from": 1, "name": "Ada", "text": "mine", "at": NOON + 5 * 60_000})
    receive(page, **{"id": 1, "from": 2, "name": "Ben", "text": "his", "at": NOON + 6 * 60_000})
    wait(page, "document.querySelectorAll('.message').length === 2")
    shown = [["10:20", "You", "mine"], ["10:21", "Ben", "his"]]
    assert lines(page) == shown
    # Loaded again, the room repeats them.
    page.reload()
    wait(page, "window.deskroom?.state().publish.control === 'open' && fake.chat.readyState === 'open'")
    receive(page, **{"id": 0, "from": 1, "name": "Ada", "text": "mine", "at": NOON + 5 * 60_000})
    receive(page, **{"id": 1, "from": 2, "name": "Ben", "text": "his", "at": NOON + 6 * 60_000})
    wait(page, "document.querySelectorAll('.message').length === 2")
    assert lines(page) == shown


def test_without_the_rooms_clock_a_line_has_no_time_before_it_has_one(open_page):
    page = open_page(before="fake.now = () => 'soon';")
    write(page, "mine")
    assert lines(page) == [["sending…", "You", "mine"]]
    receive(page, **{"id": 0, "from": 1, "name": "Ada", "text": "mine", "at": NOON})
    wait(page, "document.querySelector('.message time').textContent === '10:15'")
    assert attribute(page, ".message time", "datetime") == "2026-11-25T10:15:00.000Z"


def test_everybody_reads_the_lines_in_the_rooms_order(open_page):
    page = open_page()
    write(page, "mine")
    receive(page, **{"id": 0, "from": 2, "name": "Ben", "text": "his", "at": NOON})
    wait(page, "document.querySelectorAll('.message').length === 2")
    write(page, "mine too")
    receive(page, **{"id": 1, "from": 1, "name": "Ada", "text": "mine", "at": NOON + HOUR})
    wait(page, "document.querySelector('.message .words').textContent === 'his'")
    assert lines(page)[:2] == [["10:15", "Ben", "his"], ["11:15", "You", "mine"]]
    assert lines(page)[2][1:] == ["You", "mine too"]


def test_an_own_line_is_known_again_though_the_room_has_left_something_out_of_it(open_page):
    page = open_page()
    write(page, "pay\u202e me")
    write(page, "Z" + "\u0335" * 20)
    write(page, "\u2067abc")
    for i, words in enumerate(["pay me", "Z" + "\u0335" * 4, "another"]):
        receive(page, **{"id": i, "from": 1, "name": "Ada", "text": words, "at": NOON})
    wait(page, "document.querySelector('.message:last-child .words').textContent === 'another'")
    assert [words for _, _, words in lines(page)] == ["pay me", "Z" + "\u0335" * 4, "another"]


# The length.


def test_how_much_still_fits_is_shown_near_the_end(open_page):
    page = open_page()
    page.fill("#chat-text", "a" * 3600)
    assert not page.is_visible("#chat-length")
    page.fill("#chat-text", "a" * 3996)
    assert text(page, "#chat-length") == "100 letters left"
    assert text(page, "#announcement") == "100 letters left."
    page.keyboard.press("End")
    page.keyboard.type("b")
    assert text(page, "#chat-length") == "99 letters left"
    assert text(page, "#announcement") == "100 letters left.", "not for each letter"
    page.fill("#chat-text", "a" * 4097)
    assert text(page, "#chat-length") == text(page, "#announcement")[:-1] == "1 letter too long"
    page.fill("#chat-text", "a" * 10)
    assert not page.is_visible("#chat-length")


def test_what_is_pasted_is_not_cut_and_not_sent_in_part(open_page):
    page = open_page()
    words = "€" * 2000
    page.evaluate("""(words) => {
        document.getElementById('chat-text').focus();
        document.execCommand('insertText', false, words);
    }""", words)
    assert page.input_value("#chat-text") == words
    page.keyboard.press("Enter")
    assert text(page, "#chat-problem") == "This is too long for one message. Shorten it, or send it in parts."
    assert text(page, "#chat-length") == "635 letters too long"
    assert page.input_value("#chat-text") == words and page.evaluate("fake.chats") == []
    page.fill("#chat-text", words[:1365])
    assert text(page, "#chat-problem") == ""
    page.keyboard.press("Enter")
    wait(page, "fake.chats.length === 1")
    assert page.input_value("#chat-text") == "" and not page.is_visible("#chat-length")


@pytest.mark.parametrize("letter", ["a", "é", "€", "🦊"])
def test_the_page_counts_as_the_room_does(browser_with_devices, letter):
    size = len(letter.encode())
    count = 4096 // size
    with blank_page(browser_with_devices) as page:
        made = page.evaluate(
            "async (texts) => { const { bytesLeft, lengthWords } = await import('/client/chat-length.js');"
            "return texts.map((text) => [bytesLeft(text), lengthWords(text)]); }",
            [letter * count, letter * (count + 2), letter * (count - 3) + "  "],
        )
    assert made[0] == [4096 - count * size, "0 letters left"]
    assert made[1][1] == "2 letters too long"
    assert made[2][1] == "3 letters left"


def test_enter_that_ends_a_composition_sends_nothing(open_page):
    page = open_page()
    page.fill("#chat-text", "に")
    # As Safari tells it: the composition has ended by then.
    page.evaluate("""() => {
        const event = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true });
        Object.defineProperty(event, 'keyCode', { value: 229 });
        document.getElementById('chat-text').dispatchEvent(event);
    }""")
    assert page.input_value("#chat-text") == "に"
    page.keyboard.press("Enter")
    wait(page, "fake.chats.length === 1")
