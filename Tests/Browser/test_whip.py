"""Cameras and microphones from outside, by WHIP (RFC 9725): what programs write is taken, and shown to people in the room."""

import socket
import threading

import pytest

import chromium
import links
from outside import BASELINE, LAYERS, OBS, PAGES, WITHOUT_UDP, Outside, description, picture, protocol, section, sound
from pagefiles import served
from room import Room
from waiting import eventually


@pytest.fixture(scope="module")
def pages():
    with served(PAGES) as origin:
        yield origin


@pytest.fixture(scope="module")
def room(tmp_path_factory, pages):
    """One for all; whoever comes in has all rights."""
    room = Room(
        tmp_path_factory.mktemp("t"), OUTSIDE_ORIGINS=pages, SESSION_SHARING="40",
        TURN_URLS="turn:turn.example:3478?transport=udp,turns:turn.example:5349", TURN_SECRET="a secret of the servers",
    )
    yield room
    room.stop()


@pytest.fixture
def publisher(room):
    """Makes programs that publish; each session is ended."""
    made = []

    def make(**more):
        made.append(Outside(room.address, "whip", **more))
        return made[-1]

    yield make
    for one in made:
        if getattr(one, "session", None):
            one.delete()


def test_what_obs_offers_is_answered_as_it_needs(publisher, room):
    obs = publisher()
    answer = obs.begin(OBS)
    assert answer.headers["Content-Type"] == "application/sdp"
    # OBS takes what does not begin with http for a path, and drops the query.
    assert obs.session.startswith("/whip/") and "?" not in obs.session and len(obs.session) > 32
    assert obs.tag.startswith('"') and obs.tag.endswith('"') and answer.headers["Accept-Patch"]
    # All layers, or it gives up; a role of DTLS, and all candidates: it sends none, and takes none later.
    assert answer.lines("a=simulcast:") == ["a=simulcast:recv 0;1;2"]
    assert answer.lines("a=setup:") == ["a=setup:passive"] * 2
    assert answer.lines("a=recvonly") and answer.lines("a=candidate:") and answer.lines("a=ice-lite")
    # A line for each server, which OBS cuts at commas.
    servers = answer.headers.get_all("Link")
    assert len(servers) == 2 and not any("," in one for one in servers)
    assert servers[0].startswith('<turn:turn.example:3478?transport=udp>; rel="ice-server"; username="')
    people = room.health()["people"]
    assert obs.delete().status == 200
    eventually(lambda: room.health()["people"] == people - 1, what="it is gone")
    # It closes its connection first, and says afterwards that it is to end.
    assert obs.delete().status == 200
    assert obs.restart("wxyz").status == 404


@pytest.mark.parametrize("sdp, words", [
    (description(sound(), section("audio", "1", ["111 opus/48000/2"])), "more than one section of sound"),
    (description(picture(), section("video", "0", ["96 VP8/90000"]), bundle="1 0"), "more than one section of picture"),
    (description(sound(), ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "a=mid:1"]), "something else"),
    (description(picture("H264", BASELINE.replace("42e01f", "64001f")), bundle="1"), "neither VP8 nor H264"),
    (description(picture("VP9", "a=x"), bundle="1"), "neither VP8 nor H264"),
    (description(sound(direction="recvonly"), picture(direction="recvonly")), "no section sends"),
    ("v=0", "origin"), ("hello", "line 1"), ("", "line 1"),
], ids=["two sounds", "two pictures", "data", "High", "VP9", "no media", "v=0", "words", "nothing"])
def test_what_cannot_be_taken_is_refused_in_words(publisher, sdp, words):
    answer = publisher().post(sdp)
    assert answer.status == 400 and words in answer.detail, answer.detail
    assert answer.headers["Location"] is None


def test_other_ways_to_say_the_same_are_taken(publisher):
    both = publisher().begin(description(sound(direction="sendrecv"), picture(direction="sendrecv")))
    assert both.lines("a=recvonly") == ["a=recvonly"] * 2 and not both.lines("a=sendrecv")
    bundled = publisher().begin(description(sound(), [*picture(port=0), "a=bundle-only"]))
    assert bundled.lines("a=recvonly") == ["a=recvonly"] * 2 and not bundled.lines("m=video 0 ")
    called = publisher().begin(description(sound(setup="passive"), picture(setup="passive")))
    assert called.lines("a=setup:") == ["a=setup:active"] * 2
    half = publisher().begin(description(sound(), picture("VP9", "a=x")))
    assert half.lines("m=video 0 ") and half.lines("a=recvonly") == ["a=recvonly"]
    layers = publisher().begin(description(picture("H264", BASELINE, *LAYERS), bundle="1"))
    assert layers.lines("a=rid:") == ["a=rid:0 recv", "a=rid:1 recv", "a=rid:2 recv"]


def test_candidates_and_restarts_are_told_apart(publisher):
    peer = publisher()
    first = peer.begin(OBS)
    candidate = "a=ice-ufrag:abcd\r\na=ice-pwd:0123456789abcdefghijklmn\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
    # With the tag, without it as some clients do, and with another one.
    with_tag = peer.patch(candidate, peer.tag)
    assert (with_tag.status, with_tag.text, with_tag.headers["ETag"]) == (204, "", None)
    assert peer.patch(candidate).status == 204
    assert peer.patch(candidate, '"other"').status == 412
    assert peer.patch(candidate, "other").status == 400
    assert peer.patch("v=0\r\n", peer.tag).status == 400
    assert peer.patch("{}", peer.tag, "application/json").status == 415
    # A restart needs one, and gets new credentials and another tag.
    assert peer.restart("wxyz", None).status == 428
    assert peer.restart("wxyz", '"other"').status == 412
    restarted = peer.restart("wxyz")
    assert restarted.status == 200 and restarted.headers["Content-Type"] == "application/trickle-ice-sdpfrag"
    assert restarted.headers["ETag"] not in (None, peer.tag)
    assert len(restarted.lines("a=ice-ufrag:")) == len(restarted.lines("a=ice-pwd:")) == 1
    assert restarted.lines("a=ice-ufrag:") != first.lines("a=ice-ufrag:")[:1]
    assert restarted.lines("a=candidate:") and restarted.lines("a=ice-lite")
    # What comes late is of before, whatever it says.
    assert peer.patch(candidate, peer.tag).status == 412
    assert peer.restart("abcd").status == 412
    # Many at once: one after the other, each with a tag of its own.
    statuses, tags = [], set()

    def restart(number):
        answer = peer.restart(f"once{number}")
        statuses.append(answer.status)
        tags.add(answer.headers["ETag"])

    threads = [threading.Thread(target=restart, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 4 and len(tags) == 4
    # And the session is still there.
    assert peer.request("GET", peer.session).status == 204


def test_what_is_asked_otherwise_is_answered_as_the_standard_says(publisher, pages):
    peer = publisher(Origin=pages)
    asked = peer.request("OPTIONS", "/whip", Access_Control_Request_Method="POST")
    assert asked.status == 200 and asked.headers["Accept-Post"] == "application/sdp"
    assert "PATCH" in asked.headers["Access-Control-Allow-Methods"]
    for name in ("Authorization", "Content-Type", "If-Match"):
        assert name in asked.headers["Access-Control-Allow-Headers"]
    answer = peer.begin(OBS)
    for name in ("Location", "ETag", "Link", "Accept-Patch"):
        assert name in answer.headers["Access-Control-Expose-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == pages
    assert publisher(Origin="https://evil.example").begin(OBS).headers["Access-Control-Allow-Origin"] is None
    assert peer.request("GET", "/whip").status == 204
    head = peer.request("HEAD", "/whip")
    assert (head.status, head.headers["Content-Type"], head.text) == (200, "application/sdp", "")
    other = peer.request("PUT", "/whip", "x")
    assert other.status == 405 and "POST" in other.headers["Allow"] and other.detail
    assert peer.request("POST", "/whip", OBS, Content_Type="text/plain").status == 415
    assert peer.request("DELETE", "/whip/0123456789abcdef0123456789abcdef").status == 404
    assert peer.request("POST", "/whip", "a" * 200_000, Content_Type="application/sdp").status == 413
    # A session is none of the other kind.
    assert peer.request("DELETE", peer.session.replace("whip", "whep")).status == 404


def test_the_same_token_is_wanted_again_and_the_address_has_its_prefix(open_room):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        root = f"http://127.0.0.1:{probe.getsockname()[1]}"
    room = open_room(None, HTTP_PORT=root.rsplit(":", 1)[1], HTTP_BASE=f"{root}/s/42/", **links.SETTINGS)
    token = links.token("camera-1", "observer", give=["camera", "speak", "publishOutside"], name="Hall")
    peer = Outside(root, "whip", token)
    peer.begin(OBS)
    assert peer.session.startswith("/s/42/whip/")
    stranger = Outside(root, "whip")
    stranger.session = peer.session
    for answer in (stranger.delete(), stranger.restart("wxyz"), stranger.delete(Authorization="Bearer x")):
        assert answer.status == 401 and answer.headers["WWW-Authenticate"] == "Bearer"
    assert peer.delete().status == 200
    # In the address it is wanted once; whoever knows a session's may end it.
    peer = Outside(root, "whip")
    assert peer.post(OBS, f"?token={token}").status == 201
    assert peer.delete().status == 200
    # Without a token, without the right, and with one that is no good.
    assert peer.post(OBS).status == 401
    assert peer.post(OBS, Authorization=f"Bearer {links.token('camera-2', 'client')}").status == 403
    assert peer.post(OBS, Authorization=f"Bearer {token}x").status == 401
    assert token not in room.log(100_000)


def test_a_pages_camera_is_seen_and_heard_as_a_persons(room, pages, member, browser_with_devices):
    ada = member("Ada")
    tab = chromium.Tab(browser_with_devices)
    try:
        tab.goto(f"{pages}/publisher.html#endpoint={room.address}whip")
        camera = eventually(
            lambda: ada.ask("(window.deskroom.state(), [...document.querySelectorAll('.tile')].map(({ dataset }) => Number(dataset.person)).find((id) => id !== people.me()))"),
            what=lambda: f"there is a tile; the page says {tab.evaluate('document.body.textContent')}",
        )

        def decoded():
            return (ada.ask(f"people.picture({camera})") or {"framesDecoded": 0})["framesDecoded"]

        eventually(lambda: decoded() > 20, what=lambda: f"Ada sees it: {ada.tile(camera)}")
        eventually(
            lambda: (ada.voice() or {"totalAudioEnergy": 0})["totalAudioEnergy"] > 0.001, every=0.05, what="Ada hears it")
        # Somebody who comes later sees it, too.
        ben = member("Ben")
        eventually(lambda: (ben.ask(f"people.picture({camera})") or {"framesDecoded": 0})["framesDecoded"] > 5, what="Ben sees it")
        ada.press_button("people-button")
        row = f"document.querySelector('#people-list li[data-person=\"{camera}\"]')"
        assert "sends from outside" in ada.ask(f"{row}.textContent")
        assert tab.evaluate("window.publisher.end()") == 200
        eventually(lambda: ada.ask(f"{row} === null"), what="it is gone")
    finally:
        tab.close()


def test_a_pages_camera_is_seen_where_udp_is_blocked(room, pages, member, browser_with_devices):
    ada = member("Ada")
    tab = chromium.Tab(browser_with_devices)
    try:
        tab.before_pages(WITHOUT_UDP)
        tab.goto(f"{pages}/publisher.html#endpoint={room.address}whip")
        # Those of the tests before may still have a tile; nothing comes from them.
        tiles = "[...document.querySelectorAll('.tile')].map(({ dataset }) => people.picture(Number(dataset.person)))"
        seen = f"(async () => (await Promise.all({tiles})).map((picture) => picture?.framesDecoded ?? 0))()"
        eventually(
            lambda: max(ada.ask(seen), default=0) > 5,
            what=lambda: f"Ada sees it: {ada.ask(seen)}; the page says {tab.evaluate('document.body.textContent')}")
        assert protocol(tab, "publisher") == "tcp"
        assert tab.evaluate("window.publisher.end()") == 200
    finally:
        tab.close()
