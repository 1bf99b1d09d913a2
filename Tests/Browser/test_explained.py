"""Why somebody cannot connect, in words on the page and in the room's log, and the test page against the real room."""

import json
import re
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager

import pytest
from playwright.sync_api import Error

import chromium
from namespaces import ROOM, Network, missing
from relay import TCPRelay
from visitor import Visitor
from waiting import eventually


class Downgrade:
    """A proxy of old: passes HTTP on, one request a connection, and takes what it does not know out of its head."""

    def __init__(self, port):
        self.to = port
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self.to)) as room:
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    head += client.recv(65_536) or b"\r\n\r\n"
                head = re.sub(rb"(?im)^(upgrade|connection|sec-websocket-[^:]*):[^\r]*\r\n", b"", head)
                room.sendall(head.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
                while part := room.recv(65_536):
                    client.sendall(part)
            except OSError:
                pass

    def stop(self):
        self.server.close()


@contextmanager
def running(one):
    try:
        yield one
    finally:
        one.stop()


def port_of(room):
    return int(room.address.rstrip("/").rsplit(":", 1)[1])


def says(person, step, words, within=10):
    """Waits for the sentence; returns the seconds since joining that it took."""
    eventually(
        lambda: (person.state()["why"] or {}).get("step") == step and words in person.ask(
            "document.getElementById('banner').innerText"
        ), within, what=lambda: f"the page says why: {person.state()}, {person.ask('deskroom.details()')}",
    )
    return time.monotonic() - person.since


def enter(person, address):
    steady(person, address)
    person.enter(address)
    person.since = time.monotonic()


def steady(person, address):
    """Opens a page until the browser has got used to its network, which has only just come to be."""

    def opened():
        try:
            person.tab.goto(address)
        except Error as error:
            assert "ERR_NETWORK_CHANGED" in str(error)
            return False
        return True

    eventually(opened, what="the page opens")


def test_a_proxy_that_takes_websockets_away_is_told_within_ten_seconds(room, visitor):
    with running(Downgrade(port_of(room))) as proxy:
        ada = visitor("Ada")
        enter(ada, f"http://127.0.0.1:{proxy.port}/")
        took = says(ada, "webSocket", "WebSocket")
        print(f"told after {took:.1f} s")
        assert ada.ask("document.getElementById('banner').role") == "alert"


def test_a_server_that_is_gone_is_told_within_ten_seconds_and_the_page_comes_back(room, visitor):
    relay = TCPRelay(port_of(room))
    with ExitStack() as stack:
        stack.callback(lambda: relay.stop())
        ada = visitor("Ada").join(f"http://127.0.0.1:{relay.port}/")
        relay.stop()
        stack.pop_all()
        ada.since = time.monotonic()
        took = says(ada, "server", "DNS", within=12)
        print(f"told after {took:.1f} s")
        assert "The picture goes on meanwhile." in ada.ask("document.getElementById('banner-text').textContent")


# In a network of their own.


@pytest.fixture
def network(folder):
    problem = missing()
    if problem:
        pytest.skip(problem)
    with running(Network(folder)) as network:
        network.inside("path", "nft", "add table ip wall; add chain ip wall way { type filter hook forward priority 0; }")
        yield network


def block(network, *what):
    network.inside("path", "nft", "".join(f"add rule ip wall way {one} drop;" for one in what))


@pytest.fixture
def far(network, open_room, desk, folder, chromium_browser):
    """A room, and somebody at the other end of the path."""
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, MEDIA_ADDRESSES=ROOM, LOG_LEVEL="info",
                     MEDIA_TCP="off")
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\nexec {' '.join(network.prefix('browser'))} {chromium.PROGRAM} \"$@\"\n")
    program.chmod(0o755)
    browser = chromium_browser.browser_type.launch(executable_path=str(program), args=chromium.ARGUMENTS)
    tab = chromium.Tab(browser, width=1280, height=800)
    yield room, Visitor(tab, "Ada")
    tab.close()
    browser.close()


def logged(room):
    """What the room's log says of connections that do not come about."""
    return [line for line in room.log(400).splitlines() if "A connection does not come about" in line]


def test_udp_that_is_blocked_is_told_within_ten_seconds_by_page_and_log(network, far):
    room, ada = far
    block(network, "meta l4proto udp", f"tcp dport {room.media_port}")
    enter(ada, room.address)
    eventually(lambda: ada.state()["signalling"]["state"] == "joined", what="signalling works")
    steps = ada.ask("deskroom.details()")
    kind = "udpTcp" if "+tcp" in steps else "udp"
    took = says(ada, kind, "gets through", within=12)
    print(f"told after {took:.1f} s")
    eventually(lambda: logged(room), what="the log says so")
    lines = logged(room)
    assert len(lines) <= 2, "once for each connection"
    assert all("step=unheard" in line and "Ada" not in line and ROOM not in line for line in lines), lines
    assert "room.step=unheard" in ada.ask("deskroom.details()")


def test_answers_that_do_not_come_back_are_told(network, far):
    room, ada = far
    block(network, f"udp sport {room.media_port}", f"tcp dport {room.media_port}")
    enter(ada, room.address)
    took = says(ada, "udpBack", "its answers do not arrive", within=14)
    print(f"told after {took:.1f} s")
    assert any("step=heard" in line for line in logged(room)), logged(room)


def test_the_test_page_says_that_udp_is_blocked(network, far):
    room, ada = far
    block(network, "meta l4proto udp")
    lines = results(ada, room.address + "check")
    udp = next(value for name, value in lines.items() if "UDP" in name)
    assert udp["grade"] in ("bad", "fair") and "firewall" in udp["words"]


# The test page.

LINES = """Object.fromEntries([...document.querySelectorAll('#test-lines li')].map((row) =>
    [row.querySelector('h3').textContent, { grade: row.dataset.grade, words: row.querySelector('p').textContent }]))"""


def results(person, address):
    steady(person, address)
    person.click_element("test-start")
    eventually(
        lambda: person.ask("!document.getElementById('test-result').hidden"), 90,
        what=lambda: f"the test is over: {person.ask(LINES)}",
    )
    return person.ask(LINES)


def test_the_test_page_measures_against_the_real_room_and_leaves_nothing(room, visitor):
    ada = visitor("Ada")
    before = room.health()["media"]["transports"]
    lines = results(ada, room.address + "check")
    print(json.dumps(lines, indent=1))
    for name in ("Browser", "The room’s page", "Lasting connection (WebSocket)", "Clock", "Delay and loss"):
        assert lines[name]["grade"] in ("good", "fair"), lines
    assert any("UDP" in name and line["grade"] == "good" for name, line in lines.items())
    rates = [float(re.search(r"[\d.]+", lines[name]["words"])[0]) for name in ("From the room to you", "From you to the room")]
    # What the room gives at most, which a busy machine need not reach.
    assert all(0.1 < rate < 30 for rate in rates), rates
    assert ada.ask("document.getElementById('test-refused').textContent") == ""
    assert "can join" in ada.ask("document.getElementById('test-verdict').textContent")
    eventually(lambda: room.health()["media"]["transports"] == before, 40, what="nothing is left of it")
    assert room.health()["people"] == 0
    assert ada.problems() == []


def test_where_links_are_needed_only_who_has_one_tests_the_media(open_room, desk, visitor):
    room = open_room(desk, ACCESS_OPEN="off")
    link = eventually(lambda: re.search(r"client: (\S+)", "".join(room.printed)), what="the link")[1]
    without = visitor("Ada")
    lines = results(without, room.address + "check")
    assert lines["Delay and loss"]["grade"] == "skipped"
    assert "only with a link" in without.ask("document.getElementById('test-refused').textContent")
    with_link = visitor("Ben")
    lines = results(with_link, room.address + "check#token=" + link.partition("#token=")[2])
    assert lines["Delay and loss"]["grade"] in ("good", "fair", "bad")
    assert "token" not in with_link.ask("location.href")


def post(room, body, kind="application/json"):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(room.address + "check/session", data=data, headers={"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"{}")


def test_the_room_gives_a_test_little_and_nothing_to_who_asks_wrongly(room, visitor):
    assert post(room, {"sdp": "v=0"})[0] == 400
    assert post(room, b"{")[0] == 400
    assert post(room, b"x" * 100_000)[0] in (400, 413)
    assert post(room, {"sdp": "v=0"}, "text/plain")[0] == 415
    ada = visitor("Ada")
    ada.tab.goto(room.address + "check")
    sdp = ada.ask("""(async () => {
        const connection = new RTCPeerConnection();
        connection.createDataChannel('echo');
        await connection.setLocalDescription();
        return connection.localDescription.sdp;
    })()""")
    statuses = [post(room, {"sdp": sdp})[0] for _ in range(8)]
    assert statuses[:4] == [200] * 4 and set(statuses[4:]) == {429}, statuses


def test_the_page_can_be_taken_away(open_room, desk, visitor):
    room = open_room(desk, CHECK_PAGE="off")
    for path in ("check", "check.html", "check/clock"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(room.address + path, timeout=30)
        assert refused.value.code == 404
    assert post(room, {"sdp": "v=0"})[0] in (404, 405)
    ada = visitor("Ada")
    ada.tab.goto(room.address)
    assert ada.ask("getComputedStyle(document.querySelector('#welcome .check-link')).display") == "none"
