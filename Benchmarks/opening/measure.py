"""Prints what a page waits for between its opening and the first picture, beside the floor of the same browser."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "Tests/Browser"))

from playwright.sync_api import sync_playwright  # noqa: E402

import chromium  # noqa: E402
from desk import Desk, compiled_pattern  # noqa: E402
from opening import first_pictures  # noqa: E402
from room import Room  # noqa: E402

STEPS = ["joinAsked", "welcome", "subscribeConnected", "publishConnected", "opened"]


def main(people=15, latency=0):
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        desk = Desk(folder, compiled_pattern(folder))
        stack.callback(desk.stop)
        room = Room(folder, desk)
        stack.callback(room.stop)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.ARGUMENTS)
        stack.callback(browser.close)
        ours, floor = first_pictures(browser, room.address, people, latency)
    print(f"medians of {people} people, HTTP latency {latency} ms")
    print("ms after opening: " + ", ".join(f"{step} {ours[step]:.0f}" for step in STEPS if step in ours))
    for words, key in (("opening to first picture", "opened"), ("joining to first picture", "joined")):
        print(f"{words}: {ours[key]:.0f} ms, floor {floor[key]:.0f} ms, ratio {ours[key] / floor[key]:.2f}")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:]))
