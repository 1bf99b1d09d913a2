"""Programs that speak plain RTP, by mediasoup-demo's broadcaster API: a file is published, and the desk is watched, by GStreamer."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

import links
from outside import PAGES
from processes import Process
from test_api import API, SECRET
from test_outside_peers import camera_seen_by, decoded
from waiting import eventually

SCRIPT = PAGES / "broadcast.py"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers = status, headers
        self.json = json.loads(body) if body else None


def ask(room, method, path, body=None, token=None, **headers):
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {}), **headers}
    request = urllib.request.Request(room.address + "rooms/r" + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers, error.read())


@pytest.fixture
def room(open_room, desk):
    return open_room(desk, BROADCAST_ENABLED="on")


@pytest.fixture
def program(folder):
    started = []

    def start(*command):
        started.append(Process([sys.executable, SCRIPT, *command], folder / f"program{len(started)}", dict(os.environ)))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    film = tmp_path_factory.mktemp("film") / "film.webm"
    subprocess.run(
        ["gst-launch-1.0", "-q", "webmmux", "name=film", "!", "filesink", f"location={film}",
         "videotestsrc", "num-buffers=900", "!", "video/x-raw,width=320,height=180,framerate=15/1", "!",
         "vp8enc", "deadline=1", "cpu-used=8", "!", "film.",
         "audiotestsrc", "num-buffers=2600", "volume=0.3", "!", "audioconvert", "!", "audioresample", "!", "opusenc", "!", "film."],
        check=True, timeout=60)
    return film


def test_a_file_is_published_and_seen_and_heard_also_by_whoever_comes_later(room, member, program, film):
    ada = member("Ada")
    publisher = program("publish", room.address, "--file", film, "--name", "Film")
    camera = camera_seen_by(ada)
    said = lambda: publisher.log.read_text()[-2000:]
    eventually(lambda: decoded(ada, camera) > 20, what=lambda: f"Ada sees it: {ada.tile(camera)}; {said()}")
    eventually(lambda: (ada.voice() or {"totalAudioEnergy": 0})["totalAudioEnergy"] > 0.001, every=0.05, what="Ada hears it")
    ben = member("Ben")
    eventually(lambda: decoded(ben, camera) > 5, what=lambda: f"Ben sees it: {ben.tile(camera)}; {said()}")
    assert publisher.stop() == 0, said()
    eventually(lambda: ada.ask(f"document.querySelector('#people-list li[data-person=\"{camera}\"]') === null"), what="it is gone")


def test_whoever_is_removed_is_not_received_any_more(room, member, program, film):
    ada = member("Ada")
    program("publish", room.address, "--file", film)
    camera = camera_seen_by(ada)
    eventually(lambda: decoded(ada, camera) > 5, what="Ada sees it")
    ada.press_button("people-button")
    ada.tab.page.click("#people-list [data-action='end-outside']")
    eventually(lambda: room.health()["people"] == 1, what="it is gone")


def test_the_desk_is_watched_and_its_frames_counted(room, desk, program, folder):
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is there")
    desk.sound.play(880, 60)
    frames = folder / "frames"
    frames.mkdir()
    viewer = program(
        "watch", room.address, "--picture", f"videoscale ! video/x-raw,width=16,height=16 ! multifilesink location={frames}/p%05d",
        "--sound", f"multifilesink location={frames}/s%05d")
    for kind, least in (("p", 3), ("s", 50)):
        eventually(lambda: len(list(frames.glob(kind + "*"))) >= least, what=lambda: f"{least} {kind}: {viewer.log.read_text()[-2000:]}")
    assert room.health()["people"] == 1
    assert viewer.stop() == 0, viewer.log.read_text()
    eventually(lambda: room.health()["people"] == 0, what="it is gone")


def test_the_classic_routes_lead_to_the_same(room):
    assert ask(room, "GET", "").json["codecs"] == ask(room, "GET", "").json["routerRtpCapabilities"]["codecs"]
    begun = ask(room, "POST", "/broadcasters", {"id": "b", "displayName": "Old", "device": {"name": "FFmpeg"}})
    assert begun.status == 200 and begun.json["peers"][0]["producers"][0]["id"] == "desk-picture"
    made = ask(room, "POST", "/broadcasters/b/transports", {"type": "plain", "comedia": True, "rtcpMux": False}).json
    assert made["ip"] == "127.0.0.1" and made["rtcpPort"] != made["port"]
    opus = {"mimeType": "audio/opus", "payloadType": 100, "clockRate": 48000, "channels": 2, "parameters": {"sprop-stereo": 1}}
    stream = {"kind": "audio", "rtpParameters": {"codecs": [opus], "encodings": [{"ssrc": 1111}]}}
    assert ask(room, "POST", f"/broadcasters/b/transports/{made['id']}/producers", stream).json["id"]
    again = ask(room, "POST", f"/broadcasters/b/transports/{made['id']}/producers", stream)
    assert (again.status, again.json["detail"]) == (409, "The room takes one microphone a person.")
    assert room.health()["people"] == 1
    assert ask(room, "DELETE", "/broadcasters/b").status == 200
    eventually(lambda: room.health()["people"] == 0, what="it is gone")
    assert ask(room, "DELETE", "/broadcasters/b").status == 404


@pytest.mark.parametrize("method, path, body, status, words", [
    ("POST", "/broadcasters", b"{", 400, "cannot be read"),
    ("POST", "/broadcasters", {}, 400, "body.peerId is missing"),
    ("POST", "/broadcasters/nobody/transports", {}, 404, "no such broadcaster"),
    ("POST", "/broadcasters/early/producers", {"transportId": "1", "kind": "audio", "rtpParameters": {}}, 400, "has no codec"),
    ("POST", "/broadcasters/early/consumers/1/resume", None, 409, "Make a transport first"),
    ("POST", "/broadcasters/early/transports", {"type": "webrtc"}, 400, "WHIP"),
    ("PUT", "/broadcasters", {}, 404, "nothing here"),
    ("POST", "/broadcasters", b" " * 70000, 400, "longer than"),
])
def test_what_is_wrong_is_refused_in_words(room, method, path, body, status, words):
    assert ask(room, "POST", "/broadcasters", {"peerId": "early", "displayName": "Early"}).status == 201
    answer = ask(room, method, path, body)
    assert answer.status == status and words in answer.json["detail"], answer.json


def test_another_sites_page_may_not(room):
    answer = ask(room, "POST", "/broadcasters", {"peerId": "b", "displayName": "x"}, Origin="https://elsewhere.example")
    assert answer.status == 403


def test_a_token_is_needed_and_only_its_owner_says_more(open_room):
    room = open_room(None, BROADCAST_ENABLED="on", API_SECRET=SECRET, **links.SETTINGS)
    api = API(room)
    begin = {"peerId": "b", "displayName": "Film"}
    assert ask(room, "POST", "/broadcasters", begin).status == 401
    tokens = [
        api.json("POST", "/tokens", {"subject": f"c-{n}", "role": "observer", "give": give, "name": f"Camera {n}"})[1]["token"]
        for n, give in enumerate([["camera", "publishOutside"], []])]
    assert ask(room, "POST", "/broadcasters", begin, tokens[0]).status == 201
    plain = {"direction": "producer", "comedia": True}
    assert ask(room, "POST", "/broadcasters/b/transports", plain).status == 401
    assert ask(room, "POST", "/broadcasters/b/transports", plain, tokens[1]).status == 401
    assert ask(room, "POST", "/broadcasters/b/transports", plain, tokens[0]).status == 201
    assert api.json("GET", "/people")[1]["people"][0]["name"] == "Camera 0"
    # Without the right nobody gets a port.
    assert ask(room, "POST", "/broadcasters", {**begin, "peerId": "c"}, tokens[1]).status == 201
    assert ask(room, "POST", "/broadcasters/c/transports", plain, tokens[1]).status == 403


def test_it_is_off_unless_somebody_has_switched_it_on(open_room):
    room = open_room(None)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(room.address + "rooms/r", timeout=30)
    assert refused.value.code == 404
