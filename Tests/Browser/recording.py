"""What a program on the desk records, and what is heard in it."""

import array
import math
import re
import subprocess
from pathlib import Path

from desk import environment
from processes import Process, children
from waiting import eventually

RATE = 8_000


def sound_server(room):
    """Where the room's own PulseAudio listens, as in PULSE_SERVER."""

    def found():
        lines = "\n".join(children(room.pid).values())
        return re.search(r"module-native-protocol-unix auth-anonymous=1 socket=(\S+)", lines)

    path = eventually(found, what="the room has started PulseAudio")[1]
    eventually(Path(path).exists, what="PulseAudio listens")
    return f"unix:{path}"


class Recording:
    """A program that records the microphone of whatever desk it is on, or `device`."""

    def __init__(self, folder, server, name, device=None):
        self.path = Path(folder) / f"{name}.raw"
        self.file = self.path.open("wb")
        command = ["parec", "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1", "--latency-msec=50"]
        if device:
            command.append(f"--device={device}")
        self.process = Process(
            command, Path(folder) / f"{name}.log", environment(folder, PULSE_SERVER=server), stdout=self.file
        )

    def last(self, seconds):
        """The newest samples, -32,768 to 32,767; empty if there are not as many."""
        wanted = int(seconds * RATE) * 2
        data = self.path.read_bytes()
        data = data[: len(data) // 2 * 2][-wanted:]
        return array.array("h", data) if len(data) == wanted else array.array("h")

    def seconds(self):
        return self.path.stat().st_size / 2 / RATE

    def stop(self):
        self.process.stop()
        self.file.close()


def loudest(samples):
    return max((abs(sample) for sample in samples), default=None)


def strongest(samples, step=10):
    """The strongest frequency from 100 to 2,000 Hz, in Hz (Goertzel's algorithm)."""
    if not samples or not loudest(samples):
        return None

    def power(frequency):
        factor = 2 * math.cos(2 * math.pi * frequency / RATE)
        one = two = 0.0
        for sample in samples:
            one, two = sample + factor * one - two, one
        return one * one + two * two - factor * one * two

    return max(range(100, 2_000, step), key=power)


def defaults(server, folder):
    """The default sink and source, as programs on the desk are given them."""
    said = subprocess.run(
        ["pactl", "info"], env=environment(folder, PULSE_SERVER=server, LC_ALL="C"), check=True, capture_output=True, text=True
    ).stdout
    return re.search(r"Default Sink: (\S+)", said)[1], re.search(r"Default Source: (\S+)", said)[1]
