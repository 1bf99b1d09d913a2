"""Cameras and microphones in the codecs that a room may choose, between real Chromium pages."""

import pytest
from member import Member
from waiting import eventually

# Two cores run both browsers: 640 × 360 is made in two sizes.
SMALL = """
const media = navigator.mediaDevices, ask = media.getUserMedia.bind(media);
media.getUserMedia = ({ video, ...more }) =>
    ask({ ...more, ...(video && { video: { width: 640, height: 360, frameRate: 15 } }) });
"""
# A browser that does not know what the room offers.
WITHOUT = """
const set = RTCPeerConnection.prototype.setRemoteDescription;
RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    return set.call(this, { type, sdp: type === 'offer' ? sdp.replaceAll(' %s/', ' none/') : sdp });
};
"""


@pytest.fixture
def room(open_room, desk, request):
    return open_room(desk, **request.param)


def rooms(*settings):
    """For each a room with these settings, and their value."""
    return pytest.mark.parametrize("room", settings, indirect=True, ids=lambda one: "-".join(one.values()))


@pytest.fixture
def small(browser_with_devices, member):
    """Makes people whose camera is small: small("Ada")."""
    return lambda name, before="": member(name, before=SMALL + before, width=1000, height=700)


def sees_in(one, other, codec):
    one.wait_to_see(other, frames=5)
    eventually(
        lambda: one.ask(f"people.codec({other.id})") == codec,
        what=lambda: f"{one.name} gets {codec}, not {one.ask(f'people.codec({other.id})')}",
    )


def wait_for_height(one, other, height):
    def measured():
        return (one.picture(other) or {"frameHeight": 0})["frameHeight"]

    eventually(
        lambda: measured() == height,
        what=lambda: f"{one.name} sees {height} lines of {other.name}, not {measured()}",
    )


def moving_height(one, other):
    """The lines of a picture that has at least eight frames a second, or 0."""
    frames = one.measured(lambda: one.picture(other), 0.5)["framesDecoded"]
    return one.picture(other)["frameHeight"] if frames >= 4 else 0


@rooms({"CAMERA_CODEC": "h264"}, {"CAMERA_CODEC": "vp9"}, {"CAMERA_CODEC": "av1"})
def test_a_camera_is_seen_in_the_rooms_codec_and_as_large_as_its_tile(room, small, request):
    codec = request.node.callspec.params["room"]["CAMERA_CODEC"]
    ada, ben, cleo = small("Ada"), small("Ben"), small("Cleo")
    ada.turn("camera", "on")
    # A tile of the strip gets the lower layer, and Ada is told that nobody watches the other.
    for one in (ben, cleo):
        sees_in(one, ada, f"video/{codec.upper()}")
        wait_for_height(one, ada, 180)
    eventually(
        lambda: [one["frameHeight"] for one in ada.ask("people.sent('video')")] == [180],
        what=lambda: f"Ada sends one layer, not {ada.ask('people.sent(`video`)')}",
    )
    ben.press_button("grid-button")
    ben.ask("document.querySelector('.tile[data-own=\"false\"] .pin').click()")
    wait_for_height(ben, ada, 360)
    # Busy as this machine is, what Chromium takes for its network may want a moment to grow.
    eventually(
        lambda: [moving_height(one, ada) for one in (ben, cleo)] == [360, 180],
        what="a large picture and a small one that move on",
    )
    if codec in ("vp9", "av1"):
        eventually(
            lambda: [one["scalabilityMode"] for one in ada.ask("people.sent('video')")] == ["L2T3_KEY"],
            what=lambda: f"two layers in one encoding, not {ada.ask('people.sent(`video`)')}",
        )
    # Out of sight it is not sent at all, and comes back.
    ben.press_button("grid-button")
    for one in (ben, cleo):
        one.press_button("strip-button")
    eventually(lambda: ada.ask("people.sent('video')") == [], what="Ada's camera rests")
    decoded = ben.picture(ada)["framesDecoded"]
    ben.press_button("strip-button")
    ben.wait_to_see(ada, frames=decoded + 5)
    assert ada.dropped() == ben.dropped() == cleo.dropped() == []


@rooms({"CAMERA_CODEC": "vp9"})
def test_whoever_does_not_decode_a_camera_is_told_so_in_its_place(room, small):
    ada, ben = small("Ada"), small("Ben", WITHOUT % "VP9")
    ada.turn("camera", "on")
    note = f"document.querySelector('.tile[data-person=\"{ada.id}\"] .delivery')"
    words = f"{note}.hidden || {note}.textContent"
    eventually(
        lambda: ben.ask(words) == "This browser cannot show this camera",
        what=lambda: f"Ben is told, and not {ben.ask(words)}",
    )
    ben.wait_for_tile(ada, video="off")
    # The other way round nothing is missing.
    ben.turn("camera", "on")
    sees_in(ada, ben, "video/VP9")


@rooms({"CAMERA_CODEC": "av1"})
def test_firefox_shows_layers_and_sends_vp8_because_it_makes_none(room, small, firefox_with_devices):
    ada, fox = small("Ada"), Member(firefox_with_devices, "Fox").join(room.address)
    ada.turn("camera", "on")
    fox.turn("camera", "on")
    sees_in(fox, ada, "video/AV1")
    wait_for_height(fox, ada, 180)
    # Its fake camera shows one plain colour.
    ada.wait_to_see(fox, frames=5, spread=0)
    assert ada.ask(f"people.codec({fox.id})") == "video/VP8"
    assert fox.ask("people.isSimulcast()")
    assert (fox.dropped(), fox.problems()) == ([], [])


@rooms({"MICROPHONE_REDUNDANCY": "on"})
def test_a_microphone_repeats_itself_for_those_who_can_make_use_of_it(room, small):
    ada, ben, cleo = small("Ada"), small("Ben"), small("Cleo", WITHOUT % "red")
    ada.turn("microphone", "on")
    for one in (ben, cleo):
        one.wait_to_hear(ada)
    whole, plain = (one.measured(one.voice, 2) for one in (ben, cleo))
    # Chromium's statistics say Opus either way.
    sizes = [one["bytesReceived"] / one["packetsReceived"] for one in (whole, plain)]
    assert sizes[0] > 1.5 * sizes[1], f"bytes a packet: {sizes}"
    # What came the first time is thrown away the second time.
    assert whole["packetsDiscarded"] > 30 > plain["packetsDiscarded"]
    assert whole["totalAudioEnergy"] > 0.001 < plain["totalAudioEnergy"]
