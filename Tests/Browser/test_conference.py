"""People see, hear and write to one another in real browsers with fake cameras and microphones."""

import json
import math
import random
import struct
import time
import wave

import pytest

import bidi
import chromium
from desk import CENTRES, QUADRANTS
from visitor import Visitor
from waiting import eventually

# Runs in the page after probe.js; tells the people apart by the elements and the names that the room gives.
PEOPLE = """
(() => {
  const people = (window.people = {});
  const sum = (report, type, keys, wanted = () => true) => {
    const total = Object.fromEntries(keys.map((key) => [key, 0]));
    report.forEach((one) => {
      if (one.type === type && wanted(one)) for (const key of keys) total[key] += one[key] ?? 0;
    });
    return total;
  };
  const COUNTS = ["bytesReceived", "packetsReceived", "framesDecoded", "keyFramesDecoded", "totalAudioEnergy",
    "totalSamplesDuration", "frameHeight", "pliCount", "freezeCount"];
  const receivers = () => probe.connections.filter((one) => one.signalingState !== "closed")
    .flatMap((one) => one.getTransceivers()).filter((one) => one.currentDirection === "recvonly");
  const tile = (person) => document.querySelector(`.tile[data-person="${person}"]`);
  const video = (person) => person ? tile(person)?.querySelector("video") : document.getElementById("desk");

  // Of the picture that is shown of a person; 0 is the desk.
  people.picture = async (person) => {
    const track = video(person)?.srcObject?.getVideoTracks()[0];
    const from = receivers().find(({ receiver }) => receiver.track === track);
    return from && track ? sum(await from.receiver.getStats(), "inbound-rtp", COUNTS) : null;
  };

  // Of the sound of everybody but the desk.
  people.voices = async () => {
    const desk = document.getElementById("sound").srcObject?.getAudioTracks()[0];
    const all = receivers().filter(({ receiver: { track } }) => track.kind === "audio" && track !== desk);
    const each = await Promise.all(all.map(({ receiver }) => receiver.getStats()));
    return each.map((report) => sum(report, "inbound-rtp", COUNTS));
  };

  // How many cameras and microphones come in.
  people.streams = () => receivers().length;

  // Key frames that this page's camera was made to send, on all its layers.
  people.keyFramesSent = async () => {
    const reports = await Promise.all(probe.connections.filter((one) => one.signalingState !== "closed")
      .map((one) => one.getStats()));
    const counts = reports.map((one) => sum(one, "outbound-rtp", ["keyFramesEncoded"]).keyFramesEncoded);
    return counts.reduce((all, one) => all + one);
  };

  // Brightness of what the tile shows now: mean and spread of 32 x 18 samples, 0…255.
  people.brightness = (person) => {
    const from = video(person);
    if (!from?.videoWidth) return null;
    const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 18 });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(from, 0, 0, 32, 18);
    const { data } = context.getImageData(0, 0, 32, 18);
    const at = (i) => (data[4 * i] + data[4 * i + 1] + data[4 * i + 2]) / 3;
    const values = Array.from({ length: 32 * 18 }, (_, i) => at(i));
    const mean = values.reduce((all, one) => all + one) / values.length;
    return { mean, spread: Math.max(...values) - Math.min(...values) };
  };

  people.me = () => Number(document.querySelector('.tile[data-own="true"]')?.dataset.person ?? 0);
  people.tile = (person) => {
    const { dataset } = tile(person) ?? {};
    return dataset ? { ...dataset } : null;
  };
  people.messages = () => [...document.querySelectorAll("#chat-log .message")].map((one) => ({
    who: one.querySelector("b").textContent,
    words: one.querySelector(".words").textContent,
    elements: one.querySelector(".words").childElementCount,
  }));
  people.chats = () => probe.channels.filter(({ label }) => label === "chat")
    .map(({ channel }) => channel.readyState);
  people.isSimulcast = () => probe.connections.some((one) =>
    /a=simulcast:recv/.test(one.remoteDescription?.sdp ?? ""));
})();
"""


class Member(Visitor):
    """A visitor with a camera, a microphone and something to say. `other` below is a Member, too."""

    def __init__(self, tab, name):
        super().__init__(tab, name)
        tab.before_pages(PEOPLE)

    @property
    def id(self):
        return eventually(lambda: self.ask("people.me()"), what=f"{self.name} is somebody")

    def is_ready(self):
        """Whether the chat is open in both directions, too."""
        chats = self.ask("people.chats()")
        return chats == ["open", "open"] and super().is_ready()

    def press_button(self, name):
        self.ask(f"document.getElementById('{name}').click()")

    def turn(self, device, state):
        """Presses the button of "camera" or "microphone" and waits until it is so."""
        self.press_button(f"{device}-button")
        kind = {"camera": "video", "microphone": "audio"}[device]
        eventually(
            lambda: self.state()["media"][kind] == state, what=f"{self.name}'s {device} is {state}"
        )

    def with_devices(self):
        self.turn("camera", "on")
        self.turn("microphone", "on")
        return self

    def picture(self, other):
        """Statistics of the picture of `other`, or of the desk."""
        return self.ask(f"people.picture({other.id if other else 0})")

    def voice(self):
        """Statistics of what is heard when one other person has a microphone."""
        voices = self.ask("people.voices()")
        return voices[0] if len(voices) == 1 else None

    def tile(self, other):
        return self.ask(f"people.tile({other if isinstance(other, int) else other.id})")

    def brightness(self, other):
        return self.ask(f"people.brightness({other.id})")

    def wait_to_see(self, other, frames=20, within=20, spread=40):
        """Waits for pictures of `other`, neither black nor flatter than `spread`; returns the seconds."""
        start = time.monotonic()

        def seen():
            picture = self.picture(other)
            return picture and picture["framesDecoded"] > frames

        def problem():
            return f"{self.name} sees {other.name}: {self.tile(other)} {self.picture(other)}"

        eventually(seen, within, every=0.05, what=problem)
        bright = eventually(lambda: self.brightness(other), what=problem)
        assert bright["mean"] > 20 and bright["spread"] >= spread, (problem(), bright)
        return time.monotonic() - start

    def wait_to_hear(self, other, within=15):
        """Waits until `other`, who has the only other microphone in the room, is to be heard."""
        eventually(
            lambda: (self.voice() or {"totalAudioEnergy": 0})["totalAudioEnergy"] > 0.001, within, every=0.05,
            what=lambda: f"{self.name} hears {other.name}: {self.tile(other)} {self.ask('people.voices()')}",
        )

    def wait_for_tile(self, other, within=10, **wanted):
        """Waits until the tile says so, such as muted="true"."""

        def fits():
            tile = self.tile(other)
            return tile and wanted.items() <= tile.items()

        eventually(
            fits, within,
            what=lambda: f"{self.name}'s tile of {other.name} is {wanted}, not {self.tile(other)}",
        )

    def measured(self, question, seconds):
        """How much each number of an answer grows in a while."""
        before = question()
        time.sleep(seconds)
        after = question()
        return {key: after[key] - before[key] for key in after}

    def write(self, words):
        self.ask(f"document.getElementById('chat-text').value = {json.dumps(words)}")
        self.press_button("chat-send")

    def messages(self):
        return self.ask("people.messages()")

    def wait_for_words(self, words):
        def found():
            return next((one for one in self.messages() if one["words"] == words), None)

        return eventually(found, 5, what=lambda: f"{self.name} reads {words!r} among {self.messages()}")


def speech(path):
    """A made-up voice of four syllables a second: harmonics of 140 Hz under a rising and falling loudness."""
    rate, seconds, noise = 16_000, 2, random.Random(1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = bytearray()
        for n in range(rate * seconds):
            t = n / rate
            loudness = max(0.0, math.sin(2 * math.pi * 2 * t)) ** 0.5
            pitch = 140 + 15 * math.sin(2 * math.pi * 0.5 * t)
            tone = sum(math.sin(2 * math.pi * pitch * k * t) / k for k in range(1, 9))
            samples += struct.pack("<h", int(loudness * (6000 * tone + noise.gauss(0, 400))))
        file.writeframes(bytes(samples))
    return path


@pytest.fixture(scope="module")
def browser_with_devices(chromium_browser, tmp_path_factory):
    voice = speech(tmp_path_factory.mktemp("voice") / "voice.wav")
    browser = chromium_browser.browser_type.launch(
        executable_path=chromium.PROGRAM,
        args=[
            *chromium.ARGUMENTS,
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={voice}",
        ],
    )
    yield browser
    browser.close()


@pytest.fixture
def member(browser_with_devices, room):
    """Makes people who are in the room: member("Ada")."""
    members = []

    def enter(name, **size):
        one = Member(chromium.Tab(browser_with_devices, **size), name)
        members.append(one)
        return one.join(room.address)

    yield enter
    try:
        for one in members:
            if not one.tab.page.is_closed():
                assert one.problems() == [], one.name
    finally:
        for one in members:
            one.close()


@pytest.fixture
def ada(member):
    return member("Ada")


@pytest.fixture
def ben(ada, member):
    return member("Ben")


def click_lands(person, desk, x, y):
    """Clicks on the desk as its holder, and sees it arrive on that very pixel."""
    if not person.holds_control():
        person.take_control()
    person.click(x, y)
    eventually(
        lambda: (x, y) in [(one["x"], one["y"]) for one in desk.pattern.events("buttonDown")], 5,
        what=lambda: f"{person.name}'s click arrives: {desk.pattern.events('buttonDown')}",
    )


def test_two_people_see_and_hear_each_other_and_drive_the_desk(ada, ben, desk):
    ada.with_devices()
    ben.with_devices()
    for one, other in ((ada, ben), (ben, ada)):
        one.wait_to_see(other)
        one.wait_to_hear(other)
        one.wait_for_tile(other, speaking="true", muted="false", video="on")
    desk.pattern.obey("block ff8000")
    for one in (ada, ben):
        assert one.wait_for_colours([(0xFF, 0x80, 0x00)], [(640, 360)]) < 2
    click_lands(ada, desk, 301, 203)
    ada.give_up_control()
    click_lands(ben, desk, 1001, 613)
    assert ada.dropped() == ben.dropped() == []


def test_a_muted_microphone_is_seen_muted_and_silent(ada, ben):
    ada.turn("microphone", "on")
    ben.wait_to_hear(ada)
    ben.wait_for_tile(ada, muted="false", speaking="true")
    ada.turn("microphone", "muted")
    ben.wait_for_tile(ada, muted="true", speaking="false")
    # What was said just before is still being played.
    eventually(
        lambda: ben.measured(ben.voice, 0.5)["totalAudioEnergy"] < 1e-6, 5,
        what=lambda: f"Ben hears silence, not {ben.voice()}",
    )
    heard = ben.measured(ben.voice, 1)
    assert heard["totalAudioEnergy"] < 1e-6 and heard["totalSamplesDuration"] > 0.5
    ada.turn("microphone", "on")
    ben.wait_for_tile(ada, muted="false", speaking="true")
    energy = ben.voice()["totalAudioEnergy"]
    eventually(lambda: ben.voice()["totalAudioEnergy"] > energy + 0.001, 5, what="Ben hears Ada again")


def test_a_camera_goes_off_and_on_again(ada, ben):
    ada.turn("camera", "on")
    ben.wait_to_see(ada)
    ada.turn("camera", "off")
    ben.wait_for_tile(ada, video="off")
    eventually(
        lambda: ben.measured(lambda: ben.picture(ada), 0.5)["framesDecoded"] == 0, 5,
        what="no more pictures of Ada arrive",
    )
    decoded = ben.picture(ada)["framesDecoded"]
    ada.turn("camera", "on")
    ben.wait_for_tile(ada, video="on")
    ben.wait_to_see(ada, frames=decoded + 20)


def test_what_is_written_reaches_everybody_as_it_is(ada, ben):
    for one in (ada, ben):
        one.press_button("chat-button")
    markup = '<img src=x onerror="document.title=1"><b>bold</b> &amp; “Grüße” 👋'
    ada.write(markup)
    ben.wait_for_words(markup)
    ben.write("I read you.\nBen")
    ada.wait_for_words("I read you.\nBen")
    for one in (ada, ben):
        assert [(line["words"], line["elements"]) for line in one.messages()] == [
            (markup, 0), ("I read you.\nBen", 0)
        ]
        assert one.ask("document.title") == "Deskroom"
    assert [line["who"] for line in ben.messages()] == ["Ada", "You"]


def test_a_message_that_is_too_long_is_refused_by_the_page_and_by_the_room(ada, ben):
    for one in (ada, ben):
        one.press_button("chat-button")
    ada.write("x" * 5000)
    words = "document.getElementById('chat-problem').textContent"
    assert eventually(lambda: ada.ask(words), what="Ada is told") == "This is too long for one message."
    # A changed page could send it all the same.
    ada.ask("probe.channels.find(({ label }) => label === 'chat').channel.send('y'.repeat(5000))")
    ada.write("short")
    ben.wait_for_words("short")
    assert [line["words"] for line in ben.messages()] == ["short"]
    assert ada.dropped() == ben.dropped() == []


def test_whoever_comes_later_gets_every_camera_and_the_desk(ada, ben, member, record_property):
    ada.with_devices()
    ben.turn("camera", "on")
    ada.wait_to_see(ben)
    ben.wait_to_see(ada)
    start = time.monotonic()
    cleo = member("Cleo")
    opened = time.monotonic() - start
    cleo.wait_for_colours(QUADRANTS, CENTRES)
    for other in (ada, ben):
        cleo.wait_to_see(other, frames=0, within=3)
    took = time.monotonic() - start
    record_property("seconds to join", f"{took:.2f}")
    print(f"Cleo saw the desk after {opened:.2f} s and everybody after {took:.2f} s")
    assert took - opened < 3
    cleo.wait_to_hear(ada)


def test_whoever_leaves_is_gone_at_once_and_disturbs_nobody(ada, ben, member):
    cleo = member("Cleo")
    for one in (ada, ben, cleo):
        one.with_devices()
    for other in (ben, cleo):
        ada.wait_to_see(other)
    ben.wait_to_see(ada)
    ben.wait_to_see(cleo)
    gone = cleo.id
    eventually(lambda: ada.ask("people.streams()") == 6, what="Ada gets the desk and two people")
    keys = {one: one.ask("people.keyFramesSent()") for one in (ada, ben)}
    cleo.ask("probe.sockets.at(-1).socket.send('{\"type\":\"leave\"}')")
    for one in (ada, ben):
        eventually(lambda one=one: one.tile(gone) is None, 3, what=f"{one.name}'s tile of Cleo is gone")
        eventually(
            lambda one=one: one.ask("people.streams()") == 4, 3,
            what=lambda one=one: f"Cleo's streams are gone: {one.ask('people.streams()')}",
        )
        assert one.state()["people"] == 2
    cleo.close()
    for one, other in ((ada, ben), (ben, ada)):
        frames = one.measured(lambda one=one, other=other: one.picture(other), 1)["framesDecoded"]
        assert frames > 5, f"{one.name} sees {other.name} move on"
    sent = {one.name: one.ask("people.keyFramesSent()") - count for one, count in keys.items()}
    # What a longer interval asks for by itself, or one for each layer at the very most.
    assert all(count <= 3 for count in sent.values()), f"key frames {sent}"
    assert ada.dropped() == ben.dropped() == []


def test_a_page_that_is_reloaded_takes_its_place_again(ada, ben, desk):
    ada.with_devices()
    ben.turn("camera", "on")
    ben.wait_to_see(ada)
    before = ada.id
    ada.tab.page.reload()
    ada.wait_for_picture()
    eventually(ada.is_ready, 10, what="Ada is connected again")
    assert ada.id == before
    ben.wait_for_tile(ada, video="off")
    assert ben.state()["people"] == 2
    ada.wait_to_see(ben)
    ada.with_devices()
    ben.wait_for_tile(ada, video="on", muted="false")
    ben.wait_to_see(ada)
    ben.wait_to_hear(ada)
    click_lands(ada, desk, 300, 200)


def test_a_camera_that_nobody_sees_is_not_sent_while_the_desk_goes_on(ada, ben, desk):
    ada.turn("camera", "on")
    ben.wait_to_see(ada)
    ben.press_button("strip-button")
    eventually(
        lambda: ben.measured(lambda: ben.picture(ada), 0.5)["bytesReceived"] == 0, 6,
        what=lambda: f"Ada's camera is paused: {ben.picture(ada)}",
    )
    assert ben.measured(lambda: ben.picture(ada), 1)["bytesReceived"] == 0
    frames = ben.picture(None)["framesDecoded"]
    desk.pattern.obey("block 00c0c0")
    assert ben.wait_for_colours([(0x00, 0xC0, 0xC0)], [(640, 360)]) < 2
    eventually(lambda: ben.picture(None)["framesDecoded"] > frames, 2, what="Ben gets new desk pictures")
    decoded = ben.picture(ada)["framesDecoded"]
    ben.press_button("strip-button")
    ben.wait_to_see(ada, frames=decoded + 5, within=5)


def test_a_large_tile_gets_a_larger_picture_than_a_small_one(ada, ben):
    ada.turn("camera", "on")
    ben.wait_to_see(ada)
    assert ada.ask("people.isSimulcast()")
    small = 360
    eventually(
        lambda: 0 < ben.picture(ada)["frameHeight"] <= small, 10,
        what=lambda: f"a tile of the strip gets a small picture: {ben.picture(ada)}",
    )
    height = ben.picture(ada)["frameHeight"]
    ben.press_button("grid-button")
    ben.ask("document.querySelector('.tile[data-own=\"false\"] .pin').click()")
    eventually(
        lambda: ben.picture(ada)["frameHeight"] > height, 15,
        what=lambda: f"a pinned tile of the grid gets more than {height} lines: {ben.picture(ada)}",
    )


@pytest.fixture
def firefox_with_devices(monkeypatch, request):
    monkeypatch.setitem(bidi.PREFERENCES, "media.navigator.streams.fake", True)
    return request.getfixturevalue("firefox")


def test_firefox_and_chromium_see_and_hear_each_other(firefox_with_devices, ada, room):
    fox = Member(firefox_with_devices, "Fox").join(room.address)
    fox.with_devices()
    # Firefox's own fake camera shows one plain colour, which changes slowly.
    ada.wait_to_see(fox, spread=0)
    colours = {round(ada.brightness(fox)["mean"])}
    ada.wait_to_hear(fox)
    ada.with_devices()
    fox.wait_to_see(ada)
    fox.wait_to_hear(ada)
    fox.wait_for_tile(ada, video="on", muted="false")
    eventually(
        lambda: colours.add(round(ada.brightness(fox)["mean"])) or len(colours) > 1, 5, every=0.1,
        what=lambda: f"Fox's colour changes: {colours}",
    )
    assert (fox.dropped(), fox.problems()) == ([], [])
