"""The page's peer connections against a second one in the same tab that plays the room."""

import pytest

from pagefiles import blank_page
from waiting import eventually

# The room says all of its candidates at once, and hears none of the page's.
ROOM = """async () => {
    const complete = async (connection) => {
        while (connection.iceGatheringState !== 'complete') await new Promise((done) => setTimeout(done, 10));
        return connection.localDescription.sdp;
    };
    const deaf = (sdp) => sdp.split('\\r\\n').filter((line) => !line.startsWith('a=candidate')).join('\\r\\n');
    window.room = { got: [], sent: [], answers: true };

    const { Publish } = await import('/client/publish.js');
    room.publisher = new RTCPeerConnection();
    room.publisher.ondatachannel = ({ channel }) => {
        channel.onmessage = ({ data }) => room.got.push(`${channel.label} ${channel.ordered} ${data.byteLength}`);
    };
    room.answer = async ({ sdp }) => {
        await room.publisher.setRemoteDescription({ type: 'offer', sdp: deaf(sdp) });
        await room.publisher.setLocalDescription();
        window.publish.answer(await complete(room.publisher));
    };
    window.publish = new Publish((message) => {
        room.sent.push(message.type);
        if (room.answers) room.answer(message);
        return true;
    });

    const { Subscribe } = await import('/client/subscribe.js');
    const context = new AudioContext();
    const tone = context.createMediaStreamDestination();
    const picture = document.createElement('canvas');
    picture.getContext('2d');
    room.open = () => {
        room.subscriber = new RTCPeerConnection();
        room.subscriber.addTrack(picture.captureStream(5).getVideoTracks()[0]);
        room.subscriber.addTrack(tone.stream.getAudioTracks()[0]);
        room.cursor = room.subscriber.createDataChannel('cursor');
    };
    room.offer = async (iceRestart = false) => {
        const offer = await room.subscriber.createOffer({ iceRestart });
        const sdp = offer.sdp.replace(/(a=fmtp:\\d+ )(minptime)/, '$1stereo=1;$2');
        await room.subscriber.setLocalDescription({ type: 'offer', sdp });
        window.subscribe.offer(await complete(room.subscriber), 7);
    };
    window.subscribe = new Subscribe((message) => {
        room.sent.push(message.type);
        if (message.type === 'restartSubscribe') room.offer(true);
        else if (message.type === 'subscribeAnswer') {
            room.id = message.id;
            room.stereo = /a=fmtp:\\d+ .*stereo=1/.test(message.sdp);
            room.subscriber.setRemoteDescription({ type: 'answer', sdp: deaf(message.sdp) });
        }
        return true;
    });
    window.tracks = [];
    subscribe.addEventListener('track', ({ detail }) => tracks.push(detail.kind));
    window.cursors = [];
    subscribe.addEventListener('cursor', ({ detail }) => cursors.push(detail.byteLength));
    room.open();
}"""


@pytest.fixture
def page(chromium_browser):
    with blank_page(chromium_browser) as page:
        page.evaluate(ROOM)
        yield page


def wait(page, expression):
    eventually(lambda: page.evaluate(f"() => {expression}"), what=expression)


def channels_are_open(page):
    wait(page, "['control', 'pointer'].every((name) => publish.channels?.[name].readyState === 'open')")


def ice_name(page, connection):
    return page.evaluate(f"() => /a=ice-ufrag:(\\S+)/.exec({connection}.localDescription.sdp)[1]")


def test_the_control_channels_open_without_a_candidate_of_the_page(page):
    page.evaluate("() => publish.open()")
    channels_are_open(page)
    page.evaluate("() => { publish.channels.control.send(new ArrayBuffer(12)); }")
    page.evaluate("() => { publish.channels.pointer.send(new ArrayBuffer(16)); }")
    wait(page, "room.got.length === 2")
    assert sorted(page.evaluate("() => room.got")) == ["control true 12", "pointer false 16"]


def test_an_ice_restart_keeps_the_control_channels(page):
    page.evaluate("() => publish.open()")
    channels_are_open(page)
    before = ice_name(page, "publish.connection")
    page.evaluate("() => publish.restart()")
    wait(page, "room.sent.length === 2 && publish.connection.signalingState === 'stable'")
    assert ice_name(page, "publish.connection") != before
    page.evaluate("() => { publish.channels.control.send(new ArrayBuffer(17)); }")
    wait(page, "room.got.includes('control true 17')")


def test_an_offer_that_was_lost_on_the_way_is_made_again(page):
    page.evaluate("() => { room.answers = false; publish.open(); }")
    wait(page, "room.sent.length === 1")
    page.evaluate("() => { room.answers = true; publish.resume(); }")
    channels_are_open(page)


def test_picture_sound_and_cursor_arrive_in_stereo(page):
    page.evaluate("() => room.offer()")
    wait(page, "room.cursor.readyState === 'open' && subscribe.cursor?.readyState === 'open'")
    page.evaluate("() => { room.cursor.send(new Uint8Array(8)); }")
    wait(page, "cursors.length === 1")
    assert page.evaluate("() => tracks.sort()") == ["audio", "video"]
    assert page.evaluate("() => [room.id, room.stereo]") == [7, True]


def test_a_restart_of_the_room_s_connection_keeps_its_channel(page):
    page.evaluate("() => room.offer()")
    wait(page, "subscribe.cursor?.readyState === 'open'")
    before = ice_name(page, "subscribe.connection")
    page.evaluate("() => subscribe.restart()")
    wait(page, "room.sent.filter((type) => type === 'subscribeAnswer').length === 2")
    assert ice_name(page, "subscribe.connection") != before
    page.evaluate("() => { room.cursor.send(new Uint8Array(8)); }")
    wait(page, "cursors.length === 1")


def test_an_offer_of_another_connection_starts_anew(page):
    page.evaluate("() => room.offer()")
    wait(page, "subscribe.cursor?.readyState === 'open'")
    page.evaluate("async () => { room.subscriber.close(); subscribe.close(); room.open(); await room.offer(); }")
    wait(page, "room.cursor.readyState === 'open' && tracks.length === 4")


def test_an_offer_of_another_connection_needs_no_error_to_start_anew(page):
    """Its credentials alone could be those of an ICE restart: DTLS would wait for ever."""
    page.evaluate("() => room.offer()")
    wait(page, "subscribe.cursor?.readyState === 'open'")
    page.evaluate(
        "async () => { window.former = subscribe.connection; room.subscriber.close(); room.open(); await room.offer(); }"
    )
    wait(page, "subscribe.connection !== former && room.cursor.readyState === 'open' && tracks.length === 4")
    assert page.evaluate("() => former.connectionState") == "closed"


def test_an_offer_that_the_browser_cannot_use_is_told_and_another_one_is_taken(page):
    page.evaluate("""() => {
        window.failures = 0;
        subscribe.addEventListener('failure', () => { failures += 1; });
        subscribe.offer('v=0\\r\\no=- 1 1 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\nm=video\\r\\n', 9);
    }""")
    wait(page, "room.sent.includes('subscribeFailed') && failures === 1")
    page.evaluate("() => room.offer()")
    wait(page, "subscribe.cursor?.readyState === 'open'")
