"""In which codec and layers the page sends a camera, against a room inside the page."""

import pytest

from pageroom import enter, people, tile, wait
from test_page_conference import CONNECTIONS, SCALES
from waiting import eventually

ENCODINGS = """async () => {
    const [sender] = connections.filter((one) => one !== fake.subscriber)
        .flatMap((one) => one.getSenders()).filter(({ track }) => track?.kind === 'video');
    return sender.getParameters().encodings.map((one) => [one.active, one.scalabilityMode, one.scaleResolutionDownBy]);
}"""


def camera_of(open_page, codec, before=""):
    page = open_page(before=f"{CONNECTIONS} fake.camera = '{codec}'; {before}")
    page.click("#camera-button")
    wait(page, "fake.publisher.getReceivers().length === 1")
    return page, page.evaluate("fake.last('publishOffer').sdp.split('m=video')[1].match(/rtpmap:\\d+ (\\w+)/)[1]")


def test_a_room_of_layered_cameras_gets_all_layers_in_one_encoding(open_page):
    page, first = camera_of(open_page, "vp9")
    assert first == "VP9"
    assert page.evaluate(ENCODINGS) == [[True, "L3T3_KEY", 1]]
    mid = page.evaluate("fake.publisher.getTransceivers()[0].mid")
    for layers, encoding in (
        (["0"], [True, "L1T3", 4]), ([], [False, "L1T3", 4]), (["0", "1"], [True, "L2T3_KEY", 2]),
        (["0", "1", "2"], [True, "L3T3_KEY", 1]),
    ):
        page.evaluate("(message) => fake.send(message)", {"type": "publishLayers", "layers": {mid: layers}})
        eventually(
            lambda encoding=encoding: page.evaluate(ENCODINGS) == [encoding],
            what=lambda layers=layers: f"{layers}: {page.evaluate(ENCODINGS)}",
        )


@pytest.mark.parametrize(
    "codec, layers, encodings",
    [("vp9", ["0"], [[True, "L1T3", 4]]), ("vp8", ["f"], [[False, "L1T3", 4], [False, "L1T3", 2], [True, "L1T3", 1]])],
)
def test_what_is_watched_when_a_camera_comes_on_again_is_what_it_sends(open_page, codec, layers, encodings):
    page, _ = camera_of(open_page, codec)
    mid = page.evaluate("fake.publisher.getTransceivers()[0].mid")
    page.click("#camera-button")
    wait(page, "fake.last('setMedia').video === 'off'")
    page.evaluate("(message) => fake.send(message)", {"type": "publishLayers", "layers": {mid: layers}})
    page.wait_for_timeout(200)
    page.click("#camera-button")
    wait(page, "fake.last('setMedia').video === 'on'")
    eventually(
        lambda: page.evaluate(ENCODINGS) == encodings, what=lambda: page.evaluate(ENCODINGS)
    )


def test_of_a_small_picture_the_second_encoding_stands_for_the_third(open_page):
    small = "const media = navigator.mediaDevices; const ask = media.getUserMedia.bind(media);"
    small += "media.getUserMedia = () => ask({ video: { width: 640, height: 360 } });"
    page, _ = camera_of(open_page, "vp8", small)
    mid = page.evaluate("fake.publisher.getTransceivers()[0].mid")
    for layers, active in ((["q"], [True, False, False]), (["q", "f"], [True, True, True])):
        page.evaluate("(message) => fake.send(message)", {"type": "publishLayers", "layers": {mid: layers}})
        eventually(lambda active=active: [one for one, *_ in page.evaluate(ENCODINGS)] == active, what=layers)


# Browsers that send VP9 without knowing of its layers, and that have no such codec.
NO_MODES = """
const add = RTCPeerConnection.prototype.addTransceiver;
RTCPeerConnection.prototype.addTransceiver = function (track, { sendEncodings, ...more } = {}) {
    return add.call(this, track, { ...more, sendEncodings: sendEncodings?.map(({ scalabilityMode, ...one }) => {
        %s
        return one;
    }) });
};
"""
NO_CODEC = """
const get = RTCRtpSender.getCapabilities;
RTCRtpSender.getCapabilities = (kind) => {
    const { codecs, ...more } = get.call(RTCRtpSender, kind);
    return { ...more, codecs: codecs.filter(({ mimeType }) => !/VP9/.test(mimeType)) };
};
"""


@pytest.mark.parametrize("before", [NO_MODES % "", NO_CODEC], ids=["no layers", "no codec"])
def test_a_browser_that_cannot_send_layers_in_one_encoding_sends_vp8(open_page, before):
    page, first = camera_of(open_page, "vp9", before)
    assert first == "VP8"
    assert page.evaluate(SCALES) == "4,2,1"
    if before != NO_CODEC:
        assert "VP9" not in page.evaluate("fake.last('publishOffer').sdp.split('m=video')[1]")


def test_a_browser_with_temporal_layers_alone_sends_those(open_page):
    limited = NO_MODES % "if (/KEY/.test(scalabilityMode)) throw new Error('no'); one = { ...one, scalabilityMode };"
    page, first = camera_of(open_page, "av1", limited.replace("...one }) => {", "...rest }) => { let one = rest;"))
    assert first == "AV1"
    assert page.evaluate(ENCODINGS) == [[True, "L1T3", 1]]


def test_a_camera_that_this_browser_cannot_show_is_said_so(open_page):
    page = open_page()
    enter(page, *people(1))
    page.evaluate("fake.show(2)")
    wait(page, "deskroom.state().tiles.filter(({ video }) => video).length === 1")
    mid = page.evaluate("fake.midOf(2, 'camera')")
    page.evaluate("(mid) => fake.send({ type: 'delivery', tracks: { [mid]: 'unsupported' } })", mid)
    note = "document.querySelector('.tile[data-person=\"2\"] .delivery')"
    wait(page, f"!{note}.hidden && {note}.textContent === 'This browser cannot show this camera'")
    assert not tile(page, 2)["video"]
    page.evaluate("(mid) => fake.send({ type: 'delivery', tracks: { [mid]: 'sent' } })", mid)
    wait(page, f"{note}.hidden && deskroom.state().tiles.find(({{ person }}) => person === 2).video")
