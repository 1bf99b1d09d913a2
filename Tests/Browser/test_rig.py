"""The rig itself, without a room: a test of the product is worth what its instruments are."""

import math

import pytest

from desk import CENTRES, QUADRANTS
from typed import differences
from visitor import Visitor
from waiting import eventually

# A picture of four colours and a tone, sent from one connection of the page to another.
LOOPBACK = """
<style>video { position: fixed; inset: 0; width: 100vw; height: 100vh; object-fit: contain; }</style>
<video autoplay muted playsinline></video><script>
(async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 1280; canvas.height = 720;
  const context = canvas.getContext("2d");
  const draw = () => ["#c02020", "#20a020", "#2030c0", "#e0e0e0"].forEach((colour, i) => {
    context.fillStyle = colour; context.fillRect(i % 2 * 640, (i >> 1) * 360, 640, 360);
  });
  setInterval(draw, 100); draw();
  const audio = new AudioContext();
  const tone = new OscillatorNode(audio, { frequency: 440 });
  const out = audio.createMediaStreamDestination();
  tone.connect(out); tone.start();
  const a = new RTCPeerConnection(), b = new RTCPeerConnection();
  a.onicecandidate = (event) => event.candidate && b.addIceCandidate(event.candidate);
  b.onicecandidate = (event) => event.candidate && a.addIceCandidate(event.candidate);
  const stream = new MediaStream();
  document.querySelector("video").srcObject = stream;
  b.ontrack = (event) => stream.addTrack(event.track);
  a.createDataChannel("control");
  // The full size at once, at any bandwidth: no scaling down, which the room does not do either.
  const picture = canvas.captureStream(30).getVideoTracks()[0];
  picture.contentHint = "detail";
  const sender = a.addTrack(picture);
  a.addTrack(out.stream.getAudioTracks()[0]);
  await a.setLocalDescription(); await b.setRemoteDescription(a.localDescription);
  await sender.setParameters({ ...sender.getParameters(), degradationPreference: "maintain-resolution" });
  await b.setLocalDescription(); await a.setRemoteDescription(b.localDescription);
})();
</script>
"""


@pytest.fixture(params=["chromium", "firefox"])
def person(request, folder):
    """Someone in front of the loopback page, in either browser."""
    page = folder / "loopback.html"
    page.write_text(LOOPBACK)
    use = request.getfixturevalue
    tab = use("firefox") if request.param == "firefox" else use("chromium_tab")()
    person = Visitor(tab)
    tab.goto(page.as_uri())
    eventually(lambda: person.ask("probe.size()") == [1280, 720], what="the picture has its full size")
    return person


def test_pixels_statistics_and_sound_are_read_from_a_real_connection(person):
    person.wait_for_colours(QUADRANTS, CENTRES)
    assert not person.shows(QUADRANTS[::-1], CENTRES)
    assert person.inbound("video")["framesDecoded"] > 0
    assert person.inbound("audio")["packetsReceived"] > 0
    assert person.hears(440)["above"] > 30
    with pytest.raises(AssertionError, match="hears 1000 Hz"):
        person.hears(1000, within=1)
    assert person.dropped() == []
    person.ask("probe.channels[0].channel.close()")
    eventually(lambda: set(person.dropped()) == {"channel control"}, what="a closed channel is noticed")


def test_a_position_of_the_desk_is_found_in_the_window(person):
    x, y = person.at(639, 359)
    assert math.isclose(person.scale(), 1.25)
    assert (x, y) == (799, 499)


def test_the_pattern_notes_what_reaches_it_and_shows_what_it_is_told(desk):
    move = ["xdotool", "mousemove", "17", "23", "click", "1", "key", "exclam", "mousemove", "1279", "719"]
    desk.start("env", *move)
    eventually(lambda: desk.pattern.text() == "!", what="the key reached the pattern")
    (down,) = desk.pattern.events("buttonDown")
    assert (down["x"], down["y"], down["button"]) == (17, 23, 1)
    eventually(
        lambda: [(one["x"], one["y"]) for one in desk.pattern.events("motion")][-1:] == [(1279, 719)],
        what="the corner was reached",
    )
    desk.pattern.obey("block ff8000")
    eventually(lambda: any(one.get("what") == "block" for one in desk.pattern.events("drawn")), what="the block")


def test_the_x_server_comes_back_on_the_same_display(desk):
    desk.x.process.kill()
    desk.x.restart()
    desk.pattern.start()


def test_the_sound_server_plays_a_tone_into_the_monitor_of_the_sink(desk, folder):
    desk.sound.play(1000, seconds=5)
    recording = folder / "heard.raw"
    recorder = desk.start(
        "parec", f"--server={desk.sound.server}", "--device=desk.monitor", "--format=s16le", "--rate=48000",
        "--channels=1", "--latency-msec=20", recording,
    )
    eventually(lambda: recording.exists() and recording.stat().st_size > 192_000, what="two seconds of sound")
    recorder.kill()
    samples = memoryview(recording.read_bytes()[96_000:192_000]).cast("h")
    assert goertzel(samples, 1000) > 100 * goertzel(samples, 440)


def goertzel(samples, frequency, rate=48_000):
    """The power of one frequency in the samples."""
    turn = 2 * math.cos(2 * math.pi * frequency / rate)
    before, last = 0.0, 0.0
    for sample in samples:
        before, last = last, sample + turn * last - before
    return before**2 + last**2 - turn * before * last


@pytest.mark.parametrize("found, figures", [
    ("größe", (0, 0, 0)), ("grosse", (2, 0, 1)), ("grüße", (1, 0, 0)), ("grße", (0, 1, 0)), ("größße", (0, 0, 1)), ("", (0, 5, 0)),
    ("größen", (1, 0, 0)),
])
def test_what_was_typed_is_told_from_what_arrived(found, figures):
    wrong, lost, doubled = figures
    assert differences("größe", found) == {"wrong": wrong, "lost": lost, "doubled": doubled}
