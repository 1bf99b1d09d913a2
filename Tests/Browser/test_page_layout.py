"""Whatever the language and the window, nothing on the page is cut off, out of reach or under something else.

`PICTURES=folder` keeps a picture of each state.
"""

import os
from pathlib import Path

import pytest

import pseudo
from pageroom import enter, people, wait
from states import walk

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
# WCAG 1.4.10; and 1280 x 800 at 200 % (1.4.4).
NARROW = {"width": 320, "height": 640, "has_touch": True, "is_mobile": True}
ZOOMED = {"width": 640, "height": 400, "device_scale_factor": 2}
SIZES = {"desktop": DESKTOP, "phone": PHONE, "narrow": NARROW, "zoomed": ZOOMED}

# What is wrong with what can be seen now, one line each.
FAULTS = """(isStrict) => {
    const faults = [];
    const width = document.documentElement.clientWidth;
    // What is further down is there for whoever scrolls.
    const height = Math.max(innerHeight, document.scrollingElement.scrollHeight);
    if (document.scrollingElement.scrollWidth > width) faults.push(`the page scrolls sideways: ${document.scrollingElement.scrollWidth}`);
    const named = (one) => one.id || one.className || one.textContent.trim().slice(0, 20);
    const box = (one) => one.getBoundingClientRect();
    const isSeen = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && !one.closest('.unseen') && box(one).width > 1;
    // A panel or strip that scrolls shows one after the other.
    const scroller = (one) => {
        for (let at = one.parentElement; at; at = at.parentElement) {
            if (/auto|scroll/.test(getComputedStyle(at).overflow)) return at;
        }
        return null;
    };
    // What is behind a dialog cannot be used meanwhile, and need not be seen.
    const modal = document.querySelector('dialog:modal');
    const panels = [...document.querySelectorAll('.panel, #chat')].filter(isSeen);
    for (const one of document.querySelectorAll('button, select, input, textarea, a[href]')) {
        // The way to the desk comes with the focus.
        if (!isSeen(one) || one.id === 'keys' || one.matches('.skip:not(:focus)')) continue;
        if (modal && !modal.contains(one)) continue;
        const { left, right, top, bottom } = box(one);
        if (!scroller(one) && (left < -1 || right > width + 1 || top + scrollY < -1 || bottom > height + 1)) {
            faults.push(`${named(one)} is out of the window: ${Math.round(left)}…${Math.round(right)}, ${Math.round(top)}…${Math.round(bottom)}`);
        }
        if (scroller(one) || one.closest('.tile') || top < 0 || bottom > innerHeight) continue;
        for (const [x, y] of [[.5, .5], [.1, .5], [.9, .5], [.5, .15], [.5, .85]]) {
            const hit = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
            const isOpen = panels.some((panel) => panel.contains(hit));
            if (!hit || !(one.contains(hit) || hit.contains(one) && hit.matches('label') || isOpen)) {
                faults.push(`${named(one)} is under ${hit ? named(hit) : 'nothing'}`);
            }
        }
    }
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        const one = node.parentElement;
        if (!node.data.trim() || !isSeen(one) || one.closest('option, noscript, textarea, .skip:not(:focus)')) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        const { left, right } = range.getBoundingClientRect();
        // What is shortened says all of it to whoever points at it.
        const isShort = one.closest('.name, .initials, #status');
        if (!isShort && !scroller(one) && (left < -1 || right > width + 1)) faults.push(`“${node.data}” leaves the window`);
        const clips = [one, one.parentElement].find((each) => getComputedStyle(each).overflowX !== 'visible');
        const isCut = clips && clips.scrollWidth > clips.clientWidth + 1 && !/auto|scroll/.test(getComputedStyle(clips).overflow);
        if (isStrict && isCut && !isShort) faults.push(`“${node.data}” is cut off`);
    }
    return [...new Set(faults)];
}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["es", pseudo.LONG, pseudo.MIRRORED])
def test_every_state_of_the_page_fits(open_page, size, language):
    page = open_page(joined=False, language=language, reduced_motion="reduce", **SIZES[size])
    found = {}
    for state in walk(page):
        keep(page, f"{language} {size} {state}")
        # A phone that lies down and twice the words: there the least important may be shortened.
        isStrict = language == "es" or size != "zoomed" and language != pseudo.LONG
        found[state] = page.evaluate(FAULTS, isStrict)
    assert {state: faults for state, faults in found.items() if faults} == {}


def test_what_does_not_fit_is_found_out(open_page):
    page = open_page(**PHONE)
    enter(page, *people(2))
    assert page.evaluate(FAULTS, True) == []
    page.evaluate("() => { document.getElementById('leave-button').style.translate = '60px'; }")
    page.evaluate("() => { document.getElementById('sound-button').style.translate = '30px'; }")
    page.evaluate("() => { document.getElementById('control-label').textContent = 'x'.repeat(90); }")
    faults = page.evaluate(FAULTS, True)
    for words in ("leave-button is out of the window", "is under", "is cut off"):
        assert any(words in fault for fault in faults), (words, faults)


def keep(page, name):
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name.replace(' ', '_')}.png")


def test_colours_that_the_system_forces_leave_everything_to_be_seen(open_page):
    page = open_page(forced_colors="active", color_scheme="dark", **DESKTOP)
    enter(page, *people(3))
    page.evaluate("() => fake.send({ type: 'speakers', dominant: 3, speaking: [3] })")
    wait(page, "document.querySelector('.tile[data-person=\"3\"]').dataset.speaking === 'true'")
    keep(page, "forced colours")
    edges = page.evaluate("""() => [...document.querySelectorAll('#bar button')].filter((one) => one.checkVisibility())
        .map((one) => [one.id, getComputedStyle(one).borderTopStyle, getComputedStyle(one).borderTopWidth])""")
    assert all(style != "none" and width != "0px" for _, style, width in edges), edges
    # Backgrounds are the system's: what is on has to be told by more than a colour of ours.
    pressed = "getComputedStyle(document.getElementById('grid-button')).borderTopWidth + " \
        "getComputedStyle(document.getElementById('grid-button')).outlineStyle"
    before = page.evaluate(pressed)
    page.click("#grid-button")
    page.mouse.move(600, 300)
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(pressed) != before


# The desk is a picture of another screen: it never turns around.


RECORD = """
    window.moves = [];
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (data) {
        if (this.label === 'pointer') moves.push([...new Uint16Array(data.slice(12, 16))].map((one) => (one >> 8 | one << 8) & 0xffff));
        return send.call(this, data);
    };
"""
SHAPE = """() => {
    const shape = new DataView(new ArrayBuffer(16 + 16 * 16 * 4));
    [[0, 0x41], [9, 16], [11, 16], [13, 0], [15, 0]].forEach(([at, value]) => shape.setUint8(at, value));
    for (let i = 16; i < shape.byteLength; i += 1) shape.setUint8(i, 255);
    fake.cursor.send(shape.buffer);
    const position = new DataView(new ArrayBuffer(8));
    position.setUint8(0, 0x42);
    position.setUint16(4, 320);
    position.setUint16(6, 180);
    fake.cursor.send(position.buffer);
}"""


@pytest.mark.parametrize("language", ["en", pseudo.MIRRORED])
def test_the_desk_and_its_pointer_are_never_turned_around(open_page, language):
    page = open_page(language=language, before=RECORD, **DESKTOP)
    enter(page, *people(4))
    direction = page.evaluate("[document.documentElement.dir, getComputedStyle(document.getElementById('bar')).direction]")
    assert direction == ["rtl", "rtl"] if language == pseudo.MIRRORED else ["ltr", "ltr"]
    wait(page, "fake.cursor.readyState === 'open'")
    page.evaluate(SHAPE)
    wait(page, "!document.getElementById('pointer').hidden")
    content = page.evaluate("deskroom.state().picture.content")
    scale = content["width"] / 1280
    shown = page.locator("#pointer").bounding_box()
    assert abs(shown["x"] - (content["left"] + 320 * scale)) <= 1.5
    assert abs(shown["y"] - (content["top"] + 180 * scale)) <= 1.5
    page.click("#control")
    wait(page, "deskroom.state().control.mine && deskroom.state().publish.pointer === 'open'")
    page.mouse.move(content["left"] + 320 * scale, content["top"] + 180 * scale)
    wait(page, "moves.length > 0")
    x, y = page.evaluate("moves.at(-1)")
    assert abs(x - 320) <= 2 and abs(y - 180) <= 2


def test_arrow_keys_go_to_the_tile_that_is_seen_there(open_page):
    page = open_page(language=pseudo.MIRRORED, **DESKTOP)
    enter(page, *people(4))
    page.focus(".tile .pin")
    x = "document.activeElement.closest('.tile').getBoundingClientRect().left"
    before = page.evaluate(x)
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(x) < before
    page.keyboard.press("ArrowRight")
    assert page.evaluate(x) == before


def test_only_signs_that_show_a_way_are_turned_around(open_page):
    page = open_page(language=pseudo.MIRRORED)
    turned = page.evaluate("""() => [...document.querySelectorAll('#bar svg')]
        .filter((one) => getComputedStyle(one).scale === '-1 1').map((one) => one.closest('button').id)""")
    assert turned == ["sound-button", "leave-button"]
