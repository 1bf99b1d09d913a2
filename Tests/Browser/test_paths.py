"""What real paths do to a real page: loss, delay, a narrow link, another port.

`PATH_SECONDS=60` watches for longer, and holds the room to its limits; in a short run on a busy machine, where a browser
gets no processor for half a second, they are twice as wide.
"""

import os
import time
from contextlib import ExitStack

import pytest

import chromium
from crowd import Crowd, record
from namespaces import FAR, ROOM, Network, missing
from visitor import Visitor
from waiting import eventually

SECONDS = int(os.environ.get("PATH_SECONDS", "15"))
SLACK = 1 if SECONDS >= 60 else 2
# Milliseconds.
ROUND_TRIP = 100

# When each picture of the desk was shown, on the wall clock in ms.
SHOWN = """
(() => {
  window.shown = [];
  const watch = () => {
    const video = document.getElementById("desk");
    if (!video) return setTimeout(watch, 50);
    const note = () => {
      shown.push(performance.timeOrigin + performance.now());
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  };
  watch();
})();
"""


@pytest.fixture
def network(folder):
    problem = missing()
    if problem:
        pytest.skip(problem)
    with ExitStack() as stack:
        network = Network(folder)
        stack.callback(network.stop)
        yield network


@pytest.fixture
def room(network, open_room, desk):
    return open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, MEDIA_ADDRESSES=FAR)


@pytest.fixture
def far_browser(network, folder, chromium_browser):
    """A Chromium at the other end of the path."""
    program = folder / "chromium"
    program.write_text(f"#!/bin/sh\nexec {' '.join(network.prefix('browser'))} {chromium.PROGRAM} \"$@\"\n")
    program.chmod(0o755)
    browser = chromium_browser.browser_type.launch(executable_path=str(program), args=chromium.ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def ada(far_browser, room):
    """Somebody who is to join from there."""
    tab = chromium.Tab(far_browser, width=1280, height=800)
    tab.before_pages(SHOWN)
    yield Visitor(tab, "Ada")
    tab.close()


def gaps(person, since, until):
    """Milliseconds between one picture and the next, of those shown in this stretch of the wall clock."""
    times = [one for one in person.ask("shown") if since * 1000 - 1000 <= one]
    return [b - a for a, b in zip(times, times[1:], strict=False) if b >= since * 1000 and a <= until * 1000]


def moves(person):
    """Whether about a second of pictures has been shown in the last one."""
    return person.ask("shown.filter((at) => at > performance.timeOrigin + performance.now() - 1000).length") > 15


def test_loss_delay_and_another_port_hardly_stop_the_picture(network, room, desk, ada):
    network.open_line(room.media_port, delay=ROUND_TRIP // 2)
    ada.join(room.address)
    desk.pattern.obey(f"scroll {SECONDS + 60}")
    eventually(lambda: moves(ada), what="the desk moves")
    time.sleep(2)
    start = time.time()
    time.sleep(4)
    calm = max(gaps(ada, start, start + 3))

    network.lose(20)
    time.sleep(1)
    over = network.lose(0)
    time.sleep(2)
    first = min(one for one in ada.ask("shown") if one > over * 1000) - over * 1000
    burst = max(gaps(ada, over, over + 2))
    eventually(lambda: moves(ada), what="the desk moves again")

    start = network.lose(5)
    time.sleep(SECONDS)
    over = network.lose(0)
    steady = max(gaps(ada, start, over))

    eventually(lambda: moves(ada), what="the desk moves as before")
    time.sleep(1)
    network.rebind()
    start = time.time()
    time.sleep(3)
    rebound = max(gaps(ada, start, start + 2), default=9999)
    print(
        f"nothing lost: longest gap {calm:.0f} ms; after 1 s of 20 % loss: first picture after {first:.0f} ms, longest gap {burst:.0f} ms; "
        f"5 % loss and 100 ms round trip, {SECONDS} s: longest gap {steady:.0f} ms; "
        f"another port: longest gap {rebound:.0f} ms"
    )
    assert ada.dropped() == []
    # What the machine does to the picture by itself, and so many round trips of this path.
    assert first <= calm + 4 * SLACK * ROUND_TRIP and burst <= calm + 4 * SLACK * ROUND_TRIP
    assert steady <= calm + 2.5 * SLACK * ROUND_TRIP
    # Four ways: a packet, the room's check, its answer, and the picture. The browser checks after 2.5 s.
    assert rebound <= calm + 3.5 * SLACK * ROUND_TRIP


def test_a_room_with_two_addresses_answers_from_the_one_that_was_asked(network, open_room, desk, far_browser):
    # In the same network as the first, from which the system would answer.
    second = "10.77.1.9"
    network.inside("room", "ip", "address", "add", second + "/24", "dev", "to-path")
    room = open_room(desk, prefix=network.prefix("room"), HTTP_HOST=ROOM, MEDIA_ADDRESSES=second)
    tab = chromium.Tab(far_browser, width=1280, height=800)
    tab.before_pages(SHOWN)
    ada = Visitor(tab, "Ada")
    ada.join(room.address)
    desk.pattern.obey("scroll 20")
    eventually(lambda: moves(ada), what="the desk moves")
    tab.close()


def test_a_narrow_link_is_used_and_not_overfilled(network, room, desk, ada, folder):
    network.open_line(room.media_port, delay=10)
    # Cameras begin anew when they are asked to, and not all of them every few seconds.
    media = record(folder, seconds=40, sizes={"q": (180, 130_000), "h": (180, 300_000), "f": (180, 600_000)})
    crowd = Crowd(folder, room.address, "--people", 8, "--media", media, prefix=network.prefix("room"))
    try:
        network.limit(1_000_000)
        ada.join(room.address)
        ada.click_element("grid-button")
        time.sleep(10)
        used = watch(network, SECONDS)
        share = used[-1]["bytes"] * 8 / 1_000_000 / used[-1]["at"]

        network.limit(2_000_000)
        time.sleep(8)
        network.limit(500_000)
        dropped = watch(network, 12)
        # What the room offered in the half second before each look.
        follows = next((
            now["at"] for before, now in zip(dropped, dropped[5:], strict=False)
            if rate(before, now) <= 1.1 * 500_000
        ), 99)
        # What never leaves within half a second stands; a key frame only passes.
        late = [one["backlog"] * 8 / 500 for one in dropped if one["at"] > 5]
        queue = max(min(late[start:start + 5]) for start in range(len(late) - 4))
        waits = [round(one["backlog"] * 8 / 500) for one in dropped]
        print("queue, ms, each second:", waits[9::10])
        print(
            f"1 Mbit/s: {share:.1%} used; 2 Mbit/s to 500 kbit/s: followed after {follows:.1f} s, "
            f"standing queue after 5 s at most {queue:.0f} ms, "
            f"for a moment {max(late):.0f} ms"
        )
        assert share >= 0.85 / SLACK
        assert follows <= 2 * SLACK
        if SLACK == 1:
            assert queue < 150
    finally:
        crowd.stop()


def watch(network, seconds):
    """What has passed since the beginning, and what waits, ten times a second."""
    start, before, looks = time.monotonic(), network.traffic(), []
    while not looks or looks[-1]["at"] < seconds:
        time.sleep(0.1)
        now = network.traffic()
        looks.append({
            "at": time.monotonic() - start, "bytes": now["bytes"] - before["bytes"],
            "backlog": now["backlog"], "drops": now["drops"] - before["drops"],
        })
    return looks


def rate(before, now):
    """bit/s that came to the limit: passed, waiting or, at 1,200 bytes each, dropped."""
    came = sum((now[key] - before[key]) * size for key, size in (("bytes", 1), ("backlog", 1), ("drops", 1200)))
    return came * 8 / (now["at"] - before["at"])
