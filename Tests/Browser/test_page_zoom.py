"""The desk shown larger than whole: by fingers, wheel and buttons, and where it is then; against a room inside the page."""

import base64

import pytest

from handspage import DOWN, LISTEN, UP, WHEEL, content, drive, fingers, left, pointed, stage, zoom
from pageroom import attribute, enter, people, text, wait
from waiting import eventually

PHONE = {"width": 390, "height": 844, "has_touch": True, "is_mobile": True}
SHAPE = """() => {
    const shape = new DataView(new ArrayBuffer(16 + 16 * 16 * 4));
    [[0, 0x41], [9, 16], [11, 16]].forEach(([at, value]) => shape.setUint8(at, value));
    for (let i = 16; i < shape.byteLength; i += 1) shape.setUint8(i, 255);
    fake.cursor.send(shape.buffer);
    const position = new DataView(new ArrayBuffer(8));
    position.setUint8(0, 0x42);
    position.setUint16(4, 640);
    position.setUint16(6, 360);
    fake.cursor.send(position.buffer);
}"""


@pytest.fixture
def phone(open_page):
    return open_page(before=LISTEN, **PHONE)


@pytest.fixture
def page(open_page):
    return open_page(before=LISTEN)


def middle(page):
    x, y, width, height = stage(page)
    return x + width / 2, y + height / 2


def share(page, x, y):
    """Which part of the desk is at a point of the page."""
    left_, top, width, height = content(page)
    return (x - left_) / width, (y - top) / height


def wheel(page, notches, *held):
    for key in held:
        page.keyboard.down(key)
    for _ in range(abs(notches)):
        page.mouse.wheel(0, 120 if notches > 0 else -120)
    for key in reversed(held):
        page.keyboard.up(key)


def enlarge(page, times):
    page.click("#zoom-button")
    for _ in range(times):
        page.click("#zoom-larger")
    page.keyboard.press("Escape")


def test_two_fingers_of_a_viewer_enlarge_what_is_between_them(phone):
    x, y = middle(phone)
    at = share(phone, x - 60, y)
    fingers(phone, [(x - 80, y), (x - 40, y)], [(x - 120, y), (x, y)])
    eventually(lambda: abs(zoom(phone) - 3) < 0.05, what="three times as large")
    assert share(phone, x - 60, y) == pytest.approx(at, abs=0.01)
    wait(phone, "document.getElementById('announcement').textContent === 'Desk at 300%.'")
    # One moves it, and nobody is told to ask for control.
    before = content(phone)
    fingers(phone, [(x, y)], [(x + 50, y)])
    eventually(lambda: content(phone)[0] > before[0] + 30, what="the desk goes with the finger")
    assert not phone.is_visible("#notice")
    phone.touchscreen.tap(x, y)
    wait(phone, "!document.getElementById('notice').hidden")
    # And back to whole, which is the least.
    fingers(phone, [(x - 150, y), (x + 150, y)], [(x - 10, y), (x + 10, y)])
    eventually(lambda: zoom(phone) == 1, what="whole")
    wait(phone, "document.getElementById('announcement').textContent === 'Whole desk.'")


def test_a_viewer_moves_an_enlarged_desk_with_the_mouse(page):
    enlarge(page, 2)
    x, y = middle(page)
    before = content(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 100, y - 50, steps=4)
    page.mouse.up()
    after = content(page)
    # The first pixels are what tells it from a click.
    assert after[0] - before[0] == pytest.approx(-100, abs=1) and after[1] - before[1] == pytest.approx(-50, abs=1)
    wheel(page, -1)
    eventually(lambda: content(page)[1] > after[1] + 50, what="the wheel moves it, too")
    assert not page.is_visible("#notice")
    page.mouse.click(x, y)
    wait(page, "!document.getElementById('notice').hidden")
    assert page.evaluate("left.length") == 0


def test_who_drives_scrolls_with_two_fingers_that_stay_apart_and_pinches_with_others(phone):
    drive(phone)
    x, y = middle(phone)
    fingers(phone, [(x - 40, y), (x + 40, y)], [(x - 40, y - 80), (x + 40, y - 80)])
    turns = eventually(lambda: left(phone, WHEEL), what="the wheel turns")
    # Content goes with the fingers: down is what is seen more of; 40 pixels a notch of 120.
    total = sum(int.from_bytes(bytes(body[6:8]), "big", signed=True) for _, body in turns)
    eventually(lambda: zoom(phone) == 1, what="still whole")
    assert total == pytest.approx(240, abs=30)
    phone.evaluate("left.length = 0")
    at = share(phone, x + 30, y)
    fingers(phone, [(x + 10, y), (x + 50, y)], [(x - 10, y), (x + 70, y)])
    eventually(lambda: abs(zoom(phone) - 2) < 0.05, what="twice as large")
    assert share(phone, x + 30, y) == pytest.approx(at, abs=0.01)
    assert left(phone, WHEEL, DOWN, UP) == []
    # Together they move it meanwhile.
    at = share(phone, x, y)
    fingers(phone, [(x - 20, y), (x + 20, y)], [(x - 20, y + 15), (x + 80, y + 15)])
    eventually(lambda: zoom(phone) > 4.5, what="larger still")
    assert share(phone, x + 30, y + 15) == pytest.approx(at, abs=0.01)
    assert left(phone, WHEEL, DOWN, UP) == []


@pytest.mark.parametrize("drives", [False, True])
def test_control_alt_and_the_wheel_enlarge_what_the_pointer_is_over(page, drives):
    if drives:
        drive(page)
    x, y = middle(page)
    page.mouse.move(x + 120, y - 80)
    at = share(page, x + 120, y - 80)
    wheel(page, -4, "Control", "Alt")
    eventually(lambda: abs(zoom(page) - 1.2 ** 4) < 0.01, what="larger")
    assert share(page, x + 120, y - 80) == pytest.approx(at, abs=0.005)
    wheel(page, 9, "Control", "Alt")
    eventually(lambda: zoom(page) == 1, what="whole")
    # None of it turns the desk's wheel; the wheel alone does.
    assert left(page, WHEEL) == []
    if drives:
        wheel(page, 1)
        eventually(lambda: left(page, WHEEL), what="the desk's wheel")


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_every_place_is_exact_however_large_the_desk_is_shown(open_page, scale):
    page = open_page(before=LISTEN, device_scale_factor=scale)
    drive(page)
    x, y, width, height = stage(page)
    for times in (0, 1, 2, 3):
        enlarge(page, times and 1)
        for part in (0.15, 0.43, 0.71, 0.85):
            at = x + width * part, y + height * part
            page.evaluate("left.length = 0")
            page.mouse.move(*at)
            eventually(lambda: left(page, 1), what="a move")
            page.wait_for_timeout(40)
            shares = share(page, *at)
            assert pointed(page) == (int(shares[0] * 1280), int(shares[1] * 720)), (zoom(page), part)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_the_desk_comes_on_where_the_pointer_of_who_drives_is_near_the_edge(open_page, motion):
    page = open_page(before=LISTEN, reduced_motion=motion)
    drive(page)
    enlarge(page, 2)
    x, y, width, height = stage(page)
    page.mouse.move(x + width / 2, y + height / 2)
    before = content(page)
    page.mouse.move(x + width - 4, y + height / 2)
    eventually(lambda: content(page)[0] + content(page)[2] <= x + width + 1, what="its right edge")
    assert content(page)[1] == before[1]
    # The desk's pointer is where the hand's is, although that has not moved.
    shares = share(page, x + width - 4, y + height / 2)
    eventually(lambda: pointed(page) == (int(shares[0] * 1280), int(shares[1] * 720)), what="the pointer there")
    # It goes no further, and not without a hand.
    after = content(page)
    page.mouse.move(x + width / 2, y + height / 2)
    page.wait_for_timeout(300)
    assert content(page) == after


def test_a_viewers_pointer_at_the_edge_moves_nothing(page):
    enlarge(page, 2)
    x, y, width, height = stage(page)
    before = content(page)
    page.mouse.move(x + width - 4, y + height / 2)
    page.wait_for_timeout(400)
    assert content(page) == before


def test_buttons_of_the_keyboard_do_it_and_say_so(page):
    page.focus("#zoom-button")
    page.keyboard.press("Enter")
    names = ["Smaller", "Larger", "Whole desk", "See what is on the left", "See what is above", "See what is below"]
    buttons = page.locator("#zoom button")
    assert [buttons.nth(i).get_attribute("aria-label") or buttons.nth(i).inner_text() for i in range(6)] == names
    assert attribute(page, "#zoom-smaller", "aria-disabled") == attribute(page, "#zoom-left", "aria-disabled") == "true"
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "zoom-larger"
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    assert zoom(page) == 2 and text(page, "#zoom-line") == "Desk at 200%"
    wait(page, "document.getElementById('announcement').textContent === 'Desk at 200%.'")
    before = content(page)
    page.focus("#zoom-right")
    page.keyboard.press("Enter")
    assert content(page)[0] < before[0]
    page.focus("#zoom-larger")
    for _ in range(9):
        page.keyboard.press("Enter")
    assert zoom(page) == 8 and attribute(page, "#zoom-larger", "aria-disabled") == "true"
    page.focus("#zoom-whole")
    page.keyboard.press("Enter")
    assert zoom(page) == 1 and content(page) != before
    page.keyboard.press("Escape")
    assert not page.is_visible("#zoom") and page.evaluate("document.activeElement.id") == "zoom-button"


def test_the_view_stays_sane_when_its_place_or_the_desk_changes(phone):
    enlarge(phone, 2)
    x, y = middle(phone)
    fingers(phone, [(x, y)], [(x - 60, y)])
    at = share(phone, *middle(phone))
    # Turned around, with little room, back, and with a desk of another size.
    for size in ((844, 390), (390, 400), (390, 844)):
        phone.set_viewport_size({"width": size[0], "height": size[1]})
        phone.wait_for_timeout(200)
        filled(phone)
        assert share(phone, *middle(phone))[0] == pytest.approx(at[0], abs=0.02), size
    phone.evaluate("() => fake.send({ type: 'desk', state: 'live', message: '', width: 1024, height: 768 })")
    wait(phone, "deskroom.state().desk.width === 1024")
    filled(phone)
    assert zoom(phone) == 2
    # Nothing is left of it for whoever comes back.
    phone.click("#leave-button")
    phone.click("#rejoin")
    wait(phone, "deskroom.state().picture.shown")
    assert zoom(phone) == 1


def filled(page):
    """Each side of the place is filled, or the picture lies in its middle."""
    x, y, width, height = stage(page)
    left_, top, across, down = content(page)
    for start, room, at, size in ((x, width, left_, across), (y, height, top, down)):
        if size >= room:
            assert at <= start + 1 and at + size >= start + room - 1
        else:
            assert at - start == pytest.approx(start + room - at - size, abs=1.5)


def test_full_screen_keeps_what_is_in_the_middle(page):
    enlarge(page, 3)
    before = share(page, *middle(page))
    page.click("#fullscreen-button")
    wait(page, "document.fullscreenElement !== null")
    page.wait_for_timeout(200)
    filled(page)
    assert zoom(page) == 3 and share(page, *middle(page)) == pytest.approx(before, abs=0.01)


def test_pointer_and_hidden_parts_stay_in_place_on_an_enlarged_desk(page):
    wait(page, "fake.cursor.readyState === 'open'")
    page.evaluate(SHAPE)
    page.evaluate("""() => fake.hide({ clear: true, masked: true, details: {
        rectangles: [{ x: 600, y: 300, width: 80, height: 60 }], windows: [], lost: [], fallen: false } })""")
    wait(page, "!document.getElementById('pointer').hidden && document.querySelector('#mask-outlines div') !== null")
    for _ in range(2):
        enlarge(page, 1)
        left_, top, width, _ = content(page)
        scale = width / 1280
        pointer = page.locator("#pointer").bounding_box()
        assert (pointer["x"], pointer["y"]) == pytest.approx((left_ + 640 * scale, top + 360 * scale), abs=1.5 + scale / 2)
        # Of its own size: what it points at is what counts.
        assert pointer["width"] == 16
        mask = page.locator("#mask-outlines div").bounding_box()
        assert (mask["x"], mask["width"]) == pytest.approx((left_ + 600 * scale, 80 * scale), abs=0.5)
    # What is to be hidden is drawn on the whole desk.
    page.click("#mask-button")
    page.click("#mask-add")
    assert zoom(page) == 1


EDGE = """async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
    const context = canvas.getContext('2d');
    const paint = () => {
        context.fillStyle = '#fff'; context.fillRect(0, 0, 1280, 720);
        context.fillStyle = '#000'; context.fillRect(0, 0, 640, 720);
    };
    paint();
    const video = document.getElementById('desk');
    video.srcObject = canvas.captureStream(10);
    setInterval(paint, 100);
    await video.play();
    await new Promise((done) => video.requestVideoFrameCallback(() => video.requestVideoFrameCallback(done)));
}"""
ROW = """async (data) => {
    const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + data)).blob());
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return [...canvas.getContext('2d').getImageData(0, 0, image.width, 1).data].filter((_, i) => i % 4 === 0);
}"""


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_an_enlarged_desk_is_as_sharp_as_its_own_pixels(open_page, scale):
    page = open_page(device_scale_factor=scale, width=900, height=700)
    page.evaluate(EDGE)
    enlarge(page, 4)
    assert zoom(page) == 4
    left_, top, width, height = content(page)
    edge = left_ + width / 2
    shot = page.screenshot(clip={"x": round(edge) - 20, "y": top + height / 2, "width": 40, "height": 1})
    row = page.evaluate(ROW, base64.b64encode(shot).decode())
    assert row[0] < 40 and row[-1] > 215, row
    # What is neither black nor white is at most what lies between the middles of two pixels of the desk, and its margins.
    between = sum(1 for value in row if 40 < value < 215)
    assert between <= width / 1280 * scale + 1, (between, width / 1280 * scale, row)


def test_the_room_hears_how_large_the_desk_is_shown(page):
    enter(page, *people(1))
    wait(page, "fake.last('views') !== null")
    desk = "fake.last('views').views.find(({ source }) => source === 'desk').height"
    height = "document.getElementById('stage').getBoundingClientRect().height"
    wait(page, f"Math.abs({desk} - {height}) <= 1")
    enlarge(page, 2)
    wait(page, f"Math.abs({desk} - 2 * {height}) <= 2")
