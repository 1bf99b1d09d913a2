"""Fingers, pens, input methods and long texts, against a room inside the page."""

import pytest

from pageroom import pages, wait
from waiting import eventually

# Every control event that leaves the page: [channel, type, the rest of its bytes].
LISTEN = """
    window.left = [];
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (data) {
        if (typeof data !== 'string') window.left.push([this.label, ...new Uint8Array(data)]);
        return send.call(this, data);
    };
"""
DOWN, UP, WHEEL = 2, 3, 4


@pytest.fixture
def page(browser_with_devices):
    with pages(browser_with_devices) as start:
        page = start(before=LISTEN, has_touch=True)
        wait(page, "deskroom.state().publish.control === 'open'")
        page.click("#control")
        wait(page, "deskroom.state().control.mine")
        box = page.evaluate("(({ left, top, width, height }) => [left, top, width, height])"
                            "(deskroom.state().picture.content)")
        page.at = lambda x, y: (box[0] + x * box[2], box[1] + y * box[3])
        page.cdp = page.context.new_cdp_session(page)
        yield page


def touch(page, kind, *points):
    """`points`: (id, x, y, radius), of all fingers that are down."""
    page.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [
        {"id": one, "x": page.at(x, y)[0], "y": page.at(x, y)[1], "radiusX": radius, "radiusY": radius}
        for one, x, y, radius in points
    ]})


def pen(page, kind, x, y, buttons=0):
    at = page.at(x, y)
    pressed = {"button": "left", "clickCount": 1} if kind in ("mousePressed", "mouseReleased") else {}
    page.cdp.send("Input.dispatchMouseEvent", {
        "type": kind, "x": at[0], "y": at[1], "buttons": buttons, "pointerType": "pen", "force": 0.5, **pressed,
    })


def presses(page):
    """(is down, button, x, y) of everything that was pressed."""
    events = [one[1:] for one in page.evaluate("left") if one[1] in (DOWN, UP)]
    return [(one[0] == DOWN, one[16], one[12] << 8 | one[13], one[14] << 8 | one[15]) for one in events]


def places(page):
    """Where moves and presses have been, in desk pixels."""
    found = []
    for one in page.evaluate("left"):
        kind, body = one[1], one[13:]
        if kind == 9:
            found += [(body[i] << 8 | body[i + 1], body[i + 2] << 8 | body[i + 3]) for i in range(0, len(body), 4)]
        elif kind in (1, DOWN, UP):
            found.append((body[0] << 8 | body[1], body[2] << 8 | body[3]))
    return found


def stroke(page):
    """A stroke of a pen through the upper left quarter."""
    pen(page, "mouseMoved", 0.10, 0.10)
    pen(page, "mousePressed", 0.10, 0.10, 1)
    for step in range(1, 11):
        pen(page, "mouseMoved", 0.10 + step * 0.02, 0.10 + step * 0.02, 1)
        page.wait_for_timeout(80)
    pen(page, "mouseReleased", 0.30, 0.30)


def test_a_palm_that_rests_while_a_pen_draws_is_no_finger(page):
    pen(page, "mouseMoved", 0.10, 0.10)
    touch(page, "touchStart", (1, 0.8, 0.8, 15))
    stroke(page)
    touch(page, "touchEnd")
    assert [(down, button) for down, button, *_ in presses(page)] == [(True, 1), (False, 1)]
    assert all(x < 640 and y < 360 for x, y in places(page)), places(page)


def test_a_palm_that_was_there_before_the_pen_is_let_go(page):
    touch(page, "touchStart", (1, 0.8, 0.8, 15))
    touch(page, "touchMove", (1, 0.82, 0.8, 15))
    eventually(lambda: presses(page), what="it looks like a finger that drags")
    page.evaluate("left.length = 0")
    stroke(page)
    touch(page, "touchEnd")
    # What it held is let go before the pen presses, and nothing else comes of it.
    assert [(down, button) for down, button, *_ in presses(page)] == [(False, 1), (True, 1), (False, 1)]
    assert presses(page)[0][2] > 640
    assert all(x < 640 and y < 360 for x, y in places(page)[1:]), places(page)


def test_the_hand_that_has_just_put_a_pen_away_is_no_finger(page):
    stroke(page)
    page.evaluate("left.length = 0")
    touch(page, "touchStart", (1, 0.8, 0.8, 15))
    page.wait_for_timeout(700)
    touch(page, "touchEnd")
    assert presses(page) == []


@pytest.mark.parametrize("grows", [False, True])
def test_a_contact_larger_than_a_finger_is_none(page, grows):
    touch(page, "touchStart", (1, 0.8, 0.8, 20 if grows else 80))
    touch(page, "touchMove", (1, 0.803, 0.8, 80))
    page.wait_for_timeout(700)
    touch(page, "touchEnd")
    assert presses(page) == []


def test_a_finger_is_still_a_finger(page):
    touch(page, "touchStart", (1, 0.5, 0.5, 20))
    touch(page, "touchEnd")
    eventually(lambda: len(presses(page)) == 2, what="a tap clicks")
    touch(page, "touchStart", (1, 0.5, 0.5, 20))
    eventually(lambda: len(presses(page)) == 4, what="a long press is the right button")
    assert [(down, button) for down, button, *_ in presses(page)] == [(True, 1), (False, 1), (True, 3), (False, 3)]


def test_a_drag_sends_every_point_and_repeats_the_last_ones(page):
    page.mouse.move(*page.at(0.2, 0.2))
    page.mouse.down()
    page.evaluate("left.length = 0")
    page.evaluate("""(points) => {
        const event = ([clientX, clientY], more) => new PointerEvent('pointermove', {
            clientX, clientY, buttons: 1, pointerId: 1, pointerType: 'mouse', bubbles: true, ...more,
        });
        for (let i = 0; i < points.length; i += 20) {
            const coalescedEvents = points.slice(i, i + 20).map((point) => event(point));
            document.getElementById('desk').dispatchEvent(event(points[i + 19], { coalescedEvents }));
        }
    }""", [page.at(0.2 + i * 0.01, 0.3) for i in range(60)])
    page.mouse.up()
    events = [one for one in page.evaluate("left") if one[0] == "pointer"]
    assert [one[1] for one in events] == [9, 9, 9]
    counts = [(len(one) - 13) // 4 for one in events]
    assert counts == [20, 28, 28]
    sequences = [one[3] << 8 | one[4] for one in events]
    assert [b - a for a, b in zip(sequences, sequences[1:], strict=False)] == [20, 20]


def test_a_move_without_a_button_is_sent_once_a_picture(page):
    page.evaluate("left.length = 0")
    page.evaluate("""(at) => {
        for (let i = 0; i < 50; i += 1) document.getElementById('desk').dispatchEvent(
            new PointerEvent('pointermove', { clientX: at[0] + i, clientY: at[1], bubbles: true, pointerType: 'mouse' }));
    }""", list(page.at(0.2, 0.2)))
    page.wait_for_timeout(100)
    assert 1 <= len([one for one in page.evaluate("left") if one[0] == "pointer"]) <= 2


def test_the_enter_that_ends_a_composition_sends_no_line(page):
    page.click("#chat-button")
    page.fill("#chat-text", "にほん")
    enter = """(keyCode) => document.getElementById('chat-text').dispatchEvent(new KeyboardEvent('keydown',
        { key: 'Enter', code: 'Enter', keyCode, isComposing: false, bubbles: true, cancelable: true }))"""
    # As Safari orders it: the composition has ended by then. It has dealt with the key; nobody need stop it.
    assert page.evaluate(enter, 229)
    assert page.input_value("#chat-text") == "にほん"
    page.evaluate(enter, 13)
    assert page.input_value("#chat-text") == ""


OUTBOX = """async ([answers, texts]) => {
    const { Outbox } = await import('/client/outbox.js');
    const log = [];
    const said = [];
    const underWay = [];
    const write = (encode) => {
        const bytes = new Uint8Array(encode(7, 0));
        log.push(bytes[0] === 8 ? (bytes.length - 12) / 4 : `event ${bytes[0]}`);
        if (bytes[0] === 8) underWay.push({ sequence: bytes[2] << 8 | bytes[3], count: (bytes.length - 12) / 4 });
        return true;
    };
    const outbox = new Outbox({ write, tell: (words) => said.push(words) });
    const event = () => new Uint8Array([5]).buffer;
    outbox.event(event);
    for (const length of texts) outbox.text(Array(length).fill(0x61));
    outbox.event(event);
    const first = log.length;
    for (const [outcome, missing] of answers) {
        const piece = underWay.shift();
        if (piece) outbox.receipt({ sequence: piece.sequence, outcome, delivered: piece.count - missing });
    }
    return { first, log, said, left: underWay.length };
}"""


@pytest.mark.parametrize("isOpen, log", [(True, [1, 2, 3, 4]), (False, [1, 3, 4])])
def test_what_comes_after_a_gate_waits_and_one_that_closes_leaves_out_its_event(page, isOpen, log):
    done = page.evaluate("""async (isOpen) => {
        const { Outbox } = await import('/client/outbox.js');
        const { Gate } = await import('/client/gate.js');
        const log = [];
        const write = (encode) => Boolean(log.push(encode()));
        const outbox = new Outbox({ write, tell: () => {} });
        let settle;
        const gate = new Gate(new Promise((done) => (settle = done)));
        outbox.event(() => 1);
        outbox.event(() => 2, gate);
        outbox.event(() => 3);
        outbox.event(() => 4);
        const before = [...log];
        settle(isOpen);
        await gate.settled;
        await null;
        return [before, log];
    }""", isOpen)
    assert done == [[1], log]


def test_no_more_text_is_under_way_than_the_desk_keeps_up_with(page):
    done = page.evaluate(OUTBOX, [[[0, 0]] * 10, [200]])
    # A key before it at once, four pieces, and one more for each that was typed; what comes after it waits.
    assert done["log"] == ["event 5", 32, 32, 32, 32, 32, 32, 8, "event 5"]
    assert done["first"] == 5
    assert (done["said"], done["left"]) == ([], 0)


@pytest.mark.parametrize(
    "answers, texts, words",
    [
        ([[0, 0], [3, 2], [0, 0]], [96], "Only 94 of 96 characters were typed on the desk: it has no key for the others."),
        ([[0, 0], [1, 32], [0, 0]], [300], "Only 128 of 300 characters were typed on the desk: the room does not take them that fast."),
        ([[2, 1]], [1], "A character was not typed on the desk: the desk was not reached."),
        ([[4, 30], [4, 32]], [64], "Only 2 of 64 characters were typed on the desk: everything was let go."),
    ],
)
def test_what_was_not_typed_is_counted_and_said_once(page, answers, texts, words):
    done = page.evaluate(OUTBOX, [answers + [[0, 0]] * 4, texts])
    assert done["said"] == [words]
    # A key that came after it is not lost.
    assert done["log"][-1] == "event 5"
