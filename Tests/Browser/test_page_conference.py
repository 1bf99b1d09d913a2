"""The page's conference against a room inside the page: no server but for the files, fake devices, real WebRTC."""

import pytest

from pageroom import attribute, enter, people, text, tile, wait
from waiting import eventually


@pytest.fixture
def page(open_page):
    return open_page()


# Rooms without a conference.


def test_a_room_without_a_conference_looks_as_if_there_were_none(open_page):
    page = open_page(before="fake.conference = false;")
    page.evaluate("() => fake.enter({ id: 2, name: 'Ben' })")
    wait(page, "deskroom.state().people === 2")
    for name in ("microphone-button", "settings-button", "chat-button", "grid-button", "strip", "chat"):
        assert not page.is_visible(f"#{name}"), name
    assert page.evaluate("document.getElementById('stage').clientWidth") == 1280
    page.wait_for_timeout(500)
    sent = set(page.evaluate("fake.sent.map(({ type }) => type)"))
    assert sent == {"join", "visibility", "publishOffer", "subscribeAnswer", "pageState"}
    assert page.evaluate("deskroom.state().tiles") == []


# Microphone and camera.


def test_nothing_is_captured_before_a_click(open_page):
    page = open_page(
        before="window.asked = 0; const media = navigator.mediaDevices; const ask = media.getUserMedia.bind(media);"
        "media.getUserMedia = (wanted) => { window.asked += 1; return ask(wanted); };"
    )
    assert page.evaluate("asked") == 0
    assert page.evaluate("deskroom.state().media") == {"audio": "none", "video": "none"}
    page.click("#microphone-button")
    wait(page, "asked === 1")


def test_the_microphone_goes_on_is_muted_and_comes_back(page):
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia')?.audio === 'on'")
    assert attribute(page, "#microphone-button", "aria-pressed") == "true"
    wait(page, "/m=audio/.test(fake.last('publishOffer').sdp) && fake.publisher.getReceivers().length === 1")
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia').audio === 'muted'")
    assert attribute(page, "#microphone-button", "aria-pressed") == "false"
    assert text(page, "#announcement") == "Microphone is muted."
    offers = page.evaluate("fake.count('publishOffer')")
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia').audio === 'on'")
    assert page.evaluate("fake.count('publishOffer')") == offers


def test_the_camera_sends_three_layers_and_ends_its_track_when_it_is_off(page):
    page.click("#camera-button")
    wait(page, "/a=simulcast:send q;h;f/.test(fake.last('publishOffer').sdp)")
    wait(page, "fake.last('setMedia')?.video === 'on' && deskroom.state().tiles[0].video")
    own = ".tile[data-own='true'] video"
    wait(page, f"document.querySelector(\"{own}\").videoWidth === 960")
    assert page.evaluate(f"getComputedStyle(document.querySelector(\"{own}\")).scale") == "-1 1"
    page.evaluate(f"window.track = document.querySelector(\"{own}\").srcObject.getTracks()[0]")
    page.click("#camera-button")
    wait(page, "fake.last('setMedia').video === 'off' && track.readyState === 'ended'")
    offers = page.evaluate("fake.count('publishOffer')")
    page.click("#camera-button")
    wait(page, "fake.last('setMedia').video === 'on'")
    assert page.evaluate("fake.count('publishOffer')") == offers


ACTIVE = """async () => {
    const [sender] = connections.filter((one) => one !== fake.subscriber)
        .flatMap((one) => one.getSenders()).filter(({ track }) => track?.kind === 'video');
    return sender.getParameters().encodings.filter(({ active }) => active).map(({ rid }) => rid).join();
}"""
CONNECTIONS = """
const Connection = window.RTCPeerConnection;
window.connections = [];
window.RTCPeerConnection = class extends Connection {
    constructor(...given) { super(...given); connections.push(this); }
};
"""


def test_layers_that_nobody_watches_are_not_sent(open_page):
    page = open_page(before=CONNECTIONS)
    page.click("#camera-button")
    wait(page, "fake.publisher.getReceivers().length === 1")
    eventually(lambda: page.evaluate(ACTIVE) == "q,h,f")
    mid = page.evaluate("fake.publisher.getTransceivers()[0].mid")
    for layers in (["q"], [], ["q", "h", "f"]):
        message = {"type": "publishLayers", "layers": {mid: layers}}
        page.evaluate("(message) => fake.send(message)", message)
        eventually(lambda: page.evaluate(ACTIVE) == ",".join(layers), what=layers)
    page.evaluate("() => fake.send({ type: 'publishLayers', layers: { other: [] } })")
    page.wait_for_timeout(200)
    assert page.evaluate(ACTIVE) == "q,h,f"


SCALES = ACTIVE.replace(".filter(({ active }) => active)", "").replace("{ rid }", "{ scaleResolutionDownBy: rid }")


@pytest.mark.parametrize("width, height, scales", [(960, 540, "4,2,1"), (640, 480, "2,1,1")])
def test_a_small_picture_is_sent_whole_in_the_second_layer(open_page, width, height, scales):
    small = "const media = navigator.mediaDevices; const ask = media.getUserMedia.bind(media);"
    small += f"media.getUserMedia = () => ask({{ video: {{ width: {width}, height: {height} }} }});"
    page = open_page(before=CONNECTIONS + small)
    page.click("#camera-button")
    wait(page, "fake.publisher.getReceivers().length === 1")
    assert page.evaluate(SCALES) == scales


def test_both_at_once_are_offered_though_the_first_offer_is_unanswered(page):
    page.evaluate("() => { fake.answers = false; }")
    page.click("#microphone-button")
    wait(page, "fake.publisher.getReceivers().length === 1")
    page.click("#camera-button")
    wait(page, "deskroom.state().media.video === 'on'")
    assert not page.evaluate("/m=video/.test(fake.last('publishOffer').sdp)")
    page.evaluate("() => { fake.answers = true; fake.receive(fake.last('publishOffer')); }")
    wait(page, "/m=video/.test(fake.last('publishOffer').sdp) && fake.publisher.getReceivers().length === 2")
    wait(page, "deskroom.state().publish.negotiation === 'stable'")


@pytest.mark.parametrize("forgets", [False, True])
def test_a_lost_connection_leaves_microphone_and_camera_as_they_were(page, forgets):
    page.click("#microphone-button")
    page.click("#camera-button")
    wait(page, "fake.publisher.getReceivers().length === 2 && deskroom.state().publish.negotiation === 'stable'")
    page.click("#microphone-button")
    wait(page, "fake.last('setMedia').audio === 'muted'")
    page.evaluate("(forgets) => { fake.forgets = forgets; fake.sent = []; fake.drop(); }", forgets)
    wait(page, "fake.last('setMedia')?.audio === 'muted' && fake.last('setMedia').video === 'on'")
    wait(page, "fake.last('views')?.views.length === 1")
    wait(page, "deskroom.state().publish.control === 'open' && deskroom.state().picture.shown")
    assert page.evaluate("fake.count('publishOffer')") == (1 if forgets else 0)
    if forgets:
        assert page.evaluate("/m=video[^]*m=audio|m=audio[^]*m=video/.test(fake.last('publishOffer').sdp)")


REFUSALS = [
    ("NotAllowedError", "Allow it beside the address"),
    ("NotReadableError", "Another program may be using it"),
    ("NotFoundError", "No microphone was found"),
]


@pytest.mark.parametrize("error, words", REFUSALS)
def test_why_there_is_no_microphone_is_told_in_words(open_page, error, words):
    refuse = f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{error}'); }};"
    page = open_page(before=refuse)
    page.click("#microphone-button")
    wait(page, "!document.getElementById('notice').hidden")
    assert words in text(page, "#notice")
    assert attribute(page, "#microphone-button", "data-state") == "problem"
    assert page.evaluate("deskroom.state().media.audio") == "none"


def test_a_device_that_is_gone_is_replaced_and_that_is_said(page):
    page.click("#microphone-button")
    wait(page, "deskroom.state().media.audio === 'on'")
    page.click("#microphone-button")
    page.evaluate("""() => {
        navigator.mediaDevices.enumerateDevices = async () => [{ kind: 'audioinput', deviceId: 'x', label: 'Other' }];
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    }""")
    wait(page, "/is gone. Using/.test(document.getElementById('notice').textContent)")
    assert page.evaluate("deskroom.state().media.audio") == "muted"


def test_the_last_device_that_is_gone_leaves_the_microphone_off(page):
    page.click("#microphone-button")
    wait(page, "deskroom.state().media.audio === 'on'")
    page.evaluate("""() => {
        navigator.mediaDevices.enumerateDevices = async () => [];
        navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotFoundError'); };
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    }""")
    wait(page, "/The microphone is off now/.test(document.getElementById('notice').textContent)")
    wait(page, "fake.last('setMedia').audio === 'none'")


def test_devices_can_be_chosen(page):
    page.click("#microphone-button")
    wait(page, "deskroom.state().media.audio === 'on'")
    page.click("#settings-button")
    wait(page, "document.getElementById('microphone-choice').options.length > 1")
    # Chromium lists the devices in an order of its own.
    labels = page.evaluate("[...document.getElementById('microphone-choice').options].map(({ label }) => label)")
    wanted = next(label for label in labels if label.startswith("Fake Audio Input"))
    # By its name: the list may be made anew, in another order, between a look at it and the choice.
    page.select_option("#microphone-choice", label=wanted)
    chosen = "document.getElementById('microphone-choice').selectedOptions[0].label"
    wait(page, f"{chosen} === '{wanted}'")
    page.wait_for_timeout(300)
    assert page.evaluate(chosen) == wanted
    wait(page, "/Your connection/.test(document.getElementById('quality-line').textContent)")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "settings-button"


# The others.


def test_tiles_show_who_is_who(page):
    enter(page, *people(2), {"id": 4, "name": "Cy Twombly", "audio": "muted", "video": "off"})
    page.evaluate("() => fake.show(2, 3)")
    moving = "[...document.querySelectorAll('.tile[data-video=on] video')].filter((one) => one.videoWidth)"
    wait(page, f"{moving}.length === 2")
    assert page.evaluate("fake.owners[fake.midOf(2, 'camera')].person") == 2
    assert tile(page, 2)["video"] and not tile(page, 4)["video"]
    assert tile(page, 4)["muted"] and not tile(page, 2)["muted"]
    assert text(page, ".tile[data-person='4'] .initials") == "CT"
    assert text(page, ".tile[data-person='4'] .words") == ", muted, camera off"
    # The desk is the largest all the while.
    assert page.evaluate("document.getElementById('desk').videoWidth > 0")
    page.evaluate("() => fake.leave(3)")
    wait(page, "document.querySelectorAll('.tile').length === 3")


def test_who_speaks_is_marked_and_a_paused_camera_says_so(page):
    enter(page, *people(2))
    page.evaluate("() => fake.show(2, 3)")
    wait(page, "deskroom.state().tiles.filter(({ video }) => video).length === 2")
    page.evaluate("() => fake.send({ type: 'speakers', dominant: 3, speaking: [3] })")
    wait(page, "document.querySelector('.tile[data-person=\"3\"]').dataset.dominant === 'true'")
    assert tile(page, 3)["speaking"] and not tile(page, 2)["speaking"]
    tell = "(how) => fake.send({ type: 'delivery', tracks: { [fake.midOf(2, 'camera')]: how } })"
    page.evaluate(tell, "pausedByNetwork")
    wait(page, "deskroom.state().words === 'Your connection is weak: one camera paused'")
    facts = {"video": False, "muted": False, "speaking": False, "delivery": "pausedByNetwork"}
    assert tile(page, 2) == {"person": 2, **facts}
    assert page.is_visible(".tile[data-person='2'] .delivery")
    page.evaluate(tell, "sent")
    wait(page, "deskroom.state().words === 'Connected'")
    assert not page.is_visible(".tile[data-person='2'] .delivery")


def test_the_microphones_of_others_are_played_and_the_desk_is_measured_alone(page):
    enter(page, *people(2))
    page.evaluate("() => { const play = HTMLAudioElement.prototype.play; window.played = [];"
                  "HTMLMediaElement.prototype.play = function () { played.push(this); return play.call(this); }; }")
    page.evaluate("() => fake.speak(2, 3, 1)")
    wait(page, "played.filter((one) => one.tagName === 'AUDIO').length === 2")
    page.evaluate("() => fake.show(2)")
    wait(page, "deskroom.state().tiles.some(({ video }) => video)")
    page.click("#sound-button")
    wait(page, "played.filter((one) => one.tagName === 'AUDIO').every(({ muted }) => muted)")
    assert wait(page, "deskroom.measure().then(({ video }) => video?.frameWidth ?? 0)") > 160


VIEWS = "(fake.last('views')?.views ?? []).filter(({ source }) => source === 'camera')"


def test_the_room_is_told_what_is_visible_and_how_large(page):
    enter(page, *people(13))
    wait(page, f"{VIEWS}.length > 4")
    views = page.evaluate("fake.last('views').views")
    desk = page.evaluate("document.getElementById('desk').clientHeight")
    assert views[0] == {"person": 0, "source": "desk", "height": desk, "pinned": False}
    assert 1 < len(views) - 1 < 13
    assert all(view["height"] == 90 and not view["pinned"] for view in views[1:])
    page.evaluate("document.getElementById('strip').scrollLeft = 10000")
    wait(page, f"{VIEWS}.some(({{ person }}) => person === 14)")
    page.click("#strip-button")
    wait(page, "fake.last('views').views.length === 1")
    page.click("#grid-button")
    wait(page, f"{VIEWS}.length === 13")
    page.evaluate("""() => {
        Object.defineProperty(document, 'hidden', { value: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    wait(page, "fake.last('views').views.map(({ source }) => source).join() === 'desk'")


def test_a_pinned_person_is_larger_first_and_told_to_the_room(page):
    enter(page, *people(5))
    page.dblclick(".tile[data-person='4'] .picture")
    wait(page, "document.querySelector('.tile').dataset.person === '4'")
    wait(page, f"{VIEWS}.some(({{ person, pinned, height }}) => person === 4 && pinned && height > 150)")
    assert attribute(page, ".tile[data-person='4'] .pin", "aria-pressed") == "true"
    page.evaluate("() => fake.leave(4)")
    wait(page, "document.querySelectorAll('.tile[data-pinned=true]').length === 0")


def test_pin_and_grid_are_kept_over_a_reload_of_the_tab(open_page):
    # The room goes on while the page is loaded.
    page = open_page(before="fake.people = JSON.parse(sessionStorage.people ?? '[]');")
    enter(page, *people(3))
    page.evaluate("() => { sessionStorage.people = JSON.stringify(fake.people.filter(({ id }) => id !== 1)); }")
    pinned = "document.querySelector('.tile[data-pinned=true]')?.dataset.person"
    layout = "document.getElementById('scene').dataset.layout"
    page.dblclick(".tile[data-person='3'] .picture")
    page.click("#grid-button")
    wait(page, f"{pinned} === '3' && {layout} === 'grid'")
    page.reload()
    wait(page, f"deskroom.state().tiles.length === 4 && {pinned} === '3' && {layout} === 'grid'")
    assert attribute(page, "#grid-button", "aria-pressed") == "true"
    wait(page, f"{VIEWS}.some(({{ person, pinned }}) => person === 3 && pinned)")
    # Whoever leaves is not pinned when they come back, and a grid that was left stays left.
    page.evaluate("() => fake.leave(3)")
    wait(page, f"deskroom.state().tiles.length === 3 && {pinned} === undefined")
    page.click("#grid-button")
    page.click("#strip-button")
    page.reload()
    wait(page, "deskroom.state().tiles.length === 4")
    assert page.evaluate(pinned) is None
    assert page.evaluate(layout) == "alone"
    assert attribute(page, "#strip-button", "aria-pressed") == "false"


def test_the_strip_is_one_stop_of_the_keyboard_and_scrolls_with_the_arrows(page):
    enter(page, *people(13))
    assert page.evaluate("document.querySelectorAll('.tile button[tabindex=\"0\"].pin').length") == 1
    page.focus(".tile .pin")
    for _ in range(13):
        page.keyboard.press("ArrowRight")
    person = "document.activeElement.closest('.tile').dataset.person"
    assert page.evaluate(person) == "14"
    box = page.evaluate("document.activeElement.closest('.tile').getBoundingClientRect().toJSON()")
    assert box["left"] >= 0 and box["right"] <= 1280
    page.keyboard.press("Enter")
    wait(page, "document.querySelector('.tile').dataset.person === '14'")
    assert page.evaluate(person) == "14", "the focus stays where it was"
    page.keyboard.press("End")
    assert page.evaluate(person) == "13"


@pytest.mark.parametrize("width, height", [(1280, 800), (390, 844), (844, 390), (2560, 1080)])
def test_the_desk_stays_largest_and_nothing_overflows(open_page, width, height):
    page = open_page(width=width, height=height)
    enter(page, *people(13))
    area = "(({ width, height }) => width * height)"
    desk = page.evaluate(f"{area}(deskroom.state().picture.content)")
    tiles = page.evaluate(f"[...document.querySelectorAll('.tile')].map((one) => {area}(one.getBoundingClientRect()))")
    assert desk > 3 * max(tiles)
    wide, high = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert wide <= width and high <= height
    for button in page.query_selector_all("#bar button:visible"):
        box = button.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= width, button.get_attribute("id")


# What is said.


def test_joins_leaves_and_mutes_are_announced_together(page):
    enter(page, *people(2))
    wait(page, "document.getElementById('events').textContent === 'Person 2 and Person 3 joined.'")
    page.evaluate("() => { fake.leave(2); fake.change(3, { audio: 'muted' }); fake.enter({ id: 9, name: 'Zoe' }); }")
    wait(page, "document.getElementById('events').textContent === 'Zoe joined. Person 2 left. Person 3 is muted.'")


def test_many_who_come_at_once_are_one_short_sentence(page):
    made = page.evaluate("""async () => {
        const { sentences } = await import('/announcer.js');
        return sentences({ joined: [1, 2, 3, 4, 5, 6], left: [], muted: [7, 8, 9], unmuted: [] }, (id) => `P${id}`);
    }""")
    assert made == ["P1, P2, and 4 others joined.", "P7, P8, and P9 are muted."]


# Chat.


def receive(page, **message):
    page.evaluate("(message) => fake.raw(JSON.stringify(message))", {"at": 1_700_000_000_000, **message})


def test_chat_is_sent_received_counted_and_never_markup(page):
    wait(page, "fake.chat.readyState === 'open'")
    evil = "<img src=x onerror='window.evil = 1'> & <b>bold</b>"
    receive(page, **{"from": 2, "name": "<i>Ben</i>", "text": evil})
    receive(page, **{"from": 2, "name": "Ben", "text": "again"})
    page.evaluate("() => { fake.raw('no JSON'); fake.raw('{\"text\":7}'); fake.raw('null'); }")
    wait(page, "deskroom.state().chat.unread === 2")
    assert text(page, "#chat-unread") == "2"
    assert attribute(page, "#chat-button", "aria-label") == "Chat, 2 unread"
    page.click("#chat-button")
    assert page.evaluate("deskroom.state().chat") == {"open": True, "unread": 0}
    assert page.evaluate("document.querySelectorAll('#chat-log :is(img, b b, i)').length") == 0
    assert text(page, ".message .words") == evil
    assert page.evaluate("window.evil") is None
    page.keyboard.type("Hello")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("all")
    page.keyboard.press("Enter")
    wait(page, "fake.chats.length === 1")
    assert page.evaluate("fake.chats[0]") == "Hello\nall"
    # The room may send it back: it is shown once.
    receive(page, **{"from": 1, "name": "Ada", "text": "Hello\nall"})
    receive(page, **{"from": 2, "name": "Ben", "text": "third"})
    wait(page, "document.querySelectorAll('.message').length >= 4")
    assert page.evaluate("document.querySelectorAll('.message').length") == 4
    page.keyboard.press("Escape")
    assert not page.is_visible("#chat")
    assert page.evaluate("document.activeElement.id") == "chat-button"


def write(page, words):
    before = page.evaluate("fake.chats.length")
    page.fill("#chat-text", words)
    page.keyboard.press("Enter")
    wait(page, f"fake.chats.length === {before + 1}")


UNDELIVERED = "[...document.querySelectorAll('.message:has(.undelivered) .words')].map((one) => one.textContent).join()"


def test_a_line_whose_channel_dies_is_marked_and_can_be_sent_again(page):
    wait(page, "deskroom.state().publish.control === 'open' && fake.chat.readyState === 'open'")
    page.click("#chat-button")
    write(page, "heard")
    receive(page, **{"id": 0, "from": 1, "name": "Ada", "text": "heard"})
    write(page, "taken")
    write(page, "lost")
    page.wait_for_timeout(300)
    assert page.evaluate(UNDELIVERED) == "", "they wait"
    # The room has to be joined anew, on other connections.
    page.evaluate("() => { fake.forgets = true; window.old = fake.chat; fake.drop(); }")
    wait(page, f"{UNDELIVERED} === 'taken,lost'")
    wait(page, "fake.chat !== old && fake.chat.readyState === 'open'")
    # It had taken the first of them, and repeats what it has.
    receive(page, **{"id": 0, "from": 1, "name": "Ada", "text": "heard"})
    receive(page, **{"id": 1, "from": 1, "name": "Ada", "text": "taken"})
    wait(page, f"{UNDELIVERED} === 'lost'")
    wait(page, "deskroom.state().publish.control === 'open'")
    page.click(".undelivered button")
    wait(page, "fake.chats.length === 4")
    assert page.evaluate("fake.chats.at(-1)") == "lost"
    assert page.evaluate(UNDELIVERED) == ""
    assert page.evaluate("document.activeElement.id") == "chat-text"
    receive(page, **{"id": 2, "from": 1, "name": "Ada", "text": "lost"})
    page.wait_for_timeout(200)
    words = page.evaluate("[...document.querySelectorAll('.message .words')].map((one) => one.textContent)")
    assert words == ["heard", "taken", "lost"]


def test_a_line_that_the_room_refuses_is_marked_and_told_to_a_closed_chat(page):
    wait(page, "deskroom.state().publish.control === 'open'")
    page.click("#chat-button")
    write(page, "first")
    write(page, "second")
    page.keyboard.press("Escape")
    page.evaluate("() => fake.send({ type: 'error', step: 'chat', message: 'Wait a moment.' })")
    wait(page, f"{UNDELIVERED} === 'second'")
    assert "not delivered" in text(page, "#notice")


# Pure parts.


@pytest.mark.parametrize(
    "given, expected",
    [
        ("a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n", "minptime=10;useinbandfec=1;usedtx=1"),
        ("a=rtpmap:96 opus/48000/2\r\na=fmtp:96 usedtx=0;useinbandfec=1\r\n", "usedtx=0;useinbandfec=1"),
        ("a=rtpmap:111 opus/48000/2\r\nm=video 9\r\n", "useinbandfec=1;usedtx=1"),
        ("a=rtpmap:0 PCMU/8000\r\n", None),
    ],
)
def test_opus_is_asked_for_with_repair_and_without_silence(page, given, expected):
    made = page.evaluate("async (sdp) => (await import('/client/codecs.js')).withOpusOptions(sdp)", given)
    found = [line.split(" ", 1)[1] for line in made.split("\r\n") if line.startswith("a=fmtp")]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    "box, rows, side", [((1280, 747), 1, "bottom"), ((2560, 1000), 1, "right"), ((390, 650), 1, "bottom")]
)
def test_the_strip_lies_where_it_takes_least_of_the_desk(page, box, rows, side):
    script = "async ([width, height, rows]) => (await import('/layout.js')).stripSide({ width, height }, 16 / 9, rows)"
    assert page.evaluate(script, [*box, rows]) == side
