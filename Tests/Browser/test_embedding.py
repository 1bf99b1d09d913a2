"""A room is a part of a clinic's own page: by the library, or in a frame; and of nobody's page whom the room does not name."""

import re

import pytest

from clinic import EXAMPLES, clinic
from desk import CENTRES, QUADRANTS
from visitor import PROBE, TOLERANCE
from waiting import eventually

DOCUMENT = EXAMPLES.parent / "embedding.md"
DESK = "document.querySelector('deskroom-desk')"
# What is in the middle of each quadrant of the desk's picture, by the library's element.
COLOURS = f"""(points) => {{
    const video = {DESK}.shadowRoot.querySelector('video');
    if (!video.videoWidth) return null;
    const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight).getContext('2d');
    canvas.drawImage(video, 0, 0);
    return points.map(([x, y]) => [...canvas.getImageData(x, y, 1, 1).data].slice(0, 3));
}}"""


@pytest.fixture
def site():
    with clinic() as site:
        yield site


@pytest.fixture
def foreign():
    with clinic() as foreign:
        yield foreign


@pytest.fixture
def open_site(browser_with_devices, site, foreign, open_room, desk):
    """Opens pages of the clinic's site, or of the foreign one, of a room that takes the first."""
    room = open_room(desk, PAGE_ORIGINS=site.origin)
    site.room = foreign.room = room.address
    contexts = []

    def start(path, of=site, clock=False):
        context = browser_with_devices.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        context.add_init_script(PROBE)
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        if clock:
            page.clock.install()
        page.goto(f"{of.origin}/{path}")
        return page

    start.room = room
    yield start
    for context in contexts:
        context.close()


def news(page):
    return page.evaluate("document.querySelector('#news').textContent")


def told(page, words):
    eventually(lambda: words in news(page), what=lambda: f"the page says {words!r}: {news(page)!r}")


def close(found, wanted):
    return found and all(abs(a - b) <= TOLERANCE for one, two in zip(found, wanted) for a, b in zip(one, two))


def record(desk, *types):
    return desk.pattern.events(*types)


def test_the_documents_examples_are_the_files_that_are_tested():
    blocks = re.findall(r"```html\n(.*?)\n```", DOCUMENT.read_text(), re.DOTALL)
    files = [(EXAMPLES / name).read_text().rstrip() for name in ("clinic-module.html", "clinic-frame.html")]
    assert blocks == files
    assert all(len(text.splitlines()) <= 40 for text in files)


def test_a_page_is_made_around_the_desk_with_the_library(open_site, visitor, desk):
    ben = visitor("Ben").join(open_site.room.address)
    page = open_site("clinic-module.html")
    told(page, "You are in, Ada.")
    eventually(lambda: close(page.evaluate(COLOURS, CENTRES), QUADRANTS), what=lambda: f"the desk: {page.evaluate(COLOURS, CENTRES)}")
    # Who watches presses nothing.
    x, y = page.evaluate(f"(({{ left, top, width, height }}) => [left + width / 4, top + height / 4])({DESK}.place)")
    page.mouse.click(x, y)
    page.click("#control")
    eventually(lambda: page.inner_text("#control") == "Release", what=lambda: f"Ada drives: {news(page)}")
    assert record(desk, "buttonDown") == []
    page.mouse.click(x, y)
    page.keyboard.type("a")
    eventually(lambda: record(desk, "keyDown"), what="the key arrives")
    [press] = record(desk, "buttonDown")
    assert abs(press["x"] - CENTRES[0][0]) <= 2 and abs(press["y"] - CENTRES[0][1]) <= 2
    # The room gives control back by itself to nobody: the page does.
    page.click("#control")
    eventually(lambda: page.inner_text("#control") == "Ask for control", what="Ada drives no more")
    # The chat, both ways.
    page.fill("input", "Good morning")
    page.click("form button")
    eventually(lambda: "You: Good morning" in page.inner_text("#chat"), what="the own line is passed on")
    ben.click_element("chat-button")
    eventually(lambda: "Good morning" in ben.ask("document.getElementById('chat-log').textContent"), what="Ben reads it")
    ben.type("Hello Ada\n")
    eventually(lambda: "Ben: Hello Ada" in page.inner_text("#chat"), what="Ada reads the answer")
    # Loaded anew it is the same person.
    page.reload()
    told(page, "You are in, Ada.")
    assert ben.state()["people"] == 2
    # A refusal comes with the room's code, and in words.
    refused = page.evaluate(f"""async () => {{
        const client = {DESK}.client;
        const code = await client.write(' ').catch(({{ code }}) => code);
        client.oversight.setRights(12345, {{ speak: false }});
        return [code, client.state, client.people.map(({{ name, isYou }}) => [name, isYou]), client.diagnosis.signalling.state];
    }}""")
    assert refused == ["empty", "joined", [["Ada", True], ["Ben", False]], "joined"]
    page.click("#leave")
    eventually(lambda: ben.state()["people"] == 1, what="Ada has left")
    assert page.problems == []


def test_the_whole_page_is_shown_in_a_frame(open_site, visitor):
    ben = visitor("Ben").join(open_site.room.address)
    page = open_site("clinic-frame.html")
    told(page, "idle")
    page.click("#join")
    told(page, "2 in the room")
    frame = page.frame(url=re.compile(re.escape(open_site.room.address)))
    eventually(lambda: close(frame.evaluate("(points) => probe.pixels(points)", CENTRES), QUADRANTS), what="the desk is in the frame")
    page.click("#control")
    eventually(lambda: page.inner_text("#control") == "Release", what="the frame's person drives")
    assert ben.state()["control"]["held"]
    page.click("#control")
    eventually(lambda: not ben.state()["control"]["held"], what="control is given back")
    # Nobody but the page around it is obeyed, and that page as it speaks this protocol alone.
    frame.evaluate("postMessage({ deskroom: 1, type: 'leave' }, '*')")
    page.evaluate("""() => {
        const room = document.querySelector('#room').contentWindow;
        for (const data of [null, 'leave', 7, [], { type: 'leave' }, { deskroom: 2, type: 'leave' }, { deskroom: 1, type: 'jump' },
            { deskroom: 1, type: 'join', name: 5 }]) room.postMessage(data, '*');
    }""")
    ben.click_element("chat-button")
    ben.type("Hello\n")
    eventually(lambda: frame.evaluate("deskroom.state().chat.unread") == 1, what="the frame goes on")
    assert frame.evaluate("deskroom.state().signalling.state") == "joined"
    page.click("#leave")
    eventually(lambda: ben.state()["people"] == 1, what="Ada has left")
    told(page, "idle")
    assert page.problems == []


def test_a_page_of_another_origin_is_refused_in_words(open_site, foreign):
    # The library.
    page = open_site("clinic-module.html", of=foreign)
    told(page, "page.origins (DESKROOM_PAGE_ORIGINS)")
    # The WebSocket, with a copy of the library.
    refused = page.evaluate("""async (room) => {
        const { DeskroomClient } = await import('/client/deskroom-client.js');
        return new DeskroomClient(room).join('Mallory').catch(({ code, message }) => [code, message]);
    }""", open_site.room.address)
    assert refused == ["originNotAllowed", f"This room does not take pages of {foreign.origin}. Whoever runs it can add that to page.origins."]
    # The frame, which the browser leaves empty.
    page = open_site("clinic-frame.html", of=foreign, clock=True)
    page.clock.fast_forward(11_000)
    told(page, "Is its origin in page.origins?")
    assert page.frame(url=re.compile(re.escape(open_site.room.address))) is None
    # Whoever runs the room is told which origin it was, and of no other.
    log = open_site.room.log(2_000)
    assert log.count(f"{foreign.origin}") >= 1 and "page.origins" in log
