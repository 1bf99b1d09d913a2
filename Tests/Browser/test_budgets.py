"""What the desk may cost, and how long a person may wait. Figures are printed: `pytest -rP` shows them."""

import os
import statistics
import time

from desk import CENTRES, QUADRANTS
from processes import cpu_seconds
from waiting import eventually


def test_a_still_desk_costs_next_to_nothing_and_sends_nothing(room, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    time.sleep(3)  # The picture's last refinements.
    pid, seconds = room.desk_process(), 10
    before, desk_cpu, room_cpu = ada.inbound(), cpu_seconds(pid), cpu_seconds(room.pid)
    time.sleep(seconds)
    desk_share = (cpu_seconds(pid) - desk_cpu) / seconds
    room_share = (cpu_seconds(room.pid) - room_cpu) / seconds
    after = ada.inbound()
    packets, pictures = (after[key] - before[key] for key in ("packetsReceived", "framesDecoded"))
    print(
        f"still: desk {desk_share:.1%}, room {room_share:.1%} of a core, "
        f"{packets} video packets, {pictures} pictures in {seconds} s"
    )
    assert (packets, pictures) == (0, 0)
    assert desk_share <= 0.03


def test_the_first_picture_is_there_within_a_second_of_opening_the_page(room, visitor):
    visitor("warm-up").join(room.address).close()

    def first_pictures():
        times, joins = [], []
        for name in ("Ada", "Ben", "Cleo", "Dora", "Emil"):
            person = visitor(name)
            person.tab.before_pages(JOIN_AT_ONCE)
            person.tab.goto(room.address)
            person.wait_for_picture()
            times.append(eventually(lambda: person.ask("probe.firstFrame"), what="the first picture"))
            marks = person.state()["marks"]
            joins.append(times[-1] - marks["joinAsked"])
            print(name, marks)
            person.close()
        print("page opened to first decoded picture, ms:", [round(one) for one in times])
        print("join to first decoded picture, ms:", [round(one) for one in joins])
        return statistics.median(times), statistics.median(joins)

    within_budget(first_pictures, lambda medians: medians[0] <= 1000 and medians[1] <= 400)


# A person who needs no time to type: as soon as the form is there, it is filled in and sent.
JOIN_AT_ONCE = """
  const fill = () => {
    const form = document.getElementById("welcome-form");
    if (!form || document.getElementById("welcome").hidden) return setTimeout(fill, 1);
    document.getElementById("name").value = "Somebody";
    form.requestSubmit();
  };
  fill();
"""


def test_control_events_reach_the_x_client_quickly(room, desk, visitor):
    ada = visitor().join(room.address)
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.take_control()

    def delays():
        sent = len(ada.ask("probe.sent"))
        came = len(desk.pattern.events("buttonDown", "buttonUp"))
        count = 200
        for step in range(count):
            ada.click(100 + step, 100 + step)
        eventually(
            lambda: len(desk.pattern.events("buttonDown", "buttonUp")) == came + 2 * count, 20, what="all clicks arrive"
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
        return middle, late, control["delay95"]

    # Milliseconds, milliseconds, microseconds.
    within_budget(delays, lambda took: took[0] <= 5 and took[1] <= 15 and took[2] <= 5_000)


def within_budget(measure, suffices, rounds=3):
    """Measures until the figures suffice: whatever else the machine does only ever makes them worse."""
    figures = []
    while not figures or not suffices(figures[-1]):
        assert len(figures) < rounds, f"not within the budget: {figures}"
        figures.append(measure())


def test_scrolling_at_full_size_takes_less_than_a_core(open_room, folder, pattern_program, visitor):
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
    pids = [room.pid, room.desk_process()]
    before, frames, start = sum(map(cpu_seconds, pids)), ada.inbound()["framesDecoded"], time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - start
    share = (sum(map(cpu_seconds, pids)) - before) / passed
    rate = (ada.inbound()["framesDecoded"] - frames) / passed
    print(f"scrolling 1080p: room and desk {share:.0%} of a core, {rate:.1f} pictures/s decoded")
    assert share < 1
    assert rate > 10
