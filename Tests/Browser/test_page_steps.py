"""Which step of connecting fails, by what a browser and the room know: the machine alone, and the page's words for it."""

import re

import pytest

from pagefiles import FOLDER, blank_page
from pageroom import text, wait


@pytest.fixture(scope="module")
def page(chromium_browser):
    with blank_page(chromium_browser) as page:
        yield page


RUN = """async ({ events, until, module }) => {
    const { ConnectionSteps } = await import('/client/connection-steps.js');
    const steps = new ConnectionSteps();
    for (const [at, event] of events) steps.handle(event, at);
    return [steps.verdict(until), steps.wantsProbe(until), steps.wantsReport(until), steps.facts(until)];
}"""


def run(page, events, until):
    """The verdict after these `(milliseconds, event)`, and whether a probe and a report are wanted, and all facts."""
    return page.evaluate(RUN, {"events": events, "until": until})


def step(page, events, until):
    verdict = run(page, events, until)[0]
    return verdict and verdict["step"]


CONNECTING = {"type": "socket", "state": "connecting"}
OPEN = {"type": "socket", "state": "open"}
CLOSED = {"type": "socket", "state": "closed", "code": 1006}
HEARD = {"type": "heard"}
JOINED = [(0, CONNECTING), (50, OPEN), (60, HEARD)]


def probed(outcome, status=None):
    return {"type": "probe", "outcome": outcome, "status": status}


@pytest.mark.parametrize("outcome, found", [
    ("unreached", "server"), ("foreign", "foreign"), ("reached", "webSocket"),
])
def test_a_websocket_that_does_not_come_about_is_told_apart_by_what_http_does(page, outcome, found):
    failed = [(0, CONNECTING), (10, CLOSED), (260, CONNECTING), (270, CLOSED), (300, probed(outcome, 511))]
    assert step(page, failed, 400) == found
    # Packets that are dropped, so that nothing fails at all: within ten seconds all the same.
    hanging = [(0, CONNECTING), (6600, probed(outcome))]
    assert run(page, hanging[:1], 3000)[1], "then HTTP is tried"
    assert step(page, hanging, 9000) == found


def test_one_failure_of_a_websocket_is_no_news(page):
    once = [(0, CONNECTING), (10, CLOSED), (300, probed("unreached"))]
    assert step(page, once, 400) is None
    assert run(page, once[:2], 400)[1]
    assert not run(page, once, 400)[1], "and it is not asked again at once"
    assert step(page, [*once, (500, CONNECTING), (510, OPEN), (520, HEARD)], 60_000) is None


def test_a_websocket_that_opens_and_carries_nothing_is_told(page):
    assert step(page, [(0, CONNECTING), (50, OPEN)], 4000) is None
    assert step(page, [(0, CONNECTING), (50, OPEN)], 5000) == "silent"
    closed = [(0, CONNECTING), (50, OPEN), (5050, CLOSED), (5300, CONNECTING), (5400, probed("reached"))]
    assert step(page, closed, 5500) == "silent"
    assert step(page, [*closed, (5600, OPEN), (5700, HEARD)], 60_000) is None


def test_a_device_without_a_network_is_told_before_all_else(page):
    lost = [*JOINED, (100, CLOSED), (350, CONNECTING), (360, CLOSED), (370, probed("unreached"))]
    assert step(page, [*lost, (380, {"type": "online", "is": False})], 400) == "offline"
    assert step(page, lost, 400) == "server"
    assert step(page, [*lost, (390, {"type": "idle"})], 400) is None, "nobody wants to be connected"


def part(name="subscribe", at=100, **offered):
    ways = offered.get("ways", ["udp"])
    return [*JOINED, (at, {"type": "begin", "part": name}), (at + 10, {"type": "offered", "part": name, "ways": ways})]


def of(type, part="subscribe", **more):
    return {"type": type, "part": part, **more}


def checking(ice="checking", connection="connecting"):
    return of("state", ice=ice, connection=connection)


BLOCKED = {"way": "udp", "isRelay": False, "state": "in-progress", "sent": 9, "received": 0}


@pytest.mark.parametrize("ways, events, found", [
    (["udp"], [], "udp"),
    (["udp", "tcp"], [], "udpTcp"),
    (["tcp"], [], "tcp"),
    (["udp"], [of("stats", local=0, pairs=[])], "browser"),
    (["udp"], [of("stats", local=2, pairs=[BLOCKED])], "udp"),
    (["udp"], [of("candidateError", code=401, isTurn=True)], "turnRefused"),
    (["udp"], [of("candidateError", code=438, isTurn=True)], "turnRefused"),
    (["udp"], [of("candidateError", code=701, isTurn=True)], "turnUnreached"),
    (["udp"], [of("candidateError", code=701, isTurn=True), of("candidateError", code=401, isTurn=True)], "turnRefused"),
    (["udp"], [of("candidateError", code=701, isTurn=False)], "udp"),
    (["udp"], [of("room", step="unheard")], "udp"),
    (["udp"], [of("room", step="heard")], "udpBack"),
    (["udp"], [of("room", step="handshakeFailed", alert=40)], "dtls"),
])
def test_no_path_is_told_by_what_is_known_of_it(page, ways, events, found):
    events = [*part(ways=ways), (200, checking()), *((300, one) for one in events)]
    if found != "dtls":
        assert step(page, events, 8000) is None, "not before it has had its time"
    verdict = run(page, events, 8200)[0]
    assert (verdict["step"], verdict["part"]) == (found, "subscribe")
    assert step(page, [*events, (300, checking("failed", "failed"))], 400) == found, "ICE has given up by itself"


def test_a_path_that_comes_about_is_no_failure_however_much_was_blocked(page):
    up = [*part(), (200, checking()), (300, of("candidateError", code=701, isTurn=True)),
          (7000, checking("connected")), (7100, checking("connected", "connected"))]
    assert step(page, up, 60_000) is None


def test_a_path_that_is_lost_has_its_time_anew(page):
    lost = [*part(), (200, checking("connected", "connected")), (20_000, checking("disconnected", "connected")),
            (20_100, checking("disconnected", "disconnected"))]
    assert step(page, lost, 21_000) is None
    assert step(page, lost, 28_500) == "udp"
    assert step(page, [*lost, (22_000, checking("connected", "connected"))], 60_000) is None


def test_a_handshake_that_fails_or_hangs_is_told(page):
    hanging = [*part(), (200, checking("connected"))]
    assert step(page, hanging, 8000) is None
    assert step(page, hanging, 8300) == "dtls"
    failed = [*hanging, (300, checking("connected", "failed")), (310, of("room", step="handshakeFailed", alert=80))]
    assert run(page, failed, 400)[0] == {
        "step": "dtls", "code": "DTLS-1", "part": "subscribe", "alert": 80, "status": None,
    }


def test_packets_that_do_not_come_and_pictures_that_are_not_decoded_are_told_apart(page):
    up = [*part(), (200, checking("connected", "connected"))]
    assert step(page, up, 60_000) is None, "nobody expects a picture"
    silent = [*up, (300, of("media", packets=0, frames=0))]
    assert step(page, silent, 5000) is None
    assert step(page, silent, 5300) == "noMedia"
    undecoded = [*silent, (6000, of("media", packets=9, frames=0))]
    assert step(page, undecoded, 10_000) is None
    assert step(page, undecoded, 11_100) == "codec"
    assert step(page, [*undecoded, (9000, of("media", packets=90, frames=1))], 60_000) is None


def test_a_connection_that_takes_the_place_of_one_which_failed_goes_on_with_its_time(page):
    replaced = [*part(), (5000, {"type": "begin", "part": "subscribe"})]
    assert step(page, replaced, 8300) == "udp"
    up = [*part(), (200, checking("connected", "connected")), (5000, {"type": "begin", "part": "subscribe"})]
    assert step(page, up, 8300) is None


def test_picture_and_sound_come_before_control_and_signalling_before_both(page):
    both = [*part(), (110, {"type": "begin", "part": "publish"})]
    assert run(page, both, 9000)[0]["part"] == "subscribe"
    ended = [*both, (200, {"type": "end", "part": "subscribe"})]
    assert run(page, ended, 9000)[0]["part"] == "publish"
    lost = [(7000, CLOSED), (7300, CONNECTING), (7400, CLOSED), (7500, probed("reached"))]
    assert step(page, [*both, *lost], 9000) == "webSocket"


def test_the_room_is_asked_only_where_something_does_not_come_about(page):
    assert not run(page, JOINED, 60_000)[2]
    assert not run(page, part(), 2000)[2]
    assert run(page, part(), 4000)[2]
    assert not run(page, [*part(), (200, checking("connected", "connected"))], 60_000)[2]


def test_what_support_gets_has_codes_and_nothing_about_anybody(page):
    events = [*part(), (200, checking()), (300, of("stats", local=2, pairs=[BLOCKED])), (310, of("room", step="unheard"))]
    verdict, _, _, facts = run(page, events, 9000)
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.7204.49 Safari/537.36"
    details = page.evaluate("""async ([verdict, facts, agent]) => {
        const { browserName, supportDetails } = await import('/client/support-details.js');
        return supportDetails(verdict, facts, browserName(agent));
    }""", [verdict, facts, agent])
    assert details.splitlines()[:4] == ["code=ICE-2", "step=udp", "connection=subscribe", "browser=chrome/138"]
    assert "subscribe.pairs.0.sent=9" in details and "subscribe.room.step=unheard" in details
    assert not re.search(r"\d+\.\d+\.\d+\.\d+|Linux|7204", details)


@pytest.mark.parametrize("agent, name", [
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0", "edge/138"),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "firefox/140"),
    ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "safari/18"),
    ("something", "other"),
])
def test_a_browser_is_named_by_its_major_version_only(page, agent, name):
    assert page.evaluate("async (agent) => (await import('/client/support-details.js')).browserName(agent)", agent) == name


# The page.

SOCKETS_FAIL = """
(() => {
    const Fake = window.WebSocket;
    window.WebSocket = class extends EventTarget {
        static OPEN = 1;
        readyState = 0;
        constructor() {
            super();
            if (!window.blocked) return new Fake();
            setTimeout(() => this.onclose?.({ code: 1006 }), 20);
        }
        send() {}
        close() {}
    };
    const ask = window.fetch;
    window.fetch = (...asked) => (window.answer && String(asked[0]).endsWith('/healthz') ? window.answer() : ask(...asked));
})();
"""
ANSWERS = {
    "server": "() => { throw new TypeError('Failed to fetch') }",
    "foreign": "async () => new Response('<h1>Sign in</h1>', { status: 200 })",
    "webSocket": "async () => new Response('{\"status\":\"ok\"}')",
}
WORDS = {
    "server": "This device does not reach the room", "foreign": "Something else answers in the place of the room",
    "webSocket": "The lasting connection to the room is blocked",
}


@pytest.mark.parametrize("found", ANSWERS)
def test_the_page_says_within_ten_seconds_why_the_room_is_not_reached(open_page, found):
    page = open_page(before=SOCKETS_FAIL + f"window.blocked = true; window.answer = {ANSWERS[found]};", joined=False)
    page.fill("#name", "Ada")
    page.click("#join")
    wait(page, f"deskroom.state().why?.step === '{found}'", within=10)
    wait(page, f"document.getElementById('banner-title').textContent === '{WORDS[found]}'", within=2)
    assert page.get_attribute("#banner", "role") == "alert"
    assert page.is_visible("#banner .check-link")


def test_the_page_says_why_no_path_comes_about_and_gives_support_what_it_needs(open_page):
    deaf = """
    const answer = RTCPeerConnection.prototype.setRemoteDescription;
    RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
        const gone = 'a=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\\r\\n';
        const without = sdp.replace(/a=candidate.*\\r\\n/g, '').replace(/(a=ice-pwd.*\\r\\n)/g, `$1${gone}`);
        return answer.call(this, { type, sdp: type === 'offer' ? without : sdp });
    };
    // The real room goes on with the same connection.
    const { subscribe } = fake;
    let times = 0;
    fake.subscribe = () => { times += 1; return times === 1 ? subscribe() : null; };
    """
    page = open_page(before=deaf, joined=False)
    page.fill("#name", "Ada")
    page.click("#join")
    wait(page, "deskroom.state().why?.step === 'udp'", within=12)
    wait(page, "document.getElementById('banner-text').textContent.includes('no UDP gets through')", within=2)
    assert page.evaluate("fake.count('connections')") >= 1, "the room is asked for what it sees"
    page.evaluate("fake.send({ type: 'connections', subscribe: { step: 'heard' } })")
    wait(page, "deskroom.state().why?.step === 'udpBack'")
    wait(page, "document.getElementById('banner-text').textContent.includes('its answers do not arrive')", within=2)
    page.click("#support-fold summary")
    wait(page, "document.getElementById('support-text').textContent.includes('code=ICE-3')")
    details = text(page, "#support-text")
    assert "Ada" not in details and "127.0.0.1" not in details
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("#support-copy")
    wait(page, "document.getElementById('support-copied').textContent === 'Copied.'")
    assert page.evaluate("navigator.clipboard.readText()") == page.evaluate(
        "document.getElementById('support-text').textContent"
    )


def test_each_step_has_a_code_of_its_own_that_the_documentation_explains(page):
    source = (FOLDER / "client/connection-steps.js").read_text()
    codes = dict(re.findall(r"(\w+): '([A-Z]+-\d)'", source))
    assert len(codes) == len(set(codes.values())) == 15
    documentation = (FOLDER.parents[2] / "docs/network.md").read_text()
    assert [code for code in codes.values() if f"`{code}`" not in documentation] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_step_has_words_where_it_is_told(page, language):
    """Of each step what the page says is its own, with details and a test, in the banner of what it concerns."""
    said = page.evaluate("""async (language) => {
        const { setCatalogue } = await import('/catalogue.js');
        setCatalogue((await import(`/${language}.js`))[language], language);
        const { describe } = await import('/states.js');
        const facts = {
            now: 60000, isSupported: true, isOffline: false, channelsOpen: true, desk: { state: 'live' }, frames: 1,
            isPictureBlocked: false, sound: 'on', failure: null,
            signalling: { state: 'joined', failures: 0, endCode: 0, wasJoined: true },
            publish: { state: 'connected', since: 0 }, subscribe: { state: 'connected', since: 0 },
        };
        const part = (step) => ({ step, part: 'subscribe' });
        const path = (step, state) => ({ subscribe: { state, since: 0 }, why: part(step) });
        const socket = (step) => ({
            signalling: { state: 'waiting', failures: 3, wasJoined: false }, why: { step, part: null },
        });
        const cases = {
            ...Object.fromEntries(['server', 'foreign', 'webSocket', 'silent'].map((step) => [step, socket(step)])),
            ...Object.fromEntries(['browser', 'udp', 'udpBack', 'udpTcp', 'tcp', 'turnRefused', 'turnUnreached']
                .map((step) => [step, path(step, 'noPath')])),
            dtls: path('dtls', 'insecure'),
            ...Object.fromEntries(['noMedia', 'codec'].map((step) => [step, { frames: 0, why: part(step) }])),
        };
        const all = Object.entries(cases).map(([step, change]) => [step, describe({ ...facts, ...change }).banner]);
        setCatalogue((await import('/en.js')).en, 'en');
        return all;
    }""", language)
    assert len(said) == 14, "all but that the device is offline, which needs no support"
    texts = [banner["text"] for _, banner in said]
    assert len(set(texts)) == 14 and not any("why." in text for text in texts)
    assert all(banner["isForSupport"] and banner["title"] for _, banner in said)
    words = {"server": "DNS", "webSocket": "WebSocket", "udp": "UDP", "turnRefused": "TURN", "dtls": "DTLS"}
    for step, banner in said:
        assert words.get(step, "") in banner["text"]
