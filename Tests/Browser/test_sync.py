"""Whether the desk's sound is in step with its picture, in Chromium: a measurement for a quiet machine.

SYNC_MINUTES=1 (or 60) runs it. How late sound is depends on how evenly a machine lets PulseAudio and the browser run: with both
processors busy the browser keeps 100 to 300 ms of it in store, so that this is no claim for every run.
"""

import os
import statistics
import subprocess
import time
from pathlib import Path

import pytest

from desk import CLIENTS, environment
from waiting import eventually

CLAPS = (Path(__file__).parent / "claps.js").read_text()
# What people do not notice (ITU-R BT.1359, EBU R37): milliseconds that sound may come before and after its picture.
EARLY, LATE = -45, 60
# Of each way of clapping; the first of them goes on for minutes before.
CLAPS_WANTED = 8
MINUTES = int(os.environ.get("SYNC_MINUTES", "0"))


@pytest.fixture(scope="session")
def clap_program(tmp_path_factory):
    program = tmp_path_factory.mktemp("clap") / "clap"
    subprocess.run(
        ["cc", "-O2", "-Wall", "-Werror", "-o", program, CLIENTS / "clap.c", "-lX11", "-lpulse-simple", "-lpulse", "-lpthread", "-lm"],
        check=True,
    )
    return program


@pytest.fixture(autouse=True)
def asked_for():
    if MINUTES == 0:
        pytest.skip("a measurement: SYNC_MINUTES")


def start(desk, program, between):
    return desk.start(program, desk.sound.server, "desk", between)


def test_a_clap_is_heard_when_it_is_seen(open_room, desk, visitor, clap_program):
    room = open_room(desk)
    ada = visitor()
    ada.tab.before_pages(CLAPS)
    ada.join(room.address)
    for between in ("hum", "silent"):
        clap = start(desk, clap_program, between)
        if between == "hum":
            eventually(lambda: ada.ask("document.getElementById('sound').srcObject !== null"), what="there is a sound track")
            assert ada.ask("claps.start()")
            follow(ada)
        before = len(ada.ask("claps.late()"))
        wanted = before + 3 + CLAPS_WANTED
        eventually(lambda: len(ada.ask("claps.late()")) >= wanted, within=90, what=lambda: f"claps: {ada.ask('claps')}")
        # While buffers settle the first few may be anything.
        late = ada.ask("claps.late()")[before + 3:]
        print(f"{between}: sound {sorted(round(one) for one in late)} ms after the picture")
        assert EARLY <= statistics.median(late) <= LATE, (between, late)
        clap.kill()
    assert ada.problems() == []


def follow(ada):
    """For as long as is asked for: at the end of each minute its median is within bounds."""
    medians = []
    for _ in range(MINUTES):
        before = len(ada.ask("claps.late()"))
        time.sleep(60)
        late = ada.ask("claps.late()")[before:]
        assert len(late) > 40, f"only {len(late)} claps in a minute"
        medians.append(statistics.median(late))
        print(f"minute {len(medians)}: {medians[-1]:.0f} ms, from {min(late):.0f} to {max(late):.0f}", flush=True)
        if len(medians) > 1:
            assert EARLY <= medians[-1] <= LATE, medians
    if MINUTES > 10:
        drift = statistics.linear_regression(range(MINUTES), medians).slope * 60
        print(f"drift: {drift:.1f} ms an hour")
