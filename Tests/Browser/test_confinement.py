"""A program on the desk gets at nothing of the room's."""

import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from processes import children
from room import BINARY, ROOT, free_udp_port
from waiting import eventually

INTRUDER = Path(__file__).parent / "clients" / "intruder.py"
PYTHON = "/usr/bin/python3"
# Somebody who is nobody else on this machine.
PLAIN = 54_321
others_may_write = pytest.mark.skipif(
    not os.stat("/tmp").st_mode & 0o002, reason="X servers of other users have no place in /tmp here"
)


def free_tcp_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def key():
    """A file of the room's where programs on the desk do not make files: not in /tmp, nor in their home."""
    folder = Path(tempfile.mkdtemp(prefix="keys-", dir=ROOT / ".build"))
    made = folder / "key.pem"
    openssl = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
               "-subj", "/CN=localhost", "-keyout", made, "-out", folder / "certificate.pem"]
    subprocess.run(openssl, check=True, capture_output=True)
    yield made
    shutil.rmtree(folder)


@pytest.fixture
def place():
    """A folder that any user reaches and may write to; not in /tmp/pytest-..., which is closed to others."""
    made = Path(tempfile.mkdtemp(prefix="deskroom-", dir="/var/tmp"))
    made.chmod(0o777)
    yield made
    shutil.rmtree(made)


def plainly(place):
    """What runs a room as an ordinary user, at home in `place`; whoever runs the tests may be one already."""
    home = ["env", f"HOME={place}", f"XDG_RUNTIME_DIR={place}"]
    if os.geteuid() != 0:
        return home
    plain = [f"--reuid={PLAIN}", f"--regid={PLAIN}", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
    return ["setpriv", *plain, *home]


def look(open_room, folder, key, prefix=(), keeps=False, **settings):
    """What a program on the desk of a new room finds out; `key` is one that the room was given, or makes and keeps."""
    answers = folder / "answers.json"
    bystander = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        port = free_tcp_port()
        tls = {"TLS_KEY": str(key), "TLS_CERTIFICATE": str(key.with_name("certificate.pem"))}
        if keeps:
            tls = {"TLS_DIRECTORY": str(key.parent), "HTTP_HOST": "0.0.0.0", "MEDIA_ADDRESSES": "127.0.0.1"}
        room = open_room(
            prefix=["env", "FOREIGN_SECRET=for nobody's eyes", *prefix],
            DESK_APPS=f"{PYTHON} {INTRUDER} {answers} {key} {bystander.pid} {port}",
            HTTP_PORT=str(port), AUDIT_FILE=str(key.with_name("audit.jsonl")), **tls, **settings,
        )
        eventually(answers.exists, what="the program has looked around")
        return room, json.loads(answers.read_text())
    finally:
        bystander.kill()
        bystander.wait()


def test_a_program_on_the_desk_is_refused_everything_of_the_rooms(open_room, folder, key):
    room, found = look(open_room, folder, key)
    is_refused_everything(found)
    assert "not fully confined" not in room.log(500)


def test_nor_does_it_get_at_what_the_room_keeps_for_itself(open_room, folder, key):
    kept = key.with_name("certificate.pem")
    kept.unlink()
    _, found = look(open_room, folder, kept, keeps=True)
    assert kept.exists(), "the room keeps its certificate there, with the key"
    is_refused_everything(found)


@pytest.mark.skipif(os.geteuid() != 0, reason="the test before has done that")
@others_may_write
def test_so_it_is_in_a_room_of_an_ordinary_user(open_room, place, key):
    os.chown(key, PLAIN, PLAIN)
    os.chown(key.parent, PLAIN, PLAIN)
    key.parent.chmod(0o755)
    room, found = look(open_room, place, key, plainly(place), RUNTIME_DIR=str(place / "run"))
    is_refused_everything(found)
    assert os.stat(f"/proc/{room.child('intruder.py')}").st_uid == PLAIN
    assert "not fully confined" not in room.log(500)


def is_refused_everything(found):
    attempts = found["attempts"]
    for name in ("keeper", "room", "desk", "X server", "sound server", "foreign"):
        assert f"memory of the {name}" in attempts
    assert {what: answer for what, answer in attempts.items() if answer != "refused"} == {}
    assert found["sockets"] == ["pulse"]
    assert found["files"] == ["xauthority"]
    assert found["capabilities"] == ["CapEff:\t0000000000000000"]
    assert found["descriptors"] == [0, 1, 2]
    allowed = {"PATH", "LANG", "LD_LIBRARY_PATH", "HOME", "DISPLAY", "XAUTHORITY", "PULSE_SERVER", "PULSE_SINK",
               "XDG_RUNTIME_DIR", "DESK_PROGRAM", "PWD", "OLDPWD", "SHLVL", "_", "LC_CTYPE"}
    assert set(found["environment"]) <= allowed


def test_our_own_processes_are_closed_to_their_own_user(open_room):
    room = open_room()
    # A process that has just started is not closed yet; it has nothing to hide then.
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is connected")
    for pid in (room.pid, room.room_process(), room.desk_process()):
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert "Max core file size        0                    0 " in limits
        # Root is let in by a capability; without it root is a user as any other.
        plain = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.geteuid() == 0 else []
        for file in ("environ", "mem", "maps"):
            done = subprocess.run([*plain, "cat", f"/proc/{pid}/{file}"], capture_output=True, text=True)
            assert done.returncode != 0 and "denied" in done.stderr, (file, done.stderr)


def test_the_room_itself_cannot_reach_the_display(open_room, folder, pattern_program):
    room = open_room(DESK_APPS=f"{pattern_program} {folder}/app.jsonl")
    eventually(lambda: room.health()["isDeskConnected"], what="the desk is connected")
    status = Path(f"/proc/{room.room_process()}/status").read_text()
    assert "\nSeccomp:\t2\n" in status and "\nNoNewPrivs:\t1\n" in status
    # The keeper has none: it starts programs.
    assert "\nSeccomp:\t0\n" in Path(f"/proc/{room.pid}/status").read_text()
    assert "fully confined" not in room.log(500)
    if os.geteuid() == 0:
        # What a room could open is in its environment, or among its descriptors; the links with the keeper, and with the desk's
        # process, for control, the clipboard and files, some with a second descriptor, are all it has of Unix sockets.
        place = Path(f"/proc/{room.room_process()}")
        names = {one.split(b"=")[0] for one in (place / "environ").read_bytes().split(b"\0")}
        assert not names & {b"DISPLAY", b"XAUTHORITY", b"PULSE_SERVER"}
        unix = {line.split()[6] for line in Path("/proc/net/unix").read_text().splitlines()[1:]}
        links = [os.readlink(one) for one in (place / "fd").iterdir()]
        own = {link[8:-1] for link in links if link.startswith("socket:[")} & unix
        assert len(own) == 4, own
        assert any(link.startswith("/memfd:room") for link in links)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may start programs as another user")
@others_may_write
def test_everything_on_the_desk_runs_as_another_user_where_that_is_set(open_room, place, key):
    room, found = look(open_room, place, key, DESK_USER="nobody")
    assert {what for what, answer in found["attempts"].items() if answer != "refused"} == set()
    user = pwd.getpwnam("nobody").pw_uid
    eventually(lambda: "The desk is connected" in room.log(1000), what="the desk is connected")
    ours = (room.room_process(), room.desk_process())
    owners = {line: os.stat(f"/proc/{pid}").st_uid for pid, line in children(room.pid).items() if pid not in ours}
    assert set(owners.values()) == {user}, owners
    # What is not dumpable is root's in /proc, whoever runs it.
    status = Path(f"/proc/{room.desk_process()}/status").read_text()
    assert f"\nUid:\t{user}\t{user}\t{user}\t{user}\n" in status


@pytest.mark.skipif(os.geteuid() == 0, reason="root may")
def test_who_may_not_start_programs_as_another_user_is_told(folder):
    done = subprocess.run([BINARY, "serve", "--set", "desk.user=nobody"], capture_output=True, text=True, timeout=20)
    assert done.returncode != 0 and "desk.user" in done.stderr


def test_programs_have_no_network_where_that_is_set(open_room, folder):
    answer = folder / "answer"
    attempt = f"{PYTHON} -c 'import socket; socket.socket()' 2>{answer}.part; mv {answer}.part {answer}; sleep 1000"
    open_room(DESK_APPS=f"sh {script(folder, attempt)}", DESK_NETWORK="none")
    eventually(answer.exists, what="the program has tried")
    assert "Address family not supported" in answer.read_text()


def script(folder, text):
    """A shell script: commands for the desk are separated by semicolons, which this one has."""
    path = folder / "script.sh"
    path.write_text(text + "\n")
    return path


def test_a_room_that_does_not_know_the_user_says_so(folder):
    done = subprocess.run(
        [BINARY, "serve", "--set", "desk.user=no-such-user", "--set", f"media.port={free_udp_port()}"],
        capture_output=True, text=True, timeout=20,
    )
    assert done.returncode != 0 and "there is no user “no-such-user”" in done.stderr
