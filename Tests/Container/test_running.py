"""A container of the image, as locked as its documentation says."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from container import HARDENED, cpu, memory, podman
from desk import CENTRES, QUADRANTS, tone
from processes import Process
from waiting import eventually

MEGABYTE = 1_000_000


def test_a_person_sees_hears_and_drives_the_desk_of_a_locked_container(start, visitor, folder, pattern_program):
    shared = folder / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    (shared / "pattern").write_bytes(pattern_program.read_bytes())
    (shared / "pattern").chmod(0o755)
    tone(shared, 880, 60)
    # A program of one's own, mounted; it reads commands, of which there are none.
    container = start(
        options=[*HARDENED, "--volume", f"{shared}:/shared"], DESK_WIDTH="1280", DESK_HEIGHT="720", DESK_WM="",
        DESK_APPS="sleep infinity | /shared/pattern /shared/events; exec paplay /shared/880.wav",
    )
    container.wait_for_desk()
    ada = visitor().join(container.links()["clinician"])
    ada.wait_for_colours(QUADRANTS, CENTRES)
    ada.hears(880)
    ada.take_control()
    ada.tab.move(*ada.at(*CENTRES[0]))
    ada.tab.down()
    ada.tab.up()
    ada.type("hello")
    events = shared / "events"
    eventually(
        lambda: len(re.findall(r'"keyDown"', events.read_text())) >= 5, what=lambda: f"the keys arrive: {events.read_text()}",
    )


def test_what_it_costs_while_nobody_is_there(start, figure):
    container = start()
    ready, connected = container.wait_for_desk()
    figure("the room answers after", ready, "s")
    figure("the desk is connected after", connected, "s", goal=0.3, before=0.36)
    # An activity draws its first picture.
    eventually(lambda: "xournalpp" in " ".join(container.processes().values()), what="the activity runs")
    processes = container.processes()
    # It is half of what the X server takes otherwise.
    assert any("-extension GLX" in line for line in processes.values() if "Xvfb" in line)
    cpu(processes, 10)
    used = cpu(processes, 20)
    figure("idle: of a processor", 100 * sum(used.values()), "%", goal=0.2, before=0.2)
    for name, share in sorted(used.items()):
        figure(f"  {name}", 100 * share, "%")
    bytes_of = memory(processes)
    own = sum(value for name, value in bytes_of.items() if name != "activity")
    before = {"X server": 70, "desk process": 69, "room": 38, "window manager": 10, "sound": 4}
    figure("idle: memory of all but the activity", own / MEGABYTE, "MB", goal=110, before=192)
    for name, value in sorted(bytes_of.items()):
        figure(f"  {name}", value / MEGABYTE, "MB", before=before.get(name))
    # Twice what is meant: how much is shared with other processes depends on the machine.
    assert own < 220 * MEGABYTE


def test_nothing_of_a_session_is_left_after_a_restart(start):
    # The root can be written to, as by default: what a session leaves would stay.
    container = start(options=["--cap-drop", "all"], keep=True, DESK_APPS="")
    container.wait_for_desk()

    def left():
        places = "/tmp /tmp/.X11-unix /var/lib/deskroom /var/lib/deskroom/session-*/run"
        listing = f"ls -A {places} | sed 's/deskroom-[A-Za-z0-9]*/deskroom-X/'"
        return container.execute("sh", "-c", listing).stdout.splitlines()

    def home():
        return container.execute("sh", "-c", "ls -A /var/lib/deskroom/session-*/home").stdout

    first = left()
    container.execute("sh", "-c", "cd /var/lib/deskroom/session-*/home && echo private >note")
    for _ in range(2):
        # As a power failure would end it.
        podman("kill", "--signal", "KILL", container.name)
        container.ended()
        container.process = Process(
            ["podman", "--runtime", "crun", "start", "--attach", container.name], container.folder / "container.log", {**os.environ},
        )
        container.wait_for_desk()
        assert left() == first
        assert "note" not in home()


def test_any_user_may_run_it(start):
    container = start(options=[*HARDENED, "--user", "54321:54321"])
    container.wait_for_desk()
    status = Path(f"/proc/{container.pid}/status").read_text()
    assert re.search(r"^Uid:\s+54321\s", status, re.MULTILINE)
    assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)


def test_a_root_that_cannot_be_written_to_is_explained(start):
    locked = [word for word in HARDENED if word != "--tmpfs" and "mode=1777" not in word]
    container = start(options=locked)
    assert container.ended() != 0
    assert "--tmpfs /tmp" in container.log()
    assert "mktemp" not in container.log() and "Read-only file system" not in container.log()


@pytest.mark.parametrize("settings", [
    {}, {"HTTP_HOST": "127.0.0.1"}, {"HTTP_PORT": "9555", "port": 9555},
], ids=["TLS", "plain", "another port"])
def test_the_health_check_of_the_image_knows_whether_the_room_is_ready(settings, start):
    container = start(**settings)
    container.wait_for_desk()
    command = ["/usr/lib/deskroom/entrypoint", "health"]
    assert container.execute(*command).returncode == 0
    elsewhere = podman("exec", "--env", "DESKROOM_HTTP_PORT=9", container.name, *command, check=False)
    assert elsewhere.returncode != 0


def test_the_menu_has_what_is_installed_and_nothing_else(start):
    container = start(DESK_APPS="")
    container.wait_for_desk()
    menu = container.execute("/usr/share/deskroom/desk-menu").stdout
    commands = re.findall(r"<command>(?:xterm -e )?(\S+?)(?: .*)?</command>", menu)
    assert {"xournalpp", "xterm"} <= set(commands)
    for command in commands:
        assert container.execute("sh", "-c", f"command -v {command}", check=False).returncode == 0, command


def test_the_whiteboards_first_screen_has_its_icons(start, folder):
    """What cannot be drawn is said by GTK, and drawn as an image that is missing."""
    container = start()
    container.wait_for_desk()
    done = container.execute(
        "sh", "-c", "for icon in /usr/share/xournalpp/ui/icons*/*/*/*/*.svg; do echo \"$icon\"; done | head -n 1",
    )
    assert ".svg" in done.stdout
    loaders = container.execute("sh", "-c", "cat /usr/lib/*/gdk-pixbuf-2.0/*/loaders.cache").stdout
    assert "image/svg+xml" in loaders
    assert "Could not load" not in container.log()


def test_nothing_runs_on_when_it_is_stopped(start):
    container = start()
    container.wait_for_desk()
    processes = container.processes()
    podman("stop", "--time", "20", container.name)
    assert container.ended() == 0
    running = subprocess.run(["ps", "-o", "pid=", "-p", ",".join(map(str, processes))], capture_output=True, text=True).stdout
    assert not running.split()


def test_the_room_is_the_first_process_and_leaves_no_orphan_behind(start):
    container = start(DESK_APPS="")
    container.wait_for_desk()
    first = container.pid
    assert re.match(r"(\S*/)?deskroom serve\b", container.processes()[first])

    def orphans():
        """States of the sleepers that are the first process's."""
        listed = subprocess.run(["ps", "-o", "stat=,comm=", "--ppid", str(first)], capture_output=True, text=True).stdout
        return [line.split()[0] for line in listed.splitlines() if line.split()[1].startswith("sleep")]

    # Whose parents have ended: nobody else waits for them.
    container.execute("sh", "-c", "for i in 1 2 3; do (setsid sleep 3 &); done >/dev/null 2>&1 </dev/null")
    eventually(lambda: len(orphans()) == 3, every=0.05, what="they are the first process's")
    eventually(lambda: not orphans(), what=lambda: f"it takes note of their end: {orphans()}")
    # And it asks for the signals that end it.
    container.execute("sh", "-c", "kill -TERM 1")
    assert container.ended() == 0
