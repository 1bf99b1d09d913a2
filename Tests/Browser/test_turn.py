"""A browser that reaches the room's media only through a TURN server, in network namespaces: coturn, or the room's own."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

import chromium
from desk import CENTRES, QUADRANTS, environment
from namespaces import FAR, NEAR, ROOM, Network, missing
from processes import Process
from proxies import certificate
from test_explained import results
from visitor import Visitor
from waiting import eventually

SECRET = "a secret of the room and its servers"
UDP = f"turn:{FAR}:3478?transport=udp"
TCP = f"turn:{FAR}:3478?transport=tcp"
TLS = "turns:turn.example:5349?transport=tcp"
OWN = "room.example"


@pytest.fixture
def network(folder):
    problem = missing()
    if problem:
        pytest.skip(problem)
    with ExitStack() as stack:
        network = Network(folder)
        stack.callback(network.stop)
        # Nothing but the page's HTTPS passes between browser and room.
        rules = "add table ip door; add chain ip door forward { type filter hook forward priority 0; policy drop; };"
        rules += "add rule ip door forward ct state established,related accept; add rule ip door forward tcp dport 8443 accept"
        network.inside("path", "nft", rules)
        yield network


@pytest.fixture
def turn_server(network, folder):
    """coturn in the middle, which is reached from both sides."""
    pem = certificate(folder, "turn.example")
    command = ["turnserver", "-n", "--no-cli", "--log-file", "stdout", "--verbose", "--use-auth-secret",
               f"--static-auth-secret={SECRET}", "--realm=turn.example", f"--listening-ip={FAR}", f"--relay-ip={NEAR}",
               "--listening-port=3478", "--tls-listening-port=5349", f"--cert={pem}", f"--pkey={pem}",
               f"--pidfile={folder}/turn.pid", f"--userdb={folder}/turn.sqlite", "--allow-loopback-peers"]
    server = Process([*network.prefix("path"), *command], folder / "turn.log", environment(folder))
    eventually(
        lambda: ":3478" in network.inside("path", "ss", "-ltn") or not server.is_running(), what="coturn listens"
    )
    assert server.is_running(), server.log.read_text()
    yield server
    server.stop()


@pytest.fixture
def far_browser(network, folder, chromium_browser):
    """A Chromium at the other end, which knows the server's name and trusts its certificate."""
    browser = trusting_browser(network, folder, chromium_browser, mapped("turn.example", FAR))
    yield browser
    browser.close()


@pytest.fixture
def own_server(network, folder):
    """Settings of a room that has a certificate which browsers trust."""
    pem = certificate(folder, OWN)
    return {"prefix": network.prefix("room"), "HTTP_HOST": ROOM, "HTTP_PORT": "8443", "HTTP_BASE": f"https://{OWN}:8443/",
            "MEDIA_ADDRESSES": ROOM, "MEDIA_TCP": "off", "TLS_CERTIFICATE": str(pem), "TLS_KEY": str(pem)}


def mapped(name, address):
    """The switch by which a name means an address; for WebRTC Chromium looks it up with a dot behind it."""
    return f"--host-resolver-rules=MAP {name} {address},MAP {name}. {address}"


def trusting_browser(network, folder, chromium_browser, *arguments):
    """A Chromium at the other end, which trusts the certificate that was made in the folder."""
    home = folder / "home"
    database = home / ".pki/nssdb"
    database.mkdir(parents=True)
    for command in (["-N", "--empty-password"], ["-A", "-n", "turn", "-t", "C,,", "-i", folder / "proxy.pem"]):
        subprocess.run(["certutil", "-d", f"sql:{database}", *command], check=True, capture_output=True)
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\nexec {' '.join(network.prefix('browser'))} {chromium.PROGRAM} \"$@\"\n")
    program.chmod(0o755)
    return chromium_browser.browser_type.launch(
        executable_path=str(program), env={**os.environ, "HOME": str(home)}, args=[*chromium.ARGUMENTS, *arguments],
    )


def protocols(person):
    """By which protocol the browser speaks to the TURN server that each connection in use goes through, or None."""
    return person.ask("""(async () => {
        const found = [];
        for (const connection of probe.connections.filter((one) => one.connectionState === 'connected')) {
            const all = await connection.getStats();
            // A pair may be in use before it is nominated.
            const transport = [...all.values()].find((one) => one.type === 'transport');
            const pair = all.get(transport?.selectedCandidatePairId);
            const local = pair && all.get(pair.localCandidateId);
            found.push(local?.candidateType === 'relay' ? local.relayProtocol : null);
        }
        return found;
    })()""")


@pytest.mark.parametrize("url, protocol", [(UDP, "udp"), (TCP, "tcp"), (TLS, "tls")])
def test_where_udp_is_blocked_the_picture_comes_through_the_server(
    url, protocol, network, turn_server, open_room, desk, far_browser
):
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, HTTP_PORT="8443", MEDIA_ADDRESSES=ROOM, MEDIA_TCP="off",
                     TURN_URLS=url, TURN_SECRET=SECRET)
    ada = Visitor(chromium.Tab(far_browser, width=1280, height=800), "Ada")
    ada.join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    assert protocols(ada) == [protocol, protocol]
    ada.take_control()
    ada.click(200, 100)
    eventually(lambda: desk.pattern.events("buttonDown"), what="the click arrives")
    log = room.log(100_000)
    assert SECRET not in log
    assert ada.ask("probe.connections.at(-1).getConfiguration().iceServers[0].credential") not in log
    ada.close()


def test_passwords_are_told_anew_and_an_old_one_is_refused(network, turn_server, open_room, desk, far_browser):
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, HTTP_PORT="8443", MEDIA_ADDRESSES=ROOM, MEDIA_TCP="off",
                     TURN_URLS=UDP, TURN_SECRET=SECRET, TURN_LIFETIME="60", TURN_ONLY="on")
    ada = Visitor(chromium.Tab(far_browser, width=1280, height=800), "Ada")
    ada.join(room.address)
    assert ada.ask("probe.connections.at(-1).getConfiguration().iceTransportPolicy") == "relay"
    name = "probe.connections.at(-1).getConfiguration().iceServers[0].username"
    first = ada.ask(name)
    assert 0 < int(first.split(":")[0]) - time.time() <= 60
    eventually(lambda: ada.ask(name) != first, 60, what="a new name")
    # With it a restart finds a way again after the first one has expired.
    time.sleep(max(0, int(first.split(":")[0]) - time.time()) + 2)
    ada.ask("dispatchEvent(new Event('online'))")
    eventually(lambda: protocols(ada) == ["udp", "udp"], what="both connections are back")
    ada.take_control()
    ada.close()


def test_the_test_page_tries_the_way_through_the_server(network, turn_server, open_room, desk, far_browser):
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, HTTP_PORT="8443", MEDIA_ADDRESSES=ROOM, MEDIA_TCP="off",
                     TURN_URLS=UDP, TURN_SECRET=SECRET)
    ada = Visitor(chromium.Tab(far_browser, width=1280, height=800), "Ada")
    lines = results(ada, room.address + "check")
    ways = {name: line["grade"] for name, line in lines.items() if name.startswith("Picture and sound by")}
    assert sorted(ways.values()) == ["fair", "good"] and ways["Picture and sound by the relay (TURN)"] == "good", lines
    assert lines["Delay and loss"]["grade"] in ("good", "fair"), "it is measured by that way"
    assert "relay: by=udp grade=good" in ada.ask("document.getElementById('test-text').textContent")
    ada.close()


def works_all_over_tls(room, desk, browser):
    """Picture, sound and control, all of it through the room's own server."""
    ada = Visitor(chromium.Tab(browser, width=1280, height=800), "Ada")
    ada.join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    assert ada.ask("performance.getEntriesByType('navigation')[0].nextHopProtocol") == "h2"
    assert protocols(ada) == ["tls", "tls"]
    ada.take_control()
    ada.click(200, 100)
    eventually(lambda: desk.pattern.events("buttonDown"), what="the click arrives")
    desk.sound.play(440)
    ada.hears(440)
    # Nothing of anybody is in the log, also when all of it is kept.
    log = room.log(100_000)
    for secret in ("credential", "username"):
        assert ada.ask(f"probe.connections.at(-1).getConfiguration().iceServers.at(-1).{secret}") not in log
    return ada


def test_the_room_is_a_turn_server_itself(network, own_server, open_room, desk, folder, chromium_browser):
    room = open_room(desk, **own_server)
    browser = trusting_browser(network, folder, chromium_browser, mapped(OWN, ROOM))
    works_all_over_tls(room, desk, browser).close()
    browser.close()


def test_a_proxy_that_passes_nothing_but_tls_is_enough(network, own_server, open_room, desk, folder, chromium_browser):
    network.inside("path", "nft", "flush chain ip door forward")
    script = Path(__file__).parent / "connectproxy.py"
    command = [sys.executable, script, FAR, "3128", f"{OWN}:8443", f"{ROOM}:8443"]
    proxy = Process([*network.prefix("path"), *command], folder / "proxy.log", environment(folder))
    try:
        room = open_room(desk, **own_server)
        eventually(lambda: "listening" in proxy.log.read_text(), what="the proxy listens")
        browser = trusting_browser(network, folder, chromium_browser, f"--proxy-server=http://{FAR}:3128")
        ada = works_all_over_tls(room, desk, browser)
        lines = proxy.log.read_text().split()
        # The page, its WebSocket, and each of the two connections.
        assert lines.count("tls") >= 4 and "other" not in lines
        ada.close()
        browser.close()
    finally:
        proxy.stop()
