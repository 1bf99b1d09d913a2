"""Whoever may arrange the desk starts and stops what is on the shelf, and resets the desk: nothing of before is left."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

import links
from copying import TYPES
from desk import CLIENTS, environment
from processes import children
from test_life import reasons
from test_waiting import shown
from waiting import eventually

# Past the page, as somebody with a changed one could.
SOCKETS = """(() => {
    const Native = window.WebSocket;
    window.sockets = [];
    window.WebSocket = class extends Native {
        constructor(...given) { super(...given); window.sockets.push(this); }
    };
})()"""
# Whether the desk's picture was ever hidden.
HIDDEN = """(() => {
    const room = document.getElementById('room');
    window.wasHidden = false;
    new MutationObserver(() => { if (room.dataset.picture === 'none') window.wasHidden = true; })
        .observe(room, { attributeFilter: ['data-picture'] });
})()"""


def write_shelf(folder, **files):
    shelf = folder / "shelf"
    shelf.mkdir()
    for name, lines in files.items():
        (shelf / f"{name}.desktop").write_text("\n".join(["[Desktop Entry]", "Type=Application", *lines]) + "\n")
    return shelf


def display(room):
    """The variables by which a program reaches the desk."""
    line = eventually(lambda: next((one for one in children(room.pid).values() if "Xvfb" in one), None), what="X runs")
    words = line.split()
    return {"DISPLAY": words[1], "XAUTHORITY": words[words.index("-auth") + 1]}


def windows(room):
    done = subprocess.run(
        ["xwininfo", "-root", "-tree"], env=environment(room.folder, **display(room)), capture_output=True, text=True
    )
    return re.findall(r'"([^"]*)"', done.stdout)


def words(person, name):
    """What the list says of an activity, by its name."""
    return person.ask(
        f"""[...document.querySelectorAll('.activity')].find((one) => one.querySelector('.name').textContent === {json.dumps(name)})
            ?.querySelector('.words').textContent"""
    )


def press(person, name):
    person.ask(
        f"""[...document.querySelectorAll('.activity')].find((one) => one.querySelector('.name').textContent === {json.dumps(name)})
            .querySelector('button').click()"""
    )


def wait_for(person, name, state):
    eventually(lambda: words(person, name) == state, what=lambda: f"{name} is {state!r}, not {words(person, name)!r}; {text(person, 'notice')!r}")


def text(person, name):
    return person.ask(f"document.getElementById('{name}').textContent")


def test_activities_are_started_and_the_desk_is_reset(open_room, folder, visitor, pattern_program):
    clipboard = folder / "clipboard"
    subprocess.run(["cc", "-O2", "-o", clipboard, CLIENTS / "clipboard.c", "-lX11"], check=True)
    (folder / "copied").write_text("private")
    shelf = write_shelf(
        folder,
        a=["Name=Message", "Name[es]=Mensaje", "Exec=xmessage -title on-the-shelf Hello"],
        b=["Name=Broken", 'Exec=sh -c "echo first; echo it broke down >&2; exit 3"'],
        c=["Name=Launcher", 'Exec=sh -c "setsid -f env -i /usr/bin/sleep 4242 & exit 0"'],
        d=["Name=Copier", f"Exec={clipboard} copy {TYPES['text']}={folder}/copied"],
        e=["Name=Wrong", "Exec=rm -rf ~; true"],
    )
    outside = folder / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    audit = folder / "audit.jsonl"
    room = open_room(
        DESK_SHELF=str(shelf), DESK_HOME=str(folder / "own"), AUDIT_FILE=str(audit), DESK_WM="openbox",
        DESK_APPS=f"{pattern_program} {folder}/app.jsonl", **links.SETTINGS,
    )
    assert "“~” outside quotation marks" in room.log(), "what is left out is told"
    ada, ben = visitor("Ada"), visitor("Ben")
    for one in (ada, ben):
        one.tab.before_pages(SOCKETS)
    ada.join(links.link(room, "clinician-Ada", "clinician"))
    ben.join(links.link(room, "client-Ben", "client"))

    # Whoever has no right sees nothing of it, and is refused in words.
    assert not ben.ask("document.getElementById('desk-button').checkVisibility()")
    ben.ask("window.sockets.at(-1).send(JSON.stringify({ type: 'startActivity', id: 0 }))")
    eventually(lambda: "may not" in text(ben, "notice"), what=lambda: f"Ben is told: {text(ben, 'notice')!r}")

    # Started.
    ada.click_element("desk-button")
    shown(ada, "activities-title")
    assert ada.ask("[...document.querySelectorAll('.activity .name')].map((one) => one.textContent)") == [
        "Message", "Broken", "Launcher", "Copier",
    ]
    assert words(ada, "Message") == "Not running"
    assert "on-the-shelf" not in windows(room), "nobody has started it for Ben"
    start = time.monotonic()
    ada.click_element("activity-0")
    eventually(lambda: "on-the-shelf" in windows(room), what=lambda: f"its window is there: {windows(room)}")
    print(f"it had a window {time.monotonic() - start:.2f} s after the button was pressed")
    wait_for(ada, "Message", "Running")
    eventually(lambda: "Message is running" in text(ada, "announcement"), what="whoever cannot see it hears of it")
    assert ada.ask("document.activeElement.id") == "activity-0", "the focus stays"
    assert ada.ask("document.activeElement.getAttribute('aria-label')") == "Stop Message"
    assert ben.ask("document.querySelectorAll('.activity').length") == 0
    own = folder / "own" / "home"
    pid = next(pid for pid, line in children(room.pid).items() if "xmessage" in line)
    assert os.readlink(f"/proc/{pid}/cwd") == str(own), "it has a home of its own"

    # A crash is told, and what was printed is in the log and not on the desk.
    press(ada, "Broken")
    wait_for(ada, "Broken", "Ended with an error (status 3)")
    eventually(lambda: "Broken has ended with an error" in text(ada, "notice"), what="it is told")
    line = next(line for line in room.log().splitlines() if "An activity has failed" in line)
    assert "first | it broke down" in line and "program=sh" in line

    # Stopped.
    ada.click_element("activity-0")
    wait_for(ada, "Message", "Not running")
    assert "on-the-shelf" not in windows(room)

    # What has only started something has ended; the room's own end changes nothing of what runs.
    press(ada, "Launcher")
    eventually(lambda: room.child("sleep 4242"), what="the other one is there")
    wait_for(ada, "Launcher", "Not running")
    for name in ("Message", "Copier"):
        # Nobody starts many at once.
        eventually(lambda: words(ada, name) == "Running" or press(ada, name), every=1.5, what=lambda: f"{name} runs: {text(ada, 'notice')!r}")
    os.kill(room.room_process(), 9)
    eventually(lambda: ada.state()["problem"] != "connected", what="the page says so")
    for one in (ada, ben):
        eventually(lambda: one.state()["problem"] == "connected" and one.is_ready(), what="they are back")
    for name, state in [("Message", "Running"), ("Copier", "Running"), ("Broken", "Ended with an error (status 3)")]:
        wait_for(ada, name, state)

    # Reset: asked before, in words.
    x = room.child("Xvfb")
    (own / "deep").mkdir()
    (own / "deep" / "link").symlink_to(outside)
    (own / "link").symlink_to(outside / "kept")
    (own / "note").write_text("private")
    (folder / "own" / "tmp" / "note").write_text("private")
    ben.take_control()
    for one in (ada, ben):
        one.ask(HIDDEN)
    for name in ("desk-button", "reset-button"):
        if not ada.ask(f"document.getElementById('{name}').checkVisibility() && '{name}' === 'desk-button' && !document.getElementById('desk-panel').hidden"):
            ada.click_element(name)
    assert "deleted for good" in shown(ada, "reset-files")
    assert ada.ask("document.activeElement.id") == "reset-no"
    assert "private" in {file.read_text() for file in own.glob("note")}, "nothing has happened yet"
    start = time.monotonic()
    ada.click_element("reset-yes")
    eventually(lambda: "The desk is new" in text(ada, "notice"), what=lambda: f"she is told: {text(ada, 'notice')!r}\n{room.log()}")
    print(f"the desk was reset {time.monotonic() - start:.2f} s after the button was pressed")
    assert not [line for line in children(room.pid).values() if "sleep 4242" in line or "xmessage" in line or line.startswith(str(clipboard))]
    assert room.child("Xvfb") != x
    # What has begun anew may have written there already.
    assert not {"deep", "link", "note"} & {one.name for place in (own, folder / "own" / "tmp") for one in place.iterdir()}
    assert (outside / "kept").read_text() == "kept"
    eventually(lambda: not ben.holds_control(), what="nobody types into what comes next")
    for one in (ada, ben):
        eventually(lambda: one.state()["problem"] == "connected" and one.ask("document.getElementById('room').dataset.picture") == "live", what=lambda: f"the desk is back: {one.state()}")
        assert one.ask("window.wasHidden"), "what was there before is not shown meanwhile"
    assert not any(one.holds_control() for one in (ada, ben))
    eventually(lambda: room.child("app.jsonl") and room.child("openbox"), what="it begins as at first")
    paste = subprocess.run(
        [clipboard, "paste", TYPES["text"]], env=environment(folder, **display(room)), capture_output=True, timeout=30
    )
    assert b"private" not in paste.stdout, "the clipboard is empty"
    for name in ("Message", "Broken", "Copier"):
        wait_for(ada, name, "Not running")
    assert [event for event, _ in reasons(audit)].count("reset") == 2
    done = [json.loads(line) for line in audit.read_text().splitlines() if '"reset"' in line]
    assert [one["step"] for one in done] == ["asked", "done"]
    assert done[1]["home"] == "new" and done[1]["left"] == 0 and done[1]["ended"] >= 6 and done[0]["by"] == done[1]["by"]
    for log in Path(folder).glob("*.log"):
        assert "private" not in log.read_text(errors="replace")
