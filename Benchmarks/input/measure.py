"""Prints how long a key takes to the picture of a screen that it makes change its colour (Tests/Browser/clients/flip.c): until the
picture has arrived in Chromium, and until its requestVideoFrameCallback; and what the page itself makes of it, part by part."""

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "Tests/Browser"))

from playwright.sync_api import sync_playwright  # noqa: E402

import chromium  # noqa: E402
import room as rooms  # noqa: E402
from desk import Desk, compiled_pattern  # noqa: E402
from inputdelay import OUTSIDE, compiled_flip, percentile, press  # noqa: E402
from visitor import Visitor  # noqa: E402

PARTS = ["network", "inject", "application", "capture", "encode", "decode"]


def measure(binary, keys, frames):
    """`[{arrived, painted}]`, and the page's own figures, if it has any."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        rooms.BINARY = binary
        desk = Desk(folder, compiled_pattern(folder))
        stack.callback(desk.stop)
        room = rooms.Room(folder, desk, DESK_FPS=str(frames))
        stack.callback(room.stop)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.ARGUMENTS)
        stack.callback(browser.close)
        ada = Visitor(chromium.Tab(browser, width=1280, height=800))
        ada.tab.before_pages(OUTSIDE)
        ada.join(room.address)
        ada.take_control()
        desk.start(compiled_flip(folder))
        ada.wait_for_colours([(0, 0, 0)], [(100, 100)])
        samples = press(ada, keys)
        return samples, ada.state().get("input")


def line(samples, key):
    values = [one[key] for one in samples]
    return percentile(values, 0.5), percentile(values, 0.95)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, help="the deskroom of an older tree, with which this one takes turns")
    parser.add_argument("--keys", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--frames", type=int, default=30, help="a second")
    given = parser.parse_args()
    programs = {"now": rooms.BINARY} | ({"before": given.before.resolve()} if given.before else {})
    found = {name: [] for name in programs}
    own = []
    for _ in range(given.rounds):
        for name, binary in programs.items():
            samples, figures = measure(binary, given.keys, given.frames)
            found[name] += samples
            if name == "now" and figures:
                own.append((figures, line(samples, "painted")))
    for key, words in (("arrived", "until the picture has arrived"), ("painted", "until it is painted")):
        for name in programs:
            median, p95 = line(found[name], key)
            print(f"{name:7} {words}: {median:.1f} ms (p50), {p95:.1f} ms (p95), of {len(found[name])} keys")
        if given.before:
            ratios = [ours / theirs for ours, theirs in zip(line(found["now"], key), line(found["before"], key), strict=True)]
            print(f"ratio   {words}: {ratios[0]:.2f} (p50), {ratios[1]:.2f} (p95)")
    for figures, (median, p95) in own:
        total = figures["total"]
        parts = ", ".join(f"{part} {figures[part]['median']:.1f} ({figures[part]['p95']:.1f})" for part in PARTS)
        print(f"the page's own figure: {total['median']:.1f} ({total['p95']:.1f}) ms beside {median:.1f} ({p95:.1f}) from outside; {parts}")


if __name__ == "__main__":
    main()
