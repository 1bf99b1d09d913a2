"""What the tests of hands on the desk have in common: what leaves the page, and fingers on it."""

from pageroom import wait

# Every control event that leaves the page: [channel, type, the rest of its bytes].
LISTEN = """
    window.left = [];
    const send = RTCDataChannel.prototype.send;
    RTCDataChannel.prototype.send = function (data) {
        if (typeof data !== 'string') window.left.push([this.label, ...new Uint8Array(data)]);
        return send.call(this, data);
    };
"""
MOVE, DOWN, UP, WHEEL, KEY_DOWN, KEY_UP, RELEASE_ALL, PATH = 1, 2, 3, 4, 5, 6, 7, 9


def drive(page):
    wait(page, "deskroom.state().publish.control === 'open' && deskroom.state().publish.pointer === 'open'")
    page.click("#control")
    wait(page, "deskroom.state().control.mine && document.activeElement.id === 'keys'")
    page.evaluate("left.length = 0")


def left(page, *types):
    """The bodies of the events of these types, in order, each after its type."""
    return [(one[1], one[13:]) for one in page.evaluate("left") if one[1] in types]


def keys(page):
    """What has been pressed and let go since it was asked last, as `+ffe3`."""
    found = left(page, KEY_DOWN, KEY_UP, RELEASE_ALL)
    page.evaluate("left.length = 0")
    return " ".join(
        "all" if kind == RELEASE_ALL else "+-"[kind - KEY_DOWN] + bytes(body[:4]).hex().lstrip("0") for kind, body in found
    )


def pointed(page):
    """Where the desk's pointer was sent last, in its pixels."""
    _, body = left(page, MOVE, PATH)[-1]
    return body[-4] << 8 | body[-3], body[-2] << 8 | body[-1]


def content(page):
    found = page.evaluate("(({ left, top, width, height }) => ({ left, top, width, height }))(deskroom.state().picture.content)")
    return found["left"], found["top"], found["width"], found["height"]


def stage(page):
    found = page.locator("#stage").bounding_box()
    return found["x"], found["y"], found["width"], found["height"]


def zoom(page):
    return page.evaluate("deskroom.state().picture.zoom")


def touch(page, kind, *points):
    """`points`: where all fingers are that are down, in CSS pixels."""
    if not hasattr(page, "cdp"):
        page.cdp = page.context.new_cdp_session(page)
    page.cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [
        {"id": one, "x": x, "y": y, "radiusX": 15, "radiusY": 15} for one, (x, y) in enumerate(points)
    ]})


def fingers(page, before, after, steps=8):
    """Fingers come down, go their way together, and are lifted."""
    touch(page, "touchStart", before[0])
    if len(before) > 1:
        touch(page, "touchStart", *before)
    for step in range(1, steps + 1):
        part = step / steps
        touch(page, "touchMove", *[
            (x + (to_x - x) * part, y + (to_y - y) * part)
            for (x, y), (to_x, to_y) in zip(before, after, strict=True)
        ])
        page.wait_for_timeout(20)
    touch(page, "touchEnd")
