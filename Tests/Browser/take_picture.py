"""Takes docs/page.png: a real session of six people at a whiteboard, as one of them sees it."""

import math
import shlex
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

import chromium
from member import Member
from room import ROOT, Room
from waiting import eventually

PEOPLE = ["Ada", "Ben", "Chiara", "Dmitri", "Eleni", "Farid"]
# A painted face for a camera: no person's picture belongs in the repository.
FACE = """
(() => {
  const hue = %d;
  navigator.mediaDevices.getUserMedia = async ({ video }) => {
    if (!video) {
      const context = new AudioContext();
      const output = context.createMediaStreamDestination();
      const voice = new OscillatorNode(context, { frequency: 180, type: "sawtooth" });
      voice.connect(new GainNode(context, { gain: %f })).connect(output);
      voice.start();
      return output.stream;
    }
    const canvas = Object.assign(document.createElement("canvas"), { width: 480, height: 270 });
    const scale = 0.5;
    const paint = canvas.getContext("2d");
    paint.scale(scale, scale);
    let turn = 0;
    setInterval(() => {
      const sway = 10 * Math.sin(turn++ / 9);
      const wall = paint.createLinearGradient(0, 0, 960, 540);
      wall.addColorStop(0, `hsl(${hue} 28%% 78%%)`);
      wall.addColorStop(1, `hsl(${hue} 24%% 58%%)`);
      paint.fillStyle = wall; paint.fillRect(0, 0, 960, 540);
      paint.fillStyle = `hsl(${hue + 150} 35%% 36%%)`;
      paint.beginPath(); paint.ellipse(480 + sway / 2, 560, 230, 190, 0, 0, 7); paint.fill();
      paint.fillStyle = `hsl(${18 + hue %% 14} 42%% ${42 + (hue %% 5) * 8}%%)`;
      paint.beginPath(); paint.ellipse(480 + sway, 250, 105, 130, 0, 0, 7); paint.fill();
      paint.fillStyle = `hsl(${(hue * 3) %% 60} 30%% ${15 + (hue %% 5) * 6}%%)`;
      paint.beginPath(); paint.ellipse(480 + sway, 190, 115, 88, 0, Math.PI, 7); paint.fill();
      paint.fillStyle = "#222";
      for (const side of [-38, 38]) { paint.beginPath(); paint.arc(480 + sway + side, 250, 9, 0, 7); paint.fill(); }
      paint.lineWidth = 7; paint.strokeStyle = "#622";
      paint.beginPath(); paint.arc(480 + sway, 285, 38, 0.4, Math.PI - 0.4); paint.stroke();
    }, 125);
    return canvas.captureStream(8);
  };
})();
"""


def main(target):
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="picture-")))
        manager = f"openbox --config-file {shlex.quote(str(ROOT / 'container/openbox.xml'))}"
        room = Room(folder, DESK_WM=manager, DESK_APPS="xournalpp", DESK_WIDTH="1600", DESK_HEIGHT="900")
        stack.callback(room.stop)
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium.PROGRAM, args=chromium.ARGUMENTS)
        stack.callback(browser.close)
        members = [member(browser, index, name, room) for index, name in enumerate(PEOPLE)]
        ada = members[0]
        for index, one in enumerate(members):
            if index != 3:
                one.turn("camera", "on")
            if index != 4:
                one.turn("microphone", "on")
            if index == 1:
                one.turn("microphone", "muted")
        for index, other in enumerate(members[1:], 1):
            if index != 3:
                ada.wait_to_see(other, within=40, spread=0)
        ada.take_control()
        draw(ada)
        ada.wait_for_tile(members[2], within=20, speaking="true")
        ada.tab.page.wait_for_timeout(1500)
        ada.tab.page.screenshot(path=target)


def member(browser, index, name, room):
    tab = chromium.Tab(browser, width=1280, height=800)
    # Only one speaks: the third.
    tab.before_pages(FACE % (index * 61 % 360, 0.2 if index == 2 else 0.0))
    return Member(tab, name).join(room.address)


def draw(person):
    """A wave and its axis, with the pen."""
    # Until the program is there, there is nothing to draw on.
    eventually(lambda: (person.ask("people.brightness(0)") or {"mean": 0})["mean"] > 100, what="the whiteboard is there")
    person.tab.page.wait_for_timeout(3000)
    stroke(person, [(820 + i * 14, 560) for i in range(41)])
    stroke(person, [(820 + i * 7, round(560 - 130 * math.sin(i / 80 * 4 * math.pi))) for i in range(81)])


def stroke(person, points):
    person.move(*points[0])
    person.tab.down()
    for point in points[1:]:
        person.move(*point)
        person.tab.page.wait_for_timeout(8)
    person.tab.up()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs/page.png")
