"""The page's pure parts: no room, no desk."""

import pytest

from pagefiles import blank_page


@pytest.fixture(scope="module")
def page(chromium_browser):
    with blank_page(chromium_browser) as page:
        yield page


def call(page, module, name, *arguments):
    """What a function of the page returns for arguments that JSON can carry."""
    script = "async ([module, name, given]) => (await import(module))[name](...given)"
    return page.evaluate(script, [f"/{module}.js", name, list(arguments)])


KEYS = [
    ({"key": "a", "code": "KeyA"}, 0x61),
    ({"key": "A", "code": "KeyA", "shiftKey": True}, 0x41),
    ({"key": "é"}, 0xE9),
    ({"key": "€", "code": "KeyE", "ctrlKey": True, "altKey": True}, 0x010020AC),
    ({"key": "с", "code": "KeyC"}, 0x01000441),
    ({"key": "с", "code": "KeyC", "ctrlKey": True}, 0x63),
    ({"key": "C", "code": "KeyC", "ctrlKey": True}, 0x63),
    ({"key": "😀"}, 0x0101F600),
    ({"key": "Enter"}, 0xFF0D),
    ({"key": "Enter", "location": 3}, 0xFF8D),
    ({"key": "7", "location": 3}, 0xFFB7),
    ({"key": "Home", "location": 3}, 0xFF95),
    ({"key": ",", "location": 3}, 0x2C),
    ({"key": "Shift", "location": 1}, 0xFFE1),
    ({"key": "Shift", "location": 2}, 0xFFE2),
    ({"key": "Control", "location": 2}, 0xFFE4),
    ({"key": "AltGraph", "location": 2}, 0xFE03),
    ({"key": "Tab"}, 0xFF09),
    ({"key": "Tab", "shiftKey": True}, 0xFE20),
    ({"key": "F1"}, 0xFFBE),
    ({"key": "F12"}, 0xFFC9),
    ({"key": "AudioVolumeUp"}, 0x1008FF13),
    ({"key": "Dead"}, None),
    ({"key": "CapsLock"}, None),
    ({"key": "NumLock", "location": 3}, None),
    ({"key": "Unidentified"}, None),
    ({"key": "Alt", "code": "AltLeft", "location": 1, "shiftKey": True}, 0xFFE9),
    ({"key": "Meta", "code": "AltLeft", "location": 1, "shiftKey": True}, 0xFFE9),
    ({"key": "Meta", "code": "MetaLeft", "location": 1}, 0xFFEB),
    ({"key": "toString"}, None),
]


@pytest.mark.parametrize("event, keysym", KEYS, ids=lambda value: str(value))
def test_a_key_has_the_keysym_of_its_meaning(page, event, keysym):
    assert call(page, "client/keyboard", "keysymOf", event, "other") == keysym


def test_option_on_a_mac_makes_characters(page):
    assert call(page, "client/keyboard", "keysymOf", {"key": "Alt", "location": 1}, "mac") == 0xFE03
    pi = {"key": "π", "code": "KeyP", "altKey": True}
    assert call(page, "client/keyboard", "keysymOf", pi, "mac") == 0x010003C0


@pytest.mark.parametrize("character", ["\x00", "\x7f", "\x9f", "\ud800"])
def test_what_is_no_character_has_no_keysym(page, character):
    script = "async (code) => (await import('/client/keyboard.js')).keysymOfCharacter(String.fromCharCode(code))"
    assert page.evaluate(script, ord(character)) is None


@pytest.mark.parametrize(
    "given, expected",
    [
        ((100, 0, None), 120),
        ((120, 0, -120), 120),
        ((53, 0, -120), 120),
        ((-240, 0, 240), -240),
        ((40, 0, -120), 48),
        ((-3, 1, None), -120),
        ((1, 2, None), 1200),
        ((0, 0, None), 0),
    ],
)
def test_a_turn_of_the_wheel_is_counted_in_notches(page, given, expected):
    assert call(page, "client/geometry", "notches", *given) == pytest.approx(expected)


def test_parts_of_a_notch_add_up_and_no_event_carries_too_many(page):
    script = """async () => {
        const sum = new (await import('/client/geometry.js')).WheelSum();
        const taken = [];
        for (const turn of [0.4, 0.4, 0.4, -0.5, 5000]) { sum.add(0, turn); taken.push(sum.take()?.dy ?? 0); }
        return taken;
    }"""
    assert page.evaluate(script) == [0, 0, 1, 0, 1200]


@pytest.mark.parametrize(
    "point, pixel",
    [((0, 120), (0, 0)), ((399, 344), (1915, 1075)), ((200, 232), (960, 537)), ((-50, 900), (0, 1079)), ((400, 0), (1919, 0))],
)
def test_a_letterboxed_picture_maps_to_desk_pixels(page, point, pixel):
    content = call(page, "client/geometry", "contentRect", {"left": 0, "top": 0, "width": 400, "height": 465}, 1920, 1080)
    assert (content["left"], content["top"], content["width"], content["height"]) == (0, 120, 400, 225)
    found = call(page, "client/geometry", "toDesk", content, {"width": 1920, "height": 1080}, *point)
    assert (found["x"], found["y"]) == pixel


def test_every_desk_pixel_comes_back_from_the_page(page):
    script = """async () => {
        const { contentRect, toDesk, toPage } = await import('/client/geometry.js');
        const desk = { width: 1920, height: 1080 };
        const content = contentRect({ left: 3, top: 7, width: 777, height: 555 }, 1920, 1080);
        for (let x = 0; x < 1920; x += 1) {
            const y = x % 1080;
            const point = toPage(content, desk, x, y);
            const back = toDesk(content, desk, point.x, point.y);
            if (back.x !== x || back.y !== y) return [x, y, back];
        }
        return null;
    }"""
    assert page.evaluate(script) is None


# Where the desk lies that is shown larger than whole: on a phone, below its middle, at a corner, on a screen that is dense.
VIEWS = [
    ({"zoom": 1, "x": 0.5, "y": 0.5}, (3, 65.96875, 777, 437.0625)),
    ({"zoom": 2, "x": 0.5, "y": 0.5}, (-385.5, -152.5625, 1554, 874.125)),
    ({"zoom": 2, "x": 0, "y": 1}, (3, -312.125, 1554, 874.125)),
    ({"zoom": 8, "x": 0.9, "y": 0.1}, (-5202.9, -65.15, 6216, 3496.5)),
]


@pytest.mark.parametrize("view, expected", VIEWS)
def test_a_desk_that_is_shown_larger_fills_its_place(page, view, expected):
    box = {"left": 3, "top": 7, "width": 777, "height": 555}
    fitted = call(page, "client/geometry", "contentRect", box, 1920, 1080)
    found = call(page, "client/geometry", "enlargedRect", box, fitted, view)
    assert [found[one] for one in ("left", "top", "width", "height")] == pytest.approx(expected)
    if view["zoom"] > 1:
        assert found["left"] <= 3 and found["left"] + found["width"] >= 780
        assert found["top"] <= 7 and found["top"] + found["height"] >= 562


@pytest.mark.parametrize("view", [view for view, _ in VIEWS])
def test_every_desk_pixel_comes_back_at_every_size(page, view):
    script = """async (view) => {
        const { contentRect, enlargedRect, toDesk, toPage } = await import('/client/geometry.js');
        const desk = { width: 1920, height: 1080 };
        const box = { left: 3, top: 7, width: 777, height: 555 };
        const content = enlargedRect(box, contentRect(box, 1280, 720), view);
        for (let x = 0; x < 1920; x += 1) {
            const y = x % 1080;
            const point = toPage(content, desk, x, y);
            const back = toDesk(content, desk, point.x, point.y);
            if (back.x !== x || back.y !== y) return [x, y, back];
        }
        return null;
    }"""
    assert page.evaluate(script, view) is None


FINGERS = [
    # What each finger does, the middle staying or not: what it is.
    ([(0, 0), (100, 0)], [(0, 3), (100, 3)], None),
    ([(0, 0), (100, 0)], [(0, 40), (100, 40)], "scroll"),
    ([(0, 0), (100, 0)], [(40, 0), (142, 0)], "scroll"),
    ([(0, 0), (100, 0)], [(-20, 0), (120, 0)], "pinch"),
    ([(0, 0), (100, 0)], [(0, 0), (80, 0)], "pinch"),
    ([(0, 0), (60, 60)], [(0, 0), (90, 90)], "pinch"),
]


@pytest.mark.parametrize("before, after, kind", FINGERS)
def test_two_fingers_scroll_unless_their_distance_changes(page, before, after, kind):
    script = """async ([before, after]) => {
        const { TwoFingers } = await import('/client/two-fingers.js');
        const fingers = (points) => points.map(([clientX, clientY]) => ({ clientX, clientY }));
        const two = new TwoFingers(fingers(before));
        const done = two.settle(fingers(after));
        return { kind: two.kind, done, again: done && two.settle(fingers(after)) };
    }"""
    found = page.evaluate(script, [before, after])
    assert found["kind"] == kind
    assert (found["done"] is None) == (kind is None)
    if kind:
        # All of the way that it took to decide, and nothing twice.
        assert found["done"]["from"] == {"x": (before[0][0] + before[1][0]) / 2, "y": (before[0][1] + before[1][1]) / 2}
        assert found["again"] == {"factor": 1, "from": found["done"]["to"], "to": found["done"]["to"]}


@pytest.mark.parametrize(
    "call_, expected",
    [
        ("pointerMove(7, 9, 65537, 258, 3)", "010000010000000700000009" "01020003"),
        ("buttonDown(7, 9, 1, 2, 3)", "020000000000000700000009" "0001000203"),
        ("buttonUp(7, 9, 1, 2, 9)", "030000000000000700000009" "0001000209"),
        ("wheel(7, 9, 1, 2, -120, 120)", "040000000000000700000009" "00010002ff880078"),
        ("keyDown(4294967295, 9, 65539, 0x0101f600, 0)", "05000003ffffffff00000009" "0101f60000"),
        ("keyUp(7, 9, 0x61, 38)", "060000000000000700000009" "0000006126"),
        ("held(7, 9, [1, 9], [[0x61, 38], [0x0101f600, 0]])", "0b0000000000000700000009" "0101" "0000006126" "0101f60000"),
        ("releaseAll(7, 9)", "070000000000000700000009"),
        ("text(7, 9, 258, [0x61, 0x0101f600])", "080001020000000700000009" "00000061" "0101f600"),
        ("pointerPath(7, 9, 65538, [[1, 2], [258, 3]])", "090000020000000700000009" "00010002" "01020003"),
    ],
)
def test_events_have_the_layout_of_the_protocol(page, call_, expected):
    script = f"async () => [...new Uint8Array((await import('/client/protocol.js')).{call_})]"
    assert bytes(page.evaluate(script)).hex() == expected


def test_a_cursor_message_is_read_whole_or_not_at_all(page):
    shape = bytes.fromhex("41000000" "00000005" "0002" "0001" "0001" "0000") + bytes(8)
    position = bytes.fromhex("42000000" "0102" "0304")
    script = """async (messages) => {
        const { parseCursor } = await import('/client/protocol.js');
        return messages.map((bytes) => {
            const found = parseCursor(new Uint8Array(bytes).buffer);
            return found && { ...found, pixels: found.pixels?.length };
        });
    }"""

    def read(*messages):
        return page.evaluate(script, [list(message) for message in messages])

    whole = read(shape, position)
    assert whole[0] == {"type": "shape", "serial": 5, "width": 2, "height": 1, "hotX": 1, "hotY": 0, "pixels": 8}
    assert (whole[1]["x"], whole[1]["y"]) == (0x0102, 0x0304)
    truncated = [message[:length] for message in (shape, position) for length in range(len(message))]
    assert set(map(str, read(*truncated, shape + b"\0", b"\x43" + position[1:]))) == {"None"}


def test_what_became_of_a_text_is_read_whole_or_not_at_all(page):
    receipt = bytes.fromhex("51" "03" "0102" "00000007" "001f")
    script = """async (messages) => {
        const { parseReceipt } = await import('/client/protocol.js');
        return messages.map((bytes) => parseReceipt(new Uint8Array(bytes).buffer));
    }"""
    wrong = [receipt[:length] for length in range(len(receipt))] + [receipt + b"\0", b"\x52" + receipt[1:]]
    read = page.evaluate(script, [list(one) for one in [receipt, *wrong]])
    assert read == [{"outcome": 3, "sequence": 0x0102, "lease": 7, "delivered": 31}] + [None] * len(wrong)


def test_the_buttons_that_changed_are_named_as_x_names_them(page):
    assert call(page, "client/input", "buttonChanges", 0, 1 | 2 | 4 | 8 | 16) == [[True, b] for b in (1, 2, 3, 8, 9)]
    assert call(page, "client/input", "buttonChanges", 1 | 4, 4 | 2) == [[False, 1], [True, 3]]


def test_stereo_is_answered_only_where_it_is_offered(page):
    answer = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n"
    offer = "a=rtpmap:111 opus/48000/2\r\na=fmtp:111 sprop-stereo=1;useinbandfec=1\r\n"
    assert "a=fmtp:111 minptime=10;stereo=1\r\n" in call(page, "client/codecs", "withStereo", answer, offer)
    assert call(page, "client/codecs", "withStereo", answer, answer) == answer


GOOD = {
    "now": 60_000,
    "isSupported": True,
    "signalling": {"state": "joined", "failures": 0, "wasJoined": True, "endCode": 0},
    "publish": {"state": "connected", "since": 1000},
    "subscribe": {"state": "connected", "since": 1000},
    "channelsOpen": True,
    "desk": {"state": "live", "message": ""},
    "frames": 1,
    "isPictureBlocked": False,
    "sound": "on",
    "failure": None,
}


@pytest.mark.parametrize(
    "change, key, tone, has_banner",
    [
        ({}, "connected", "good", False),
        ({"isSupported": False}, "unsupported", "problem", True),
        ({"signalling": {"state": "connecting", "failures": 0}}, "joining", "wait", False),
        ({"signalling": {"state": "waiting", "failures": 3}}, "unreachable", "problem", True),
        ({"signalling": {"state": "waiting", "failures": 1, "wasJoined": True}}, "reconnecting", "wait", False),
        ({"signalling": {"state": "waiting", "failures": 3, "wasJoined": True}}, "reconnecting", "wait", True),
        ({"signalling": {"state": "ended", "endCode": 4001}}, "replaced", "problem", True),
        ({"subscribe": {"state": "noPath", "since": 0}}, "subscribeNoPath", "problem", True),
        ({"subscribe": {"state": "insecure", "since": 0}}, "subscribeInsecure", "problem", True),
        ({"subscribe": {"state": "connecting", "since": 59_000}}, "subscribeConnecting", "wait", False),
        ({"subscribe": {"state": "lost", "since": 0}}, "subscribeLost", "wait", True),
        ({"publish": {"state": "noPath", "since": 0}}, "publishNoPath", "problem", True),
        ({"desk": {"state": "restarting", "message": ""}}, "restarting", "wait", True),
        ({"desk": {"state": "failed", "message": "No display."}}, "failed", "problem", True),
        ({"frames": 0}, "noFrame", "problem", True),
        ({"frames": 0, "now": 2000}, "firstFrame", "wait", False),
        ({"channelsOpen": False}, "noChannel", "problem", True),
        ({"sound": "blocked"}, "soundBlocked", "wait", True),
    ],
)
def test_each_state_has_its_words(page, change, key, tone, has_banner):
    said = call(page, "states", "describe", {**GOOD, **change})
    assert (said["key"], said["tone"], said["banner"] is not None) == (key, tone, has_banner)
    assert said["line"] and (not has_banner or (said["banner"]["title"] and said["banner"]["text"]))


def test_who_is_kept_out_for_long_is_told_to_load_the_page_anew(page):
    """The browser asks about a certificate that it does not know only then."""
    def words(failures, path="lost"):
        facts = {"signalling": {"state": "waiting", "failures": failures, "wasJoined": True}}
        facts["subscribe"] = {"state": path, "since": 1000}
        return call(page, "states", "describe", {**GOOD, **facts})["banner"]["text"]

    assert "certificate" not in words(7)
    assert "load it anew" in words(8) and "certificate" in words(8)
    assert "certificate" not in words(8, "connected"), "the picture goes on"


@pytest.mark.parametrize(
    "facts, state",
    [
        ({"ice": None}, "none"),
        ({"ice": "checking", "connection": "connecting", "untried": 100}, "connecting"),
        ({"ice": "checking", "connection": "connecting", "untried": 9000}, "noPath"),
        ({"ice": "failed", "connection": "failed"}, "noPath"),
        ({"ice": "disconnected", "connection": "disconnected", "wasConnected": True}, "lost"),
        ({"ice": "connected", "connection": "connecting", "untried": 100}, "connecting"),
        ({"ice": "connected", "connection": "connecting", "untried": 9000}, "insecure"),
        ({"ice": "connected", "connection": "failed"}, "insecure"),
        ({"ice": "completed", "connection": "connected"}, "connected"),
    ],
)
def test_no_path_and_no_encryption_are_told_apart(page, facts, state):
    assert call(page, "client/path", "pathState", facts) == state
