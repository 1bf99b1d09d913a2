"""A desk of the tests' own: X server, sound server, and an X client that shows a pattern and notes its input."""

import json
import math
import os
import shutil
import struct
import subprocess
import wave
from pathlib import Path

from processes import Process
from waiting import eventually

CLIENTS = Path(__file__).parent / "clients"
WIDTH, HEIGHT = 1280, 720
# The pattern's quadrants: left to right, top to bottom.
QUADRANTS = [(0xC0, 0x20, 0x20), (0x20, 0xA0, 0x20), (0x20, 0x30, 0xC0), (0xE0, 0xE0, 0xE0)]
CENTRES = [(WIDTH * (1 + 2 * (i % 2)) // 4, HEIGHT * (1 + 2 * (i // 2)) // 4) for i in range(4)]


def environment(folder, **more):
    """What a child gets: nothing of the developer's own desktop, and a home of its own."""
    keep = {key: os.environ[key] for key in ("PATH", "LANG", "LD_LIBRARY_PATH") if key in os.environ}
    return {**keep, "HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), **more}


def compiled_pattern(folder):
    """Builds clients/pattern.c and returns the program's path."""
    program = Path(folder) / "pattern"
    subprocess.run(
        ["cc", "-O2", "-Wall", "-Werror", "-o", program, CLIENTS / "pattern.c", "-lX11"], check=True
    )
    return program


class XServer:
    """Xvfb on the first free display; `restart` brings back the same one."""

    def __init__(self, folder, width=WIDTH, height=HEIGHT):
        self.folder = Path(folder)
        self.screen = f"{width}x{height}x24"
        reading, writing = os.pipe()
        self._start("-displayfd", str(writing), pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as answer:
            self.display = ":" + answer.readline().strip()
        assert self.display != ":", f"Xvfb did not start: {(self.folder / 'xvfb.log').read_text()}"

    def _start(self, *arguments, **options):
        # -noreset: the last client to leave must not reset the server while the room looks elsewhere.
        command = ["Xvfb", *arguments, "-screen", "0", self.screen, "-nolisten", "tcp", "-noreset"]
        self.process = Process(command, self.folder / "xvfb.log", environment(self.folder), **options)

    def restart(self):
        """Starts the server again on its display and returns once a client can connect."""
        self._start(self.display)
        probe = ["xdpyinfo", "-display", self.display]
        eventually(
            lambda: subprocess.run(probe, capture_output=True).returncode == 0,
            every=0.05, what=f"the X server {self.display} is back",
        )

    def stop(self):
        self.process.stop()


def tone(folder, frequency, seconds):
    """Writes a sine of half the full scale and returns the file's path."""
    path = Path(folder) / f"{frequency}.wav"
    step = 2 * math.pi * frequency / 48_000
    samples = (int(16_383 * math.sin(step * n)) for n in range(48_000 * seconds))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


class Sound:
    """A private PulseAudio with the null sink `desk`."""

    def __init__(self, folder):
        self.folder = Path(folder)
        socket = self.folder / "pulse.socket"
        self.server = f"unix:{socket}"
        command = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "--log-target=stderr", "--disable-shm=yes",
            "-L", f"module-native-protocol-unix auth-anonymous=1 socket={socket}",
            "-L", "module-null-sink sink_name=desk rate=48000 channels=2",
        ]
        self.process = Process(command, self.folder / "pulse.log", environment(self.folder))
        self.players = []
        eventually(socket.exists, what="PulseAudio listens")

    def play(self, frequency, seconds=30):
        """Plays a sine of half the full scale into the desk's sink."""
        path = tone(self.folder, frequency, seconds)
        player = Process(
            ["paplay", f"--server={self.server}", "--device=desk", path],
            self.folder / "paplay.log", environment(self.folder),
        )
        self.players.append(player)
        return player

    def stop(self):
        for process in [*self.players, self.process]:
            process.stop()


class Pattern:
    """The X client of clients/pattern.c: four colours, and a record of every event that reached it."""

    def __init__(self, program, display, folder):
        self.record = Path(folder) / "pattern.jsonl"
        self.folder = Path(folder)
        self.program = program
        self.display = display
        self.start()

    def start(self):
        drawn = len(self.events("drawn"))
        self.process = Process(
            [self.program, self.record], self.folder / "pattern.log",
            environment(self.folder, DISPLAY=self.display), stdin=subprocess.PIPE,
        )
        eventually(lambda: len(self.events("drawn")) > drawn, what="the pattern is on the screen")

    def obey(self, command):
        """Sends a command (see pattern.c)."""
        self.process.child.stdin.write(command.encode() + b"\n")
        self.process.child.stdin.flush()

    def events(self, *types):
        """What reached the client so far, of these types."""
        lines = self.record.read_text().splitlines() if self.record.exists() else []
        entries = [json.loads(line) for line in lines if line.endswith("}")]
        return [entry for entry in entries if not types or entry["type"] in types]

    def text(self):
        """What an X text field would have got."""
        return "".join(entry["text"] for entry in self.events("keyDown")).replace("\r", "\n")

    def stop(self):
        if self.process.is_running():
            self.process.kill()


class Desk:
    """X server, sound and pattern together."""

    def __init__(self, folder, program):
        self.folder = Path(folder)
        self.x = XServer(folder)
        self.sound = Sound(folder)
        self.pattern = Pattern(program, self.x.display, folder)
        self.others = []

    def start(self, *command):
        """Starts one more X client."""
        process = Process(
            command, self.folder / "clients.log", environment(self.folder, DISPLAY=self.x.display)
        )
        self.others.append(process)
        return process

    def stop(self):
        for process in self.others:
            if process.is_running():
                process.kill()
        for part in (self.pattern, self.sound, self.x):
            part.stop()


def missing_programs():
    """Names of the programs that a desk needs and this machine lacks."""
    return [name for name in ("cc", "Xvfb", "pulseaudio", "paplay", "xterm", "xdpyinfo") if not shutil.which(name)]
