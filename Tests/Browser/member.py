"""A person in the room with a camera, a microphone and something to say, in either browser."""

import json
import math
import random
import struct
import time
import wave
from pathlib import Path

from visitor import Visitor
from waiting import eventually

PEOPLE = (Path(__file__).parent / "people.js").read_text()


class Member(Visitor):
    """A visitor with a camera, a microphone and something to say. `other` below is a Member, too."""

    def __init__(self, tab, name):
        super().__init__(tab, name)
        tab.before_pages(PEOPLE)

    @property
    def id(self):
        return eventually(lambda: self.ask("people.me()"), what=f"{self.name} is somebody")

    def is_ready(self):
        """Whether the chat is open in both directions, too."""
        chats = self.ask("people.chats()")
        return chats == ["open", "open"] and super().is_ready()

    def press_button(self, name):
        self.ask(f"document.getElementById('{name}').click()")

    def turn(self, device, state):
        """Presses the button of "camera" or "microphone" and waits until it is so."""
        self.press_button(f"{device}-button")
        kind = {"camera": "video", "microphone": "audio"}[device]
        eventually(
            lambda: self.state()["media"][kind] == state, what=f"{self.name}'s {device} is {state}"
        )

    def with_devices(self):
        self.turn("camera", "on")
        self.turn("microphone", "on")
        return self

    def picture(self, other):
        """Statistics of the picture of `other`, or of the desk."""
        return self.ask(f"people.picture({other.id if other else 0})")

    def voice(self):
        """Statistics of what is heard when one other person has a microphone."""
        voices = self.ask("people.voices()")
        return voices[0] if len(voices) == 1 else None

    def tile(self, other):
        return self.ask(f"people.tile({other if isinstance(other, int) else other.id})")

    def brightness(self, other):
        return self.ask(f"people.brightness({other.id})")

    def wait_to_see(self, other, frames=20, within=45, spread=40):
        """Waits for pictures of `other`, neither black nor flatter than `spread`; returns the seconds."""
        start = time.monotonic()

        def seen():
            picture = self.picture(other)
            return picture and picture["framesDecoded"] > frames

        def problem():
            return f"{self.name} sees {other.name}: {self.tile(other)} {self.picture(other)}"

        eventually(seen, within, every=0.05, what=problem)
        bright = eventually(lambda: self.brightness(other), what=problem)
        assert bright["mean"] > 20 and bright["spread"] >= spread, (problem(), bright)
        return time.monotonic() - start

    def wait_to_hear(self, other, within=45):
        """Waits until `other`, who has the only other microphone in the room, is to be heard."""
        eventually(
            lambda: (self.voice() or {"totalAudioEnergy": 0})["totalAudioEnergy"] > 0.001, within, every=0.05,
            what=lambda: f"{self.name} hears {other.name}: {self.tile(other)} {self.ask('people.voices()')}",
        )

    def wait_for_tile(self, other, within=45, **wanted):
        """Waits until the tile says so, such as muted="true"."""

        def fits():
            tile = self.tile(other)
            return tile and wanted.items() <= tile.items()

        eventually(
            fits, within,
            what=lambda: f"{self.name}'s tile of {other.name} is {wanted}, not {self.tile(other)}",
        )

    def measured(self, question, seconds):
        """How much each number of an answer grows in a while."""
        before = question()
        time.sleep(seconds)
        after = question()
        return {key: after[key] - before[key] for key in after}

    def write(self, words):
        self.ask(f"document.getElementById('chat-text').value = {json.dumps(words)}")
        self.press_button("chat-send")

    def messages(self):
        return self.ask("people.messages()")

    def wait_for_words(self, words):
        def found():
            return next((one for one in self.messages() if one["words"] == words), None)

        return eventually(found, what=lambda: f"{self.name} reads {words!r} among {self.messages()}")


def speech(path):
    """A made-up voice of four syllables a second: harmonics of 140 Hz under a rising and falling loudness."""
    rate, seconds, noise = 16_000, 2, random.Random(1)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        samples = bytearray()
        for n in range(rate * seconds):
            t = n / rate
            loudness = max(0.0, math.sin(2 * math.pi * 2 * t)) ** 0.5
            pitch = 140 + 15 * math.sin(2 * math.pi * 0.5 * t)
            tone = sum(math.sin(2 * math.pi * pitch * k * t) / k for k in range(1, 9))
            samples += struct.pack("<h", int(loudness * (6000 * tone + noise.gauss(0, 400))))
        file.writeframes(bytes(samples))
    return path
