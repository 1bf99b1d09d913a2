"""What a page says it holds, on a page of its own: no room, no desk."""

import pytest

from pagefiles import blank_page
from waiting import eventually


@pytest.fixture(scope="module")
def page(chromium_browser):
    with blank_page(chromium_browser) as page:
        page.evaluate("""async () => {
            const { Control } = await import('/client/control.js');
            const { Typing } = await import('/client/typing.js');
            const { LatchedModifiers } = await import('/client/latched-modifiers.js');
            document.body.innerHTML = '<textarea></textarea>';
            const channel = new EventTarget();
            Object.assign(channel, { readyState: 'open', bufferedAmount: 0, send: (bytes) => sent.push(new Uint8Array(bytes)) });
            window.sent = [];
            window.channel = channel;
            const control = new Control();
            window.control = control;
            control.attach({ control: channel, pointer: channel });
            control.update({ lease: 7, rights: ['pointer', 'keyboard'] });
            const clipboard = { cancels: () => false, copying: () => {}, isAbout: () => false, pasting: () => null };
            const sink = document.querySelector('textarea');
            const latch = new LatchedModifiers(control);
            window.typing = new Typing(sink, { control, latch, lock: { isDesks: true }, clipboard, onLeave: () => {} });
            sink.focus();
            // Of this type: the bodies, in hexadecimal.
            window.bodies = (type) => sent.filter((one) => one[0] === type)
                .map((one) => [...one.slice(12)].map((byte) => byte.toString(16).padStart(2, '0')).join(''));
            // As the desk answers: nothing of these keys is down.
            window.answer = (keys, time = 0xffffffff) => {
                const view = new DataView(new ArrayBuffer(14 + 5 * keys.length));
                view.setUint8(0, 0x53);
                view.setUint16(2, 1);
                view.setUint32(4, 7);
                view.setUint32(8, time === 'now' ? Math.floor(performance.timeOrigin + performance.now()) % 2 ** 32 : time);
                keys.forEach(([keysym, place], i) => {
                    view.setUint32(14 + 5 * i, keysym);
                    view.setUint8(18 + 5 * i, place);
                });
                channel.dispatchEvent(new MessageEvent('message', { data: view.buffer }));
            };
        }""")
        yield page


@pytest.fixture(autouse=True)
def fresh(page):
    page.evaluate("control.releaseAll(); sent.splice(0)")


def bodies(page, kind):
    return page.evaluate(f"bodies({kind})")


def test_a_key_has_its_meaning_and_its_place_and_is_let_go_there(page):
    page.keyboard.press("a")
    page.keyboard.press("Shift+Digit1")
    assert bodies(page, 5) == ["0000006126", "0000ffe132", "000000210a"]
    assert bodies(page, 6) == ["0000006126", "000000210a", "0000ffe132"]
    # Presses are counted.
    numbers = page.evaluate("sent.filter((one) => one[0] === 5).map((one) => one[2] * 256 + one[3])")
    assert [number - numbers[0] for number in numbers] == [0, 1, 2]


def test_what_is_held_is_said_as_long_as_it_is_and_once_when_nothing_is(page):
    page.keyboard.down("w")
    page.evaluate("control.button(true, 3, 4, 3)")
    eventually(lambda: bodies(page, 11).count("00040000007719") >= 3)
    page.keyboard.up("w")
    page.evaluate("control.button(false, 3, 4, 3)")
    eventually(lambda: bodies(page, 11)[-1] == "0000")
    page.wait_for_timeout(700)
    assert bodies(page, 11).count("0000") == 1
    assert set(bodies(page, 11)) == {"00040000007719", "0000"}


def test_a_modifier_that_the_desk_has_let_go_of_is_pressed_again_only_if_it_is_still_down(page):
    page.keyboard.down("Shift")
    page.keyboard.down("Control")
    assert bodies(page, 5) == ["0000ffe132", "0000ffe325"]
    before = page.evaluate("control.held.figures.forgotten")
    page.evaluate("answer([[0xffe1, 50], [0xffe3, 37]], 'now')")
    assert page.evaluate("control.held.figures.forgotten") == before + 2
    page.evaluate("""document.body.dispatchEvent(
        new PointerEvent('pointermove', { bubbles: true, ctrlKey: true, shiftKey: false }))""")
    assert bodies(page, 5)[2:] == ["0000ffe325"]
    page.keyboard.up("Shift")
    page.keyboard.up("Control")
    assert bodies(page, 6) == ["0000ffe325"]


def test_an_answer_from_before_a_press_is_not_about_it(page):
    page.keyboard.down("w")
    page.evaluate("answer([[0x77, 25]], (Math.floor(performance.timeOrigin + performance.now()) - 5000) % 2 ** 32)")
    page.keyboard.up("w")
    assert bodies(page, 6) == ["0000007719"]
