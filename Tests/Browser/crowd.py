"""Native participants (Tests/crowd) in a room, and what they send."""

import json
import os
import subprocess
from pathlib import Path

from desk import environment
from processes import Process

ROOT = Path(__file__).parent.parent.parent
BINARY = Path(os.environ.get("DESKROOM_CROWD", ROOT / ".build/release/crowd"))
# Of the page's three encodings: height and bit/s.
SIZES = {"q": (180, 130_000), "h": (360, 450_000), "f": (720, 1_200_000)}


def record(folder, seconds=4, sizes=SIZES, rate=30):
    """Encodes moving rings in three sizes and a voice, as RTP packets behind their lengths; returns the folder."""
    folder = Path(folder)
    for rid, (height, bitrate) in sizes.items():
        width = height * 16 // 9
        _record(
            folder / f"{rid}.rtp",
            f"videotestsrc pattern=zone-plate kx2=20 ky2=20 kt=2 num-buffers={seconds * rate}",
            f"video/x-raw,width={width},height={height},framerate={rate}/1",
            f"vp8enc deadline=1 cpu-used=8 end-usage=cbr target-bitrate={bitrate} keyframe-max-dist=99999",
            "rtpvp8pay mtu=1150",
        )
    _record(
        folder / "voice.rtp",
        f"audiotestsrc wave=ticks num-buffers=200 samplesperbuffer=960",
        "audio/x-raw,rate=48000,channels=2",
        "opusenc bitrate=32000", "rtpopuspay",
    )
    return folder


def _record(path, *elements):
    pipeline = " ! ".join([*elements, "rtpstreampay", f"filesink location={path}"])
    subprocess.run(["gst-launch-1.0", "-q", *pipeline.split()], check=True)


class Crowd:
    """`crowd`, once everybody is in."""

    def __init__(self, folder, address, *options, prefix=(), within=60):
        self.log = Path(folder) / "crowd.log"
        self.process = Process(
            [*prefix, BINARY, "--json", *options, address], self.log, environment(folder),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        self.pid = self.process.pid
        line = self._read()
        assert line.endswith("people are in\n"), f"{line} {self.log.read_text()}"

    def _read(self):
        return self.process.child.stdout.readline()

    def _say(self, words):
        self.process.child.stdin.write(words + "\n")
        self.process.child.stdin.flush()

    def measure(self):
        """Begins a measurement."""
        self._say("measure")

    def report(self):
        """What came and went since it began."""
        self._say("report")
        return json.loads(self._read())

    def stop(self):
        """Everybody leaves."""
        if self.process.is_running():
            self.process.child.stdin.close()
            self.process.child.wait(10)
        self.process.stop()


class Visits:
    """`crowd`, as people who come and go: `count` of them within `seconds`."""

    def __init__(self, folder, address, count, seconds, *options):
        self.process = Process(
            [BINARY, "--json", "--visits", count, "--seconds", seconds, "--stay", 3, *options, address],
            Path(folder) / "visits.log", environment(folder), stdout=subprocess.PIPE, text=True,
        )

    def report(self):
        """Waits until the last one has left."""
        try:
            return json.loads(self.process.child.stdout.readline())
        finally:
            self.process.stop()


def loss(report):
    """The share of packets that did not come by themselves."""
    traffic = report["traffic"]
    return traffic["lost"] / max(1, traffic["packets"] + traffic["lost"])
