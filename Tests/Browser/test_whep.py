"""The desk is watched from outside, by WHEP: in the room it is seen who does, and ended with one tap."""

import os

import pytest

import chromium
import links
from desk import Desk
from outside import PAGES, VIEWER, WITHOUT_UDP, Outside, protocol, received
from pagefiles import served
from room import Room
from waiting import eventually


@pytest.fixture(scope="module")
def pages():
    with served(PAGES) as origin:
        yield origin


@pytest.fixture(scope="module")
def desk(tmp_path_factory, pattern_program):
    desk = Desk(tmp_path_factory.mktemp("t"), pattern_program)
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def room(tmp_path_factory, pages, desk):
    """One for all; whoever comes in has all rights."""
    room = Room(tmp_path_factory.mktemp("t"), desk, OUTSIDE_ORIGINS=pages, SESSION_SHARING="40")
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is there")
    yield room
    room.stop()


@pytest.fixture
def viewer(room):
    """Makes programs that watch; each session is ended."""
    made = []

    def make(**more):
        made.append(Outside(room.address, "whep", **more))
        return made[-1]

    yield make
    for one in made:
        if getattr(one, "session", None):
            one.delete()


def test_an_offer_is_answered_in_what_the_desk_is_sent_in(viewer):
    screen = viewer()
    answer = screen.begin(VIEWER)
    assert screen.session.startswith("/whep/") and screen.tag
    assert answer.lines("a=sendonly") == ["a=sendonly"] * 2 and answer.lines("a=setup:") == ["a=setup:passive"] * 2
    assert answer.lines("a=candidate:") and answer.lines("a=group:BUNDLE 0 1")
    # One stream of picture and sound.
    assert {line.split(" ")[0] for line in answer.lines("a=msid:")} == {"a=msid:desk"}
    assert viewer().begin(received(None, "VP8")).lines("a=rtpmap:") == ["a=rtpmap:111 opus/48000/2", "a=rtpmap:96 VP8/90000"]
    restarted = screen.restart("wxyz")
    assert restarted.status == 200 and restarted.headers["ETag"] != screen.tag
    assert restarted.lines("a=ice-ufrag:") and restarted.lines("a=ice-ufrag:") != answer.lines("a=ice-ufrag:")[:1]
    assert screen.patch("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n").status == 204
    assert screen.delete().status == 200


def test_whoever_takes_another_codec_is_made_an_offer(viewer):
    screen = viewer()
    offer = screen.post(received(None, "VP9"))
    assert offer.status == 406
    assert offer.headers["Content-Type"].startswith('application/sdp; valid-until="')
    assert offer.headers["Content-Type"].endswith(' GMT"')
    assert offer.lines("a=sendonly") == ["a=sendonly"] * 2 and offer.lines("a=setup:") == ["a=setup:actpass"] * 2
    assert not offer.lines("m=application")
    mids = [line.removeprefix("a=mid:") for line in offer.lines("a=mid:")]
    kinds = [line[2:7] for line in offer.lines("m=")]
    answer = VIEWER.replace("a=setup:actpass", "a=setup:active").replace("96", "102")
    picture_first = kinds == ["video", "audio"]
    assert picture_first
    head, sound, picture = answer.split("m=")
    head = head.replace("BUNDLE 0 1", f"BUNDLE {mids[0]} {mids[1]}")
    picture, sound = picture.replace("a=mid:1", f"a=mid:{mids[0]}"), sound.replace("a=mid:0", f"a=mid:{mids[1]}")
    answered = screen.patch(f"{head}m={picture}m={sound}", kind="application/sdp")
    assert (answered.status, answered.text) == (204, "")
    assert screen.patch(answer, kind="application/sdp").status == 409
    assert screen.delete().status == 200
    # One that makes no sense ends it.
    screen.post(received(None, "VP9"))
    assert screen.patch("v=0", kind="application/sdp").status == 400
    eventually(lambda: screen.request("GET", screen.session).status == 404, what="it is over")


def test_whoever_is_not_let_in_is_told_why(open_room):
    room = open_room(None, SESSION_PEOPLE="2", OUTSIDE_PUBLISH="off", **{**links.SETTINGS, "ROOM_WAITING": "client"})
    screen = Outside(room.address, "whep")
    token = links.token("screen-1", "observer", give=["watchOutside"], name="Hall screen")
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is there")
    assert screen.post(VIEWER).status == 401
    without = screen.post(VIEWER, Authorization=f"Bearer {links.token('screen-2', 'observer')}")
    assert without.status == 403 and "watchOutside" in without.detail
    assert screen.post(VIEWER, Authorization=f"Bearer {links.token('screen-1', 'observer', exp=1)}").status == 401
    # One who has to wait is told to come again, and is in the waiting room meanwhile.
    waiting = links.token("screen-3", "client", give=["watchOutside"])
    answer = screen.post(VIEWER, Authorization=f"Bearer {waiting}")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10") and "let you in" in answer.detail
    both = [Outside(room.address, "whep", token) for _ in range(2)]
    for one in both:
        one.begin(VIEWER)
    full = screen.post(VIEWER, Authorization=f"Bearer {token}")
    assert full.status == 503 and full.headers["Retry-After"] and "2 people in the room" in full.detail
    for one in both:
        assert one.delete().status == 200
    # What is off is not there.
    closed = Outside(room.address, "whip").post(VIEWER)
    assert closed.status == 404 and "outside.publish" in closed.detail
    # And whoever asks without end has to wait.
    statuses = {screen.post("").status for _ in range(40)}
    assert 429 in statuses
    assert token not in room.log(100_000)


def test_a_viewer_is_seen_in_the_room_and_ended_with_one_tap(room, desk, pages, member, browser_with_devices):
    ada = member("Ada")
    desk.sound.play(880, 120)
    tab = chromium.Tab(browser_with_devices)
    try:
        tab.goto(f"{pages}/viewer.html#endpoint={room.address}whep")
        tab.page.wait_for_function("window.viewer?.tag")
        frames = "(async () => [...(await viewer.connection.getStats()).values()].filter(({ type }) => type === 'inbound-rtp').map(({ kind, framesDecoded, packetsReceived }) => [kind, kind === 'video' ? framesDecoded : packetsReceived]))()"

        def received_of(kind):
            return dict(tab.evaluate(frames)).get(kind) or 0

        def is_silent():
            before = received_of("audio")
            tab.evaluate("new Promise((done) => setTimeout(done, 300))")
            return received_of("audio") == before

        eventually(lambda: received_of("video") > 0 and received_of("audio") > 0, what=lambda: f"it sees and hears the desk: {tab.evaluate(frames)}")
        size = "[document.getElementById('desk').videoWidth, document.getElementById('desk').videoHeight]"
        eventually(lambda: tab.evaluate(size)[0] > 0, what="the desk is shown")
        # By new credentials, as after another network.
        tag = tab.evaluate("viewer.tag")
        tab.evaluate("viewer.restart()")
        eventually(lambda: tab.evaluate("viewer.tag") != tag, what="ICE has begun anew")
        before = received_of("audio")
        eventually(lambda: received_of("audio") > before + 20, what="it goes on hearing the desk")

        # Everybody sees that somebody watches; there is no tile.
        ada.press_button("people-button")
        note = "document.getElementById('outside-note').checkVisibility() && document.getElementById('outside-note').textContent"
        eventually(lambda: ada.ask(note) == "1 outside viewer watches the desk.", what=lambda: f"Ada is told: {ada.ask(note)}")
        assert ada.ask("document.querySelectorAll('.tile').length") == 1
        if folder := os.environ.get("SCREENSHOTS"):
            ada.tab.screenshot(f"{folder}/outside.png")
        # The curtain keeps the desk's sound from it, as from everybody.
        ada.ask("document.getElementById('curtain-button').click()")
        eventually(lambda: is_silent(), what="it hears nothing behind the curtain")
        ada.ask("document.getElementById('curtain-button').click()")
        eventually(lambda: not is_silent(), what="it hears the desk again")
        ada.ask("document.getElementById('people').hidden && document.getElementById('people-button').click()")
        ada.tab.page.click("#people-list [data-action='end-outside']")
        eventually(lambda: ada.ask(note) is False, what="nobody watches any more")
        eventually(lambda: tab.evaluate("viewer.connection.connectionState") in ("closed", "failed", "disconnected"), what="its connection has ended")
        left = received_of("audio")
        assert tab.evaluate("new Promise((done) => setTimeout(done, 500))") is None and received_of("audio") == left
        status = "(async () => (await fetch(viewer.session)).status)()"
        assert tab.evaluate(status) == 404
    finally:
        tab.close()


def test_the_desk_is_seen_where_udp_is_blocked(room, desk, pages, browser_with_devices):
    desk.sound.play(880, 60)
    tab = chromium.Tab(browser_with_devices)
    try:
        tab.before_pages(WITHOUT_UDP)
        tab.goto(f"{pages}/viewer.html#endpoint={room.address}whep")
        tab.page.wait_for_function("window.viewer?.tag")
        counted = "(async () => [...(await viewer.connection.getStats()).values()].filter(({ type }) => type === 'inbound-rtp').map(({ kind, framesDecoded, packetsReceived }) => kind === 'video' ? framesDecoded ?? 0 : packetsReceived))()"
        eventually(lambda: len(now := tab.evaluate(counted)) == 2 and min(now) > 0, what=lambda: f"it sees and hears: {tab.evaluate(counted)}")
        assert protocol(tab, "viewer") == "tcp"
    finally:
        tab.close()
