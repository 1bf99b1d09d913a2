"""Where browsers reach the media port: IPv6, names that change, mapped ports; in network namespaces."""

import json
import os
import re
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

import chromium
from desk import CENTRES, QUADRANTS, environment
from namespaces import FAR, ROOM, Network, add, fetch, missing
from processes import Process
from visitor import Visitor
from waiting import eventually

ROOM6, BROWSER6 = "fd77::1", "fd77::2"


class Network6:
    """A room and a browser at the two ends of a wire that has IPv6 and nothing else."""

    def __init__(self):
        self.names = {place: f"deskroom-{os.getpid()}-{place}6" for place in ("room", "browser")}
        for name in self.names.values():
            add(name)
        run("ip", "link", "add", "wire", "netns", self.names["room"], "type", "veth",
            "peer", "name", "wire", "netns", self.names["browser"])
        for place, address in (("room", ROOM6), ("browser", BROWSER6)):
            self.inside(place, "ip", "address", "add", f"{address}/64", "dev", "wire", "nodad")
            self.inside(place, "ip", "link", "set", "wire", "up")
            self.inside(place, "ip", "link", "set", "lo", "up")

    def prefix(self, place):
        return ["ip", "netns", "exec", self.names[place]]

    def inside(self, place, *command):
        return run(*self.prefix(place), *command)

    def stop(self):
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], capture_output=True)


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def stack():
    problem = missing()
    if problem:
        pytest.skip(problem)
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def network(stack, folder):
    network = Network(folder)
    stack.callback(network.stop)
    return network


@pytest.fixture
def far_tab(stack, folder, chromium_browser):
    """Opens a Chromium in a network: far_tab(network)."""

    def start(network):
        program = folder / "chromium"
        program.write_text(f"#!/bin/sh\nexec {' '.join(network.prefix('browser'))} {chromium.PROGRAM} \"$@\"\n")
        program.chmod(0o755)
        browser = chromium_browser.browser_type.launch(executable_path=str(program), args=chromium.ARGUMENTS)
        stack.callback(browser.close)
        return chromium.Tab(browser, width=1280, height=800)

    return start


def announced(room):
    """What the log says that browsers were told, each time."""
    lines = [line for line in room.log(100_000).splitlines() if "Browsers are told to reach the media at" in line]
    return [re.findall(r"[0-9a-f:.\[\]]*[.:][0-9a-f:.\[\]]+", line.split("addresses=", 1)[1].split("]", 1)[0]) for line in lines]


def test_where_there_is_nothing_but_ipv6_somebody_joins(stack, open_room, desk, far_tab):
    network = Network6()
    stack.callback(network.stop)
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST="::", HTTP_PORT="8443")
    assert room.address == f"https://[{ROOM6}]:8443/"
    ada = Visitor(far_tab(network), "Ada")
    ada.join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()
    told = ada.ask("probe.connections.filter((one) => one.remoteDescription).map((one) => one.remoteDescription.sdp)")
    assert told and all(f"{ROOM6} {room.media_port} typ host" in sdp for sdp in told)
    assert not any(re.search(r"a=candidate:.* (?!127\.)\d+\.\d+\.\d+\.\d+ ", sdp) for sdp in told)


def test_both_families_reach_a_room_that_listens_on_all_of_ipv6(open_room, desk, visitor):
    room = open_room(desk, HTTP_HOST="::", MEDIA_ADDRESSES="127.0.0.1,::1")
    port = re.search(r":(\d+)/$", room.address)[1]
    for host in ("127.0.0.1", "[::1]"):
        visitor(f"Ada by {host}").join(f"https://{host}:{port}/").wait_for_colours(QUADRANTS, CENTRES)


def test_a_name_that_means_another_address_is_told_to_newcomers_and_to_whoever_lost_their_way(
    stack, network, open_room, desk, far_tab
):
    # What the room's resolver reads in its own network namespace.
    hosts = Path("/etc/netns") / network.names["room"] / "hosts"
    hosts.parent.mkdir(parents=True)
    stack.callback(hosts.parent.rmdir)
    stack.callback(hosts.unlink)
    hosts.write_text(f"{ROOM} media.example\n")
    # The room has two addresses; the path lets UDP through to one of them at a time.
    second = "10.77.1.9"
    network.inside("room", "ip", "address", "add", f"{second}/24", "dev", "to-path")
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, HTTP_PORT="8443",
                     MEDIA_ADDRESSES="media.example", MEDIA_RESOLVE="1")
    eventually(lambda: announced(room), what="the name is resolved")
    tab = far_tab(network)
    ada = Visitor(tab, "Ada").join(room.address)
    # A file of another name in its place would not be the one that the namespace shows.
    with open(hosts, "r+") as file:
        file.write(f"{second} media.example\n".ljust(len(f"{ROOM} media.example\n")))
        file.truncate()
    eventually(lambda: len(announced(room)) == 2, what=lambda: f"another address: {room.log()}")
    assert [second] in announced(room)
    assert json.loads(fetch(network, room.address + "healthz"))["media"]["addresses"] == {"name": 1}
    network.inside("path", "nft", f"add table ip door; add chain ip door forward {{ type filter hook forward priority 0; }};"
                                  f"add rule ip door forward ip daddr {ROOM} meta l4proto udp drop;"
                                  f"add rule ip door forward ip saddr {ROOM} meta l4proto udp drop")
    way = "probe.candidates()"
    eventually(lambda: second in json.dumps(ada.ask(way)), 60, what=lambda: f"the new way: {ada.ask(way)}")
    ada.take_control()
    assert not any("WebSocket" in one for one in ada.dropped())


def test_a_stun_server_says_where_the_port_is_and_a_mapped_port_is_told(stack, network, open_room, desk, folder, far_tab):
    # A router that maps another port outside to the room's, and a STUN server on its other side.
    outside = 31_234
    server = Process(
        [*network.prefix("path"), "turnserver", "-n", "--no-cli", "--log-file", "stdout", "--stun-only",
         f"--listening-ip={FAR}", "--listening-port=3478", "--no-tls", "--no-dtls", f"--pidfile={folder}/stun.pid",
         f"--userdb={folder}/stun.sqlite"],
        folder / "stun.log", environment(folder),
    )
    stack.callback(server.stop)
    eventually(lambda: ":3478" in network.inside("path", "ss", "-lun"), what="the STUN server listens")
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, HTTP_PORT="8443",
                     MEDIA_ADDRESSES=f"stun:{FAR}:3478,{FAR}:{outside}")
    network.inside("path", "nft", "add table ip nat; add chain ip nat before { type nat hook prerouting priority -100; };"
                                  f"add rule ip nat before iifname to-browser udp dport {outside} dnat to {ROOM}:{room.media_port}")
    eventually(lambda: any(f"{ROOM}:{room.media_port}" in one for one in announced(room)), what=room.log)
    assert announced(room)[-1] == [f"{ROOM}:{room.media_port}", f"{FAR}:{outside}"]
    assert json.loads(fetch(network, room.address + "healthz"))["media"]["addresses"] == {"setting": 1, "stun": 1}
    # Without the direct way only the mapped port is left.
    network.inside("path", "nft", "add table ip door; add chain ip door raw { type filter hook prerouting priority -300; };"
                                  f"add rule ip door raw iifname to-browser ip daddr {ROOM} meta l4proto udp drop")
    ada = Visitor(far_tab(network), "Ada").join(room.address)
    assert f"{FAR}" in json.dumps(ada.ask("probe.candidates()")) and str(outside) in json.dumps(ada.ask("probe.candidates()"))
