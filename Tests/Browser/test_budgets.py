"""What the desk may cost, and how long a person may wait, beside a floor of the same run: seconds tell the machine's
speed and not ours. Figures are printed: `pytest -rP` shows them; Benchmarks/ has more of them.
"""

import os
import subprocess
import time

from desk import CENTRES, QUADRANTS, environment
from opening import first_pictures, floor_page
from processes import cpu_seconds
from waiting import eventually


def test_a_still_desk_costs_next_to_nothing_and_sends_nothing(room, desk, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    pid, seconds = room.desk_process(), 10

    def cpu_share(passed):
        before = cpu_seconds(pid), cpu_seconds(room.room_process())
        time.sleep(passed)
        return [(cpu_seconds(one) - used) / passed for one, used in zip((pid, room.pid), before, strict=True)]

    desk.pattern.obey("scroll 5")
    time.sleep(1)
    moving, _ = cpu_share(3)
    time.sleep(4)  # The end of it, and the picture's last refinements.
    before = ada.inbound()
    still, room_share = cpu_share(seconds)
    after = ada.inbound()
    packets, pictures = (after[key] - before[key] for key in ("packetsReceived", "framesDecoded"))
    print(
        f"still: desk {still:.1%}, room {room_share:.1%} of a core, {packets} video packets, {pictures} pictures in "
        f"{seconds} s; moving: desk {moving:.1%}"
    )
    assert (packets, pictures) == (0, 0)
    assert still <= moving / 8


def test_the_first_picture_comes_soon_after_opening_the_page(room, chromium_browser):
    def waits():
        ours, floor = first_pictures(chromium_browser, room.address, 5)
        print("steps, ms:", {key: round(value) for key, value in ours.items()}, "floor, ms:", floor)
        return ours["opened"] / floor["opened"], ours["joined"] / floor["joined"]

    within_budget(waits, lambda ratios: ratios[0] <= OPENED and ratios[1] <= JOINED)


# Times the wait of a browser that sends itself a picture (Benchmarks/opening measures them at leisure): 1.4 … 1.9 and
# 0.9 … 1.2; 2.4 and more from the opening while the page came file by file.
OPENED, JOINED = 2.2, 2


def test_control_events_reach_the_x_client_quickly(room, desk, visitor, chromium_browser):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()

    def delays():
        # A message that a page sends to itself, over a connection like that to the room.
        tab = floor_page(chromium_browser, room.address)
        floor = tab.evaluate("send(200)")
        tab.close()
        sent = len(ada.ask("probe.sent"))
        came = len(desk.pattern.events("buttonDown", "buttonUp"))
        count = 200
        for step in range(count):
            ada.click(100 + step, 100 + step)
        eventually(
            lambda: len(desk.pattern.events("buttonDown", "buttonUp")) == came + 2 * count, what="all clicks arrive"
        )
        left = [one["wall"] for one in ada.ask("probe.sent")[sent:] if one["type"] in (2, 3)]
        there = [one["wall"] / 1e6 for one in desk.pattern.events("buttonDown", "buttonUp")[came:]]
        # From the page's call of `send`, on the same machine's clock: the browser's own part is in it.
        took = sorted(end - start for start, end in zip(left, there, strict=True))
        middle, late = took[len(took) // 2], took[len(took) * 95 // 100]
        print(f"send() to X client, ms: median {middle:.2f}, 95th percentile {late:.2f}, most {took[-1]:.2f}")
        # The room's part, from the packet's arrival to the desk's socket; what follows there is one call of XTEST.
        control = room.health()["control"]
        print(f"packet to desk's socket, us, at most: median {control['delayMedian']}, 95th {control['delay95']}")
        assert control["undelivered"] == 0
        floor = floor[len(floor) // 2], floor[len(floor) * 95 // 100]
        print(f"send() to the same page, ms: median {floor[0]:.2f}, 95th percentile {floor[1]:.2f}")
        return middle / floor[0], late / floor[1], control["delay95"] / 1000 / floor[0]

    # 2.7, 1.8 and 2.9 on a busy machine.
    within_budget(delays, lambda took: took[0] <= 6 and took[1] <= 6 and took[2] <= 8)


def within_budget(measure, suffices, rounds=4):
    """Measures until the figures suffice: whatever else the machine does only ever makes them worse."""
    figures = []
    while not figures or not suffices(figures[-1]):
        assert len(figures) < rounds, f"not within the budget: {figures}"
        figures.append(measure())


def test_scrolling_at_full_size_takes_little_more_than_the_encoder(open_room, folder, pattern_program, visitor):
    # The pattern is told by way of a pipe, because the room starts it.
    pipe = folder / "commands"
    os.mkfifo(pipe)
    app = f"{pattern_program} {folder}/app.jsonl <> {pipe}"
    room = open_room(DESK_WIDTH="1920", DESK_HEIGHT="1080", DESK_APPS=app)
    ada = visitor().join(room.address)
    seconds = 10
    with open(pipe, "w") as commands:
        commands.write(f"scroll {seconds + 5}\n")
    eventually(lambda: ada.inbound()["framesDecoded"] > 30, what="it scrolls")
    pids = [room.room_process(), room.desk_process()]
    before, frames = sum(map(cpu_seconds, pids)), ada.inbound()["framesDecoded"]
    time.sleep(seconds)
    used, pictures = sum(map(cpu_seconds, pids)) - before, ada.inbound()["framesDecoded"] - frames
    floor = encoder_seconds(folder)
    print(
        f"scrolling 1080p: {used / pictures * 1000:.1f} ms of CPU a picture, {pictures / seconds:.1f} pictures/s; "
        f"the encoder alone takes {floor * 1000:.1f} ms"
    )
    # 1.0 on a busy machine: stripes that scroll are easier to encode than the floor's test card.
    assert used / pictures <= 2 * floor


def encoder_seconds(folder, pictures=150):
    """CPU seconds that the desk's encoder takes for one picture of this size that scrolls, without a screen."""
    before = os.times()
    subprocess.run(
        ["gst-launch-1.0", "-q", "videotestsrc", f"num-buffers={pictures}", "horizontal-speed=8", "!",
         "video/x-raw,format=I420,width=1920,height=1080,framerate=30/1", "!", "x264enc", "speed-preset=superfast",
         "tune=zerolatency", "bitrate=5000", "threads=1", "!", "fakesink"],
        check=True, env=environment(folder),
    )
    after = os.times()
    return (after.children_user + after.children_system - before.children_user - before.children_system) / pictures
