"""Names and lines that others have written harm nothing beside them, against a room inside the page."""

import pytest

import pseudo
from pagefiles import blank_page
from pageroom import attribute, enter, pages, text, wait

OVERRIDE = "\u202e"
ISOLATES = "\u2068\u2069"
ZALGO = "Z" + "".join(chr(0x300 + i % 0x30) for i in range(60)) + "oe"


@pytest.fixture
def page(browser_with_devices):
    with pages(browser_with_devices) as start:
        yield start(reduced_motion="reduce")


@pytest.fixture
def blank(browser_with_devices):
    with blank_page(browser_with_devices) as page:
        yield page


def said(page, expression):
    """What is written somewhere, without the isolates that nobody sees."""
    return "".join(one for one in page.evaluate(expression) if one not in ISOLATES)


NAMES = [
    ("Ada", "Ada"),
    ("  Ada \t\n Lovelace ", "Ada Lovelace"),
    (OVERRIDE + "neB", "\ufffdneB"),
    ("\u2067Ada", "\ufffdAda"),
    ("Ada\u200b", "Ada\ufffd"),
    ("A\u200dda", "A\ufffdda"),
    ("x" + "\U000e0041" * 9, "x\ufffd"),
    ("", "Nameless 7"),
    (" \u2800\u3164\u200b", "Nameless 7"),
    ("\u0301\u0301", "Nameless 7"),
    ("\u0301x", "\u25cc\u0301x"),
    ("Z" + "\u0301" * 60, "Z" + "\u0301" * 6 + "\ufffd"),
    ("\x1b[31m", "\ufffd[31m"),
    # What people are really called.
    ("نیلوفر می‌خواهم", "نیلوفر می‌خواهم"),
    ("נועם", "נועם"),
    ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
    ("မြို့ကျွှော့်", "မြို့ကျွှော့်"),
    ("क्‍ष", "क्‍ष"),
    ("葛󠄀", "葛󠄀"),
    ("👩🏽‍⚕️ 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️", "👩🏽‍⚕️ 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️"),
]
LINES = [
    ("pay\u202e05.5$", "pay\ufffd05.5$"),
    ("one\r\ntwo\u2028three\tfour", "one\ntwo\nthree\tfour"),
    ("\u2067שלום\u2069 and \u200f(ok)", "\u2067שלום\u2069 and \u200f(ok)"),
    ("e" + "\u0301\u200d" * 60, "e" + "\u0301\u200d" * 6 + "\u200d" * 54 + "\ufffd"),
]
MADE = "async ([how, all]) => { const foreign = await import('/client/foreign.js'); return all.map((one) => foreign[how](one, 7)); }"


def test_a_name_is_shown_without_what_nobody_sees(blank):
    given, shown = zip(*NAMES, strict=True)
    assert blank.evaluate(MADE, ["shownName", list(given)]) == list(shown)


def test_a_line_keeps_what_it_means_and_turns_nothing_around(blank):
    given, shown = zip(*LINES, strict=True)
    assert blank.evaluate(MADE, ["shownText", list(given)]) == list(shown)


# Left edges of words, in the order in which they are written: text that runs from left to right rises.
EDGES = """([selector, ...words]) => {
    const element = document.querySelector(selector);
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const edges = [];
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        for (const word of words) {
            const at = node.data.indexOf(word);
            if (at < 0) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + word.length);
            edges.push([range.getBoundingClientRect().left, word]);
        }
    }
    return edges.sort((a, b) => a[0] - b[0]).map(([, word]) => word);
}"""


def order(page, selector, *words):
    """The words as the eye meets them from left to right."""
    return page.evaluate(EDGES, [selector, *words])


@pytest.mark.parametrize("name", [OVERRIDE + "neB", "נועם 5", "שלום (2)"])
def test_a_name_turns_nothing_around_wherever_it_is_written(page, name):
    enter(page, {"id": 2, "name": name, "audio": "on", "video": "off"})
    page.evaluate("(name) => fake.send({ type: 'control', holder: { id: 2, name }, lease: null })", name)
    wait(page, "document.getElementById('control').dataset.state === 'other'")
    assert order(page, "#control", "is", "in", "control", "Ask") == ["is", "in", "control", "Ask"]
    said_by_control = said(page, "document.getElementById('announcement').textContent")
    assert said_by_control.endswith(" is in control.") and OVERRIDE not in said_by_control
    page.click("#people-button")
    assert order(page, "#people-list .holder", "in", "control") == ["in", "control"]
    name_ends, words_begin = page.evaluate("""[
        document.querySelector('#people-list li:last-child').firstChild.getBoundingClientRect?.().right ?? 0,
        document.querySelector('#people-list .holder').getBoundingClientRect().left,
    ]""")
    assert words_begin >= name_ends
    page.keyboard.press("Escape")
    page.evaluate("(name) => fake.raw(JSON.stringify({ id: 0, from: 2, name, text: '3 + 4', at: 1700000000000 }))", name)
    wait(page, "deskroom.state().chat.unread === 1")
    page.click("#chat-button")
    box = page.evaluate("document.querySelector('.message b').getBoundingClientRect().right")
    assert page.evaluate("document.querySelector('.message time').getBoundingClientRect().left") >= box
    page.evaluate("document.querySelector('.message time').textContent = 'eleven sharp'")
    assert order(page, ".message time", "eleven", "sharp") == ["eleven", "sharp"]
    wait(page, "/ joined\\./.test(document.getElementById('events').textContent)")
    written = page.evaluate("""() => [document.title, document.body.innerHTML,
        ...[...document.querySelectorAll('[aria-label], [title]')].map((one) => one.ariaLabel + one.title)].join()""")
    assert OVERRIDE not in written


def test_a_sentence_about_people_who_write_from_right_to_left_stays_one(page):
    enter(page, {"id": 2, "name": "נועם"}, {"id": 3, "name": "Ben"})
    wait(page, "/ joined\\./.test(document.getElementById('events').textContent)")
    assert text(page, "#events") == "\u2068נועם\u2069 and Ben joined."
    assert attribute(page, ".tile[data-person='2'] .pin", "aria-label") == "Pin \u2068נועם\u2069"
    assert attribute(page, ".tile[data-person='3'] .pin", "aria-label") == "Pin Ben"


def test_a_name_from_left_to_right_stays_one_in_a_page_that_runs_from_right_to_left(browser_with_devices):
    with pages(browser_with_devices) as start:
        page = start(language=pseudo.MIRRORED)
        enter(page, {"id": 2, "name": "Ben (2)"})
        assert "\u2068Ben (2)\u2069" in attribute(page, ".tile[data-person='2'] .pin", "aria-label")
        page.evaluate("() => fake.control({ holder: { id: 2, name: 'Ben (2)' } })")
        wait(page, "document.getElementById('control').dataset.state === 'other'")
        assert order(page, "#control-label", "Ben", "(2)") == ["Ben", "(2)"]


def test_a_line_runs_the_way_it_is_written_and_leaves_its_time_alone(page):
    wait(page, "fake.chat.readyState === 'open'")
    page.click("#chat-button")
    for i, words in enumerate(["שלום (2) עולם", "Hello (2) world"]):
        message = {"id": i, "from": 2, "name": "Ben", "text": words, "at": 1_700_000_000_000}
        page.evaluate("(message) => fake.raw(JSON.stringify(message))", message)
    wait(page, "document.querySelectorAll('.message').length === 2")
    assert order(page, ".message .words", "שלום", "עולם") == ["עולם", "שלום"]
    assert order(page, ".message:last-child .words", "Hello", "world") == ["Hello", "world"]


def test_marks_on_a_name_do_not_overprint_who_stands_beside_it(page):
    enter(page, {"id": 2, "name": "Ben"}, {"id": 3, "name": "Zoe"}, {"id": 4, "name": "Cy"})
    page.click("#people-button")
    page.evaluate("fake.raw(JSON.stringify({ id: 0, from: 4, name: 'Cy', text: 'First', at: 0 }))")
    page.evaluate("fake.raw(JSON.stringify({ id: 1, from: 3, name: 'Zoe', text: 'Zoe', at: 0 }))")
    page.evaluate("fake.raw(JSON.stringify({ id: 2, from: 4, name: 'Cy', text: 'Last', at: 0 }))")
    page.click("#chat-button")
    page.click("#people-button")
    wait(page, "document.querySelectorAll('.message').length === 3 && !document.getElementById('people').hidden")
    beside = [
        "#people-list li:nth-child(2)", "#people-list li:nth-child(4)", ".message:first-child", ".message:last-child",
    ]

    def pictures():
        return [page.locator(selector).screenshot() for selector in beside]

    before = pictures()
    boxes = [page.locator(selector).bounding_box() for selector in beside]
    assert pictures() == before, "nothing else changes meanwhile"
    # Past the page's own bound: the clipping alone has to do.
    page.evaluate("""(marked) => {
        document.querySelector('#people-list li:nth-child(3) bdi').textContent = marked;
        document.querySelector('.message:nth-child(2) bdi').textContent = marked;
        document.querySelector('.message:nth-child(2) .words').textContent = marked;
    }""", ZALGO)
    assert [page.locator(selector).bounding_box() for selector in beside] == boxes
    assert pictures() == before


def test_those_without_a_visible_name_can_be_told_apart(page):
    enter(page, {"id": 2, "name": "\u200b"}, {"id": 3, "name": "\u3164 "})
    names = "[...document.querySelectorAll('#people-list bdi')].map((one) => one.textContent)"
    assert page.evaluate(names)[1:] == ["Nameless 2", "Nameless 3"]
    assert text(page, ".tile[data-person='2'] .initials") == "N2"
