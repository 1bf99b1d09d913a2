"""The desk's programs hear those who are chosen, and nobody else."""

import math
import struct
import wave
from contextlib import ExitStack
from pathlib import Path

import pytest

import chromium
from member import Member
from recording import Recording, defaults, loudest, sound_server, strongest
from waiting import eventually

PITCH = 700


@pytest.fixture
def browser_with_pitch(chromium_browser, folder):
    """Its microphone hears somebody who sings one note, four times a second: a steady one would be taken for noise."""
    path = folder / "pitch.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(b"".join(
            struct.pack("<h", int(20_000 * max(0, math.sin(4 * math.pi * n / 48_000)) ** 0.5
                                  * math.sin(2 * math.pi * PITCH * n / 48_000)))
            for n in range(96_000)
        ))
    browser = chromium_browser.browser_type.launch(
        executable_path=chromium.PROGRAM,
        args=[*chromium.ARGUMENTS, "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={path}"],
    )
    yield browser
    browser.close()


def hears(recording):
    """Whether a program has heard the note of late, and loud enough to be understood."""
    samples = recording.last(1)
    return len(samples) > 0 and loudest(samples) > 1_000 and abs(strongest(samples) - PITCH) <= 10


def is_silent(recording):
    samples = recording.last(0.5)
    return len(samples) > 0 and loudest(samples) == 0


def stays_silent(recording):
    """Half a second of silence that began after this was asked."""
    until = recording.seconds() + 0.6
    eventually(lambda: recording.seconds() >= until, what="the recording goes on")
    return is_silent(recording)


def threads(pid):
    return [path.read_text().strip() for path in Path(f"/proc/{pid}/task").glob("*/comm")]


def choose(ada, other):
    """Presses the switch for somebody in the panel, which is open."""
    box = f"document.querySelector('#ears-list input[value=\"{other.id}\"]')"
    eventually(lambda: ada.ask(f"!!{box} && !{box}.disabled"), what=f"{other.name} can be chosen")
    ada.ask(f"{box}.click()")


def chosen(ada):
    return ada.ask("[...document.querySelectorAll('#ears-list input:checked')].map(({ value }) => Number(value))")


def line(person):
    return person.ask("document.getElementById('heard-line').checkVisibility() && document.getElementById('heard-line').textContent")


def test_programs_on_the_desk_hear_whoever_is_chosen(open_room, browser_with_pitch, folder):
    room = open_room()
    server = sound_server(room)
    with ExitStack() as stack:
        def enter(name):
            person = Member(chromium.Tab(browser_with_pitch), name)
            stack.callback(person.close)
            return person.join(room.address)

        def record(name, device=None):
            recording = Recording(folder, server, name, device)
            stack.callback(recording.stop)
            return recording

        ada, ben = enter("Ada"), enter("Ben")
        # What programs get that ask for nothing in particular.
        assert defaults(server, folder) == ("desk", "microphone")
        program, desk = record("program"), record("desk", "desk.monitor")
        ben.turn("microphone", "on")
        eventually(lambda: is_silent(program), what="a program records silence while nobody is chosen")
        assert "people-sound" not in threads(room.desk_process())
        assert line(ben) is False

        # Chosen: heard, and told so.
        ada.press_button("desk-button")
        eventually(lambda: ada.ask("document.getElementById('desk-ears').checkVisibility()"), what="the panel is open")
        choose(ada, ben)
        eventually(lambda: line(ben), what="Ben's page says that he is heard")
        assert "The desk’s programs hear you" in line(ben) and line(ada) is False
        eventually(lambda: hears(program), what=lambda: f"a program hears {PITCH} Hz, not {strongest(program.last(1))}")
        assert "people-sound" in threads(room.desk_process())
        # The desk does not send people their own voices back.
        assert loudest(desk.last(1)) == 0

        # Muted: over, also once the microphone is on again.
        ben.turn("microphone", "muted")
        eventually(lambda: line(ben) is False, what="the line is gone")
        eventually(lambda: is_silent(program), what="a muted microphone is not heard")
        eventually(lambda: "people-sound" not in threads(room.desk_process()), what="nothing plays any more")
        ben.turn("microphone", "on")
        assert stays_silent(program) and line(ben) is False and chosen(ada) == []

        # Chosen again, and not any more.
        choose(ada, ben)
        eventually(lambda: hears(program), what="heard again")
        ada.press_button("ears-none")
        eventually(lambda: is_silent(program) and line(ben) is False, what="whoever is not chosen is not heard")

        # The desk process comes back after a crash, and hears who was chosen.
        choose(ada, ben)
        eventually(lambda: hears(program), what="heard once more")
        before = room.desk_process()
        room.kill(before)
        eventually(lambda: room.child(" desk --link ") not in (None, before), what="another desk process")
        eventually(lambda: "people-sound" in threads(room.desk_process()), what="another player")
        eventually(lambda: hears(program), what="heard after the crash")

        # Whoever may not speak any more is not heard.
        said = f"{{ type: 'setRights', person: {ben.id}, rights: {{ speak: false }} }}"
        ada.ask(f"probe.sockets.findLast(({{ closed }}) => !closed).socket.send(JSON.stringify({said}))")
        eventually(lambda: is_silent(program) and line(ben) is False, what="who may not speak is not heard")
        assert loudest(desk.last(5)) == 0
        assert ada.problems() == ben.problems() == []
