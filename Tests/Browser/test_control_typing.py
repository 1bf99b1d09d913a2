"""Text that comes as a whole arrives as it is, a line that is drawn is the line, and no modifier stays behind."""

import json
import math

import pytest

from desk import CENTRES, QUADRANTS
from waiting import eventually
from xstate import ALT, XState

WORDS = "The quick brown fox, größer & naïve: 日本語, Ελλά 😀 (50 %) {0}\n"


def text_of(length):
    lines = "".join(WORDS.replace("0", str(line % 10)) for line in range(length // 20))
    return lines[: length - 1] + "\n"


@pytest.fixture
def ada(room, visitor):
    ada = visitor("Ada").join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    return ada


@pytest.fixture
def terminal(desk, folder, ada):
    """What has been typed into a terminal that has the keyboard."""
    typed = folder / "typed.txt"
    desk.start(
        "env", "LC_ALL=C.UTF-8", "xterm", "-u8", "-geometry", "100x20+40+40", "-e", "sh", "-c",
        f"stty -echo; cat > {typed}",
    )
    eventually(typed.exists, what="the terminal runs")
    ada.click(150, 120)
    # xterm's shell starts before its window is there to be clicked: the first letters say when it is.
    def answers():
        ada.click(150, 120)
        ada.type("go\n")
        return "go\n" in typed.read_text()
    eventually(answers, every=0.5, what="the terminal takes keys")
    # Keys keep their order: what was typed while the window was not there yet is through when this is.
    ada.type("ready\n")
    eventually(lambda: typed.read_text().endswith("ready\n"), what="everything typed before is there")
    start = len(typed.read_bytes())
    return lambda: typed.read_bytes()[start:].decode(errors="replace")


@pytest.mark.parametrize("length", [1000, 5000])
def test_text_that_comes_as_a_whole_arrives_exactly(ada, room, terminal, length):
    before = terminal()
    text = text_of(length)
    assert len(text) == length
    ada.tab.page.keyboard.insert_text(text)
    # A key that is pressed meanwhile comes after it.
    ada.type("x\n")
    eventually(
        lambda: terminal().endswith("x\n"), 90, every=0.2,
        what=lambda: f"all of it is there: {len(terminal())} of {length}; {room.health()['control']}",
    )
    assert terminal()[len(before):] == text + "x\n"
    assert ada.ask("document.getElementById('notice').hidden")


def test_what_was_not_typed_is_said_in_words(ada, room, terminal):
    ada.tab.page.keyboard.insert_text(text_of(5000))
    eventually(lambda: len(terminal()) > 200, what="some of it is there")
    room.kill(room.desk_process())
    words = "document.getElementById('notice').hidden ? '' : document.getElementById('notice').textContent"
    said = eventually(lambda: ada.ask(words), 20, what="the page says what happened")
    assert said.startswith("Only ") and " of 5,000 characters were typed on the desk: " in said
    number = int(said.split()[1].replace(",", ""))
    assert number < 5000 and not ada.problems()


def test_every_point_of_a_line_that_is_drawn_reaches_the_desk(ada, desk):
    """Five hundred points a second, four circles in a second, as a browser hands them over: picture by picture."""
    centre, radius, count = (640, 360), 200, 500
    ada.move(centre[0] + radius, centre[1])
    ada.tab.down()
    before = len(desk.pattern.events("motion"))
    angles = [8 * math.pi * i / count for i in range(1, count + 1)]
    points = [ada.at(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in angles]
    ada.ask(f"""(async (points) => {{
        const surface = document.getElementById('desk');
        const event = ([clientX, clientY], more) => new PointerEvent('pointermove', {{
            clientX, clientY, buttons: 1, pointerId: 1, pointerType: 'mouse', bubbles: true, ...more,
        }});
        let sent = 0;
        const start = performance.now();
        while (sent < points.length) {{
            await new Promise(requestAnimationFrame);
            const due = Math.min(points.length, Math.floor((performance.now() - start) / 1000 * 500));
            if (due === sent) continue;
            const coalescedEvents = points.slice(sent, due).map((point) => event(point));
            sent = due;
            surface.dispatchEvent(event(points[due - 1], {{ coalescedEvents }}));
        }}
    }})({json.dumps(points)})""")
    ada.tab.up()
    eventually(lambda: desk.pattern.events("buttonUp"), what="the button is let go")
    moves = [(one["x"], one["y"]) for one in desk.pattern.events("motion")][before:]
    distinct = sum(one != other for one, other in zip(points, points[1:], strict=False))
    assert len(moves) >= 0.97 * distinct, f"{len(moves)} of {distinct} moves"
    off = max(abs(math.hypot(x - centre[0], y - centre[1]) - radius) for x, y in moves)
    longest = max(math.dist(one, other) for one, other in zip(moves, moves[1:], strict=False))
    print(f"{len(moves)} of {count} points, {off:.1f} pixels off the circle, {longest:.1f} from one to the next")
    assert off <= 2.5
    # Ten pixels from one point to the next; a chord of 40 is 1 off its arc.
    assert longest < 40


@pytest.mark.parametrize("way", ["move", "press", "wheel"])
def test_a_modifier_whose_release_the_window_manager_kept_is_let_go(ada, desk, way):
    x = XState(desk.x.display)
    ada.move(300, 200)
    # Past Playwright, which would tell of Alt with every event that follows.
    ada.tab.context.new_cdp_session(ada.tab.page).send(
        "Input.dispatchKeyEvent",
        {"type": "rawKeyDown", "key": "Alt", "code": "AltLeft", "windowsVirtualKeyCode": 18, "modifiers": 1, "location": 1},
    )
    eventually(lambda: x.pointer()[2] & ALT, what="Alt is down on the desk")
    if way == "move":
        ada.move(320, 220)
    elif way == "press":
        ada.tab.down()
        ada.tab.up()
        eventually(lambda: desk.pattern.events("buttonUp"), what="the click arrives")
    else:
        ada.tab.page.mouse.wheel(0, 120)
    eventually(lambda: not x.held(), what=lambda: f"Alt is let go: {x.pointer()}")
    x.close()
