"""Programs that are no browsers watch the desk and publish into the room, by WHEP and WHIP: GStreamer's webrtcbin, and aiortc."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from outside import PAGES
from processes import Process
from waiting import eventually

GSTREAMER = PAGES / "gstreamer.py"
AIORTC = PAGES / "aiortc_peer.py"
DEAF = Path(__file__).parent / "deaf_publisher.py"
# Debian's own, which its python3-gi belongs to.
PYTHON = "/usr/bin/python3"


class Program:
    """One of the two, and the newest of the lines of JSON that it writes."""

    def __init__(self, folder, *command):
        self.out = folder / "out"
        with open(self.out, "wb") as out:
            self.process = Process(command, folder / "err", dict(os.environ), stdout=out)

    def counted(self):
        lines = self.out.read_text().splitlines()
        return json.loads(lines[-1]) if lines else {"picture": 0, "sound": 0}

    def words(self):
        return f"{self.counted()}; it says: {self.process.log.read_text()[-2000:]}"

    def wait_for(self, **least):
        eventually(
            lambda: all(self.counted()[kind] >= number for kind, number in least.items()),
            what=lambda: f"{least}, but: {self.words()}", every=0.1)


@pytest.fixture
def program(tmp_path_factory):
    started = []

    def start(*command):
        started.append(Program(tmp_path_factory.mktemp("p"), *command))
        return started[-1]

    yield start
    for one in started:
        one.process.stop()


def camera_seen_by(member):
    """Whose tile comes up in the page beside its own."""
    return eventually(
        lambda: member.ask("[...document.querySelectorAll('.tile')].map(({ dataset }) => Number(dataset.person)).find((id) => id !== people.me())"),
        what="there is a tile")


def decoded(member, camera):
    return (member.ask(f"people.picture({camera})") or {"framesDecoded": 0})["framesDecoded"]


# A packet of sound is 10 ms. One of the two stays beyond the 30 s for which the room waits for whoever has ceased to ask for consent.
@pytest.mark.parametrize("codec, packets", [("H264", 50), ("VP8", 3300)])
def test_webrtcbin_sees_and_hears_the_desk(room, desk, program, codec, packets):
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is there")
    desk.sound.play(880, 60)
    viewer = program(PYTHON, GSTREAMER, "watch", f"{room.address}whep", "--codec", codec, "--no-window")
    viewer.wait_for(picture=3, sound=packets)
    assert room.health()["people"] == 1
    # It says that it ends.
    assert viewer.process.stop() == 0, viewer.words()
    eventually(lambda: room.health()["people"] == 0, what="it is gone")


@pytest.mark.parametrize("codec", ["H264", "VP8"])
def test_aiortc_sees_and_hears_the_desk(room, desk, program, codec):
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is there")
    desk.sound.play(880, 60)
    viewer = program(sys.executable, AIORTC, "watch", f"{room.address}whep", "--codec", codec)
    viewer.wait_for(picture=3, sound=50)
    assert viewer.process.stop() == 0, viewer.words()
    eventually(lambda: room.health()["people"] == 0, what="it is gone")


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    film = tmp_path_factory.mktemp("film") / "film.webm"
    # A minute of both.
    subprocess.run(
        ["gst-launch-1.0", "-q", "webmmux", "name=film", "!", "filesink", f"location={film}",
         "videotestsrc", "num-buffers=900", "!", "video/x-raw,width=320,height=180,framerate=15/1", "!",
         "vp8enc", "deadline=1", "cpu-used=8", "!", "film.",
         "audiotestsrc", "num-buffers=2600", "volume=0.3", "!", "audioconvert", "!", "audioresample", "!", "opusenc", "!", "film."],
        check=True, timeout=60)
    return film


@pytest.mark.parametrize("command", [
    (PYTHON, GSTREAMER, "publish", "ENDPOINT", "--file", "FILM"),
    (sys.executable, DEAF, "ENDPOINT", "FILM"),
], ids=["webrtcbin", "a program that makes no key frame when it is asked"])
def test_a_file_is_seen_and_heard_also_by_whoever_comes_later(room, member, program, film, command):
    ada = member("Ada")
    places = {"ENDPOINT": f"{room.address}whip", "FILM": film}
    publisher = program(*(places.get(part, part) for part in command))
    camera = camera_seen_by(ada)
    eventually(lambda: decoded(ada, camera) > 20, what=lambda: f"Ada sees it: {ada.tile(camera)}; {publisher.words()}")
    eventually(lambda: (ada.voice() or {"totalAudioEnergy": 0})["totalAudioEnergy"] > 0.001, every=0.05, what="Ada hears it")
    ben = member("Ben")
    eventually(lambda: decoded(ben, camera) > 5, what=lambda: f"Ben sees it: {ben.tile(camera)}; {publisher.words()}")
    assert publisher.process.stop() == 0, publisher.words()
    eventually(lambda: ada.ask(f"document.querySelector('#people-list li[data-person=\"{camera}\"]') === null"), what="it is gone")
