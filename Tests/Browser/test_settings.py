"""Settings: what is wrong is told, all of it, before anything is started; what is right can be read back."""

import base64
import hashlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from pathlib import Path

import pytest

import chromium
import links
from desk import environment
from room import BINARY, ROOT, Room, free_udp_port
from test_api import API, SECRET
from waiting import eventually

CONFIGURATION, NO_PORT = 78, 71


def run(folder, *arguments, **variables):
    """The exit status and both outputs of a command that ends by itself."""
    done = subprocess.run(
        [BINARY, *arguments], capture_output=True, text=True, timeout=60,
        env=environment(folder, **{f"DESKROOM_{name}": str(value) for name, value in variables.items()}),
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def place():
    """A folder where programs on the desk do not make files: not in /tmp, nor in their home."""
    made = Path(tempfile.mkdtemp(prefix="settings-", dir=ROOT / ".build"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def free():
    """Settings by which no port is taken."""
    return {"HTTP_PORT": 0, "MEDIA_PORT": free_udp_port()}


# What is wrong.


@pytest.mark.parametrize("command", ["serve", "check-config"])
def test_all_mistakes_are_told_at_once_with_their_lines_and_the_names_that_were_meant(command, folder):
    file = folder / "my.conf"
    file.write_text("# A room.\nDESKROOM_HTTP_PROT=1\nwords\nDESKROOM_DESK_FPS=many\nDESKROOM_DESK_FPS=20\n")
    status, printed, told = run(folder, command, "--set", "http.prot=1", LOG_LEVEL="loud", CONFIG=file)
    assert status == CONFIGURATION and printed == ""
    lines = told.splitlines()
    meant = "“DESKROOM_HTTP_PROT” is no setting; did you mean http.port (DESKROOM_HTTP_PORT)?"
    for line in (
        f"{file}:2: {meant}", f"{file}:5: desk.fps (DESKROOM_DESK_FPS): is set already on line 4",
        f"{file}:4: desk.fps (DESKROOM_DESK_FPS): “many” is not a whole number from 1 to 60",
        "--set: “http.prot” is no setting; did you mean http.port (DESKROOM_HTTP_PORT)?",
        "environment: log.level (DESKROOM_LOG_LEVEL): “loud” is not a level; try info or debug", "6 mistakes",
    ):
        assert line in lines, told
    assert any(line.startswith(f"{file}:3: ") for line in lines)


def test_a_file_that_is_not_there_is_not_passed_over(folder):
    for arguments, variables in ((["--config", "/nowhere/a.conf"], {}), ([], {"CONFIG": "/nowhere/a.conf"})):
        for command in ("serve", "check-config"):
            status, _, told = run(folder, command, *arguments, **variables)
            assert status == CONFIGURATION and "/nowhere/a.conf: cannot be read: there is no such file" in told


def test_check_config_looks_at_what_is_named(folder, free):
    key = folder / "key.pem"
    key.write_text("nonsense")
    status, _, told = run(
        folder, "check-config", TLS_CERTIFICATE=key, TLS_KEY=key, ACCESS_KEY_FILE=key, DESK_USER="no-such-user",
        AUDIT_FILE="/nowhere/audit.jsonl", RUNTIME_DIR="/nowhere/at/all", HTTP_HOST="192.0.2.1", **free,
    )
    assert status == CONFIGURATION
    for setting in ("tls.certificate", "access.keyFile", "desk.user", "audit.file", "runtime.dir", "http.host"):
        assert f"environment: {setting} (" in told, told
    assert "6 mistakes" in told


def test_check_config_counts_what_is_set_when_all_is_well(folder, free):
    assert run(folder, "check-config", **free) == (0, "2 settings, no mistake\n", "")
    status, _, told = run(folder, "check-config", HTTP_PROT=1, **free)
    assert status == CONFIGURATION and "did you mean http.port" in told


def test_an_expired_certificate_is_a_mistake(folder, free):
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
            "-subj", "/CN=localhost", "-keyout", "key.pem", "-out", "chain.pem"]
    subprocess.run(["faketime", "2020-01-01", *made] if shutil.which("faketime") else [*made, "-days", "-1"], cwd=folder,
                   capture_output=True, check=False)
    if not (folder / "chain.pem").exists():
        pytest.skip("this openssl makes no certificate of the past")
    status, _, told = run(folder, "check-config", TLS_CERTIFICATE=folder / "chain.pem", TLS_KEY=folder / "key.pem", **free)
    assert status == CONFIGURATION and "chain.pem has expired on " in told


def test_variables_of_others_do_not_stop_the_room_but_are_told(open_room, desk):
    room = open_room(desk, HTTP_PROT="1", SERVICE_HOST="10.0.0.1", PORT_8443_TCP_ADDR="10.0.0.1", PORT="tcp://10.0.0.1:8443")
    log = room.log(500)
    assert "“DESKROOM_HTTP_PROT” is no setting; did you mean http.port (DESKROOM_HTTP_PORT)?" in log
    assert "DESKROOM_PORT" not in log and "DESKROOM_SERVICE" not in log


# Ports.


def test_a_taken_port_is_named_with_its_setting(folder):
    with socket.socket() as tcp, socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as udp:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        udp.bind(("::", 0))
        page, media = tcp.getsockname()[1], udp.getsockname()[1]
        settings = {"HTTP_PORT": page, "MEDIA_PORT": media}
        status, printed, told = run(folder, "serve", **settings)
        assert status == NO_PORT and "ready" not in printed
        assert f"http.port (DESKROOM_HTTP_PORT): TCP port {page} is taken by another program" in told
        assert f"media.port (DESKROOM_MEDIA_PORT): UDP port {media} is taken by another program" in told
        # That may be the room itself.
        status, printed, _ = run(folder, "check-config", **settings)
        assert status == 0 and printed.count("note: ") == 2 and "2 settings, no mistake" in printed


def test_a_port_without_the_right_says_how_to_get_it(folder):
    prefix = []
    if os.geteuid() == 0:
        prefix = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
    if Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text().strip() == "0":
        pytest.skip("here everybody may listen on every port")
    done = subprocess.run(
        [*prefix, BINARY, "serve"], capture_output=True, text=True, timeout=60,
        env=environment(folder, DESKROOM_HTTP_PORT="1", DESKROOM_MEDIA_PORT="0"),
    )
    assert done.returncode == NO_PORT
    assert "http.port (DESKROOM_HTTP_PORT): this user may not listen on TCP port 1" in done.stderr
    assert "NET_BIND_SERVICE" in done.stderr and "ip_unprivileged_port_start" in done.stderr


# What is right.


def test_settings_are_read_back_without_secrets(open_room, place):
    secret = place / "secret"
    secret.write_text(SECRET + "\n")
    secret.chmod(0o600)
    room = open_room(None, API_SECRET_FILE=str(secret), **links.SETTINGS)
    status, told = API(room).json("GET", "/settings")
    assert status == 200
    settings = {one["key"]: one for one in told["settings"]}
    assert settings["media.port"] == {
        "key": "media.port", "variable": "DESKROOM_MEDIA_PORT", "kind": "number", "isSecret": False, "isSet": True,
        "value": str(room.media_port), "source": "environment",
    }
    assert settings["desk.fps"]["source"] == "default" and settings["desk.fps"]["value"] == "30"
    assert settings["api.secret"] == {
        "key": "api.secret", "variable": "DESKROOM_API_SECRET", "kind": "text", "isSecret": True, "isSet": True,
        "source": "file", "file": str(secret),
    }
    assert SECRET not in json.dumps(told) and SECRET not in room.log(100_000)
    assert API(room)("GET", "/settings", secret="x" * 32)[0] == 401


def test_the_sample_of_the_command_is_good_as_it_is(folder, free):
    status, sample, _ = run(folder, "settings")
    assert status == 0 and sample == (ROOT / "container/deskroom.conf.sample").read_text()
    file = folder / "deskroom.conf"
    file.write_text("\n".join(line.removeprefix("#") if line.startswith("#DESKROOM_") else line for line in sample.splitlines()))
    status, printed, told = run(folder, "check-config", "--config", file, **free)
    assert (status, told) == (0, "") and "no mistake" in printed


def test_help_says_what_is_set_most_and_what_the_exit_status_means(folder):
    for arguments in (["--help"], ["serve", "--help"]):
        status, printed, _ = run(folder, *arguments)
        assert status == 0
        for words in ("deskroom settings", "78", "71"):
            assert words in printed, printed
    assert "http.port" in printed and "DESKROOM_ACCESS_SECRET_FILE" in printed


# From one start to the next.


def shown(room):
    """The certificate that the room shows, in PEM."""
    return ssl.get_server_certificate(("127.0.0.2", int(room.address.rstrip("/").rpartition(":")[2])))


def key_of(certificate):
    """The hash of its public key, as Chromium takes it."""
    words = "openssl x509 -pubkey -noout | openssl pkey -pubin -outform der"
    key = subprocess.run(words, shell=True, input=certificate.encode(), capture_output=True, check=True).stdout
    return base64.b64encode(hashlib.sha256(key).digest()).decode()


def test_a_page_comes_back_after_a_restart_of_a_room_with_a_certificate_of_its_own(folder, place, chromium_browser):
    """The browser accepts the very key that it was shown first, and no other."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.2", 0))
        port = probe.getsockname()[1]
    settings = {"HTTP_HOST": "127.0.0.2", "HTTP_PORT": str(port), "TLS_DIRECTORY": str(place / "keys"), "MEDIA_ADDRESSES": "127.0.0.1"}
    room = Room(folder, None, **settings)
    first = shown(room)
    file = place / "keys" / "certificate.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    try:
        arguments = [*chromium.ARGUMENTS, f"--ignore-certificate-errors-spki-list={key_of(first)}"]
        context = chromium_browser.browser_type.launch_persistent_context(
            str(folder / "profile"), executable_path=chromium.PROGRAM, args=arguments
        )
        page = context.new_page()
        page.goto(room.address)
        page.fill("#name", "Ada")
        page.press("#name", "Enter")
        eventually(lambda: people(page) == 1, 60, what="the page is in the room")
        # Whoever is told to end it tells the page so.
        room.die()
        room = Room(folder, None, **settings)
        assert shown(room) == first
        eventually(lambda: people(page) == 1, 60, what="the page is in the room again")
        context.close()
    finally:
        room.stop()


def people(page):
    """How many the room has, asked by the page's browser, which knows its certificate."""
    try:
        return page.evaluate("fetch('/healthz').then(answer => answer.json()).then(health => health.people)")
    except Exception:
        return None


def test_a_key_that_cannot_be_kept_is_told_once(open_room):
    room = open_room(None, HTTP_HOST="127.0.0.2")
    assert room.log(500).count("The certificate is not kept") == 1
    assert "tls.directory (DESKROOM_TLS_DIRECTORY)" in room.log(500)


def test_what_a_killed_room_leaves_behind_is_removed_by_the_next(open_room, folder):
    first = open_room(None, DESK_APPS="xclock-that-is-not-there --password=hush")
    eventually(lambda: first.health()["isDeskConnected"], what="the desk is connected")
    [left] = folder.glob("deskroom-*")
    number = (left / "display").read_text().split()[0]
    lock = Path(f"/tmp/.X{number}-lock")
    assert lock.exists()
    eventually(lambda: "program=xclock-that-is-not-there" in first.log(500), what="the program is named")
    assert "hush" not in first.log(5_000)
    server = first.child("Xvfb")
    # The X server, too, has no time to clean up.
    os.kill(server, signal.SIGSTOP)
    first.die()
    try:
        os.kill(server, signal.SIGKILL)
    except ProcessLookupError:
        pass
    eventually(lambda: not Path(f"/proc/{server}").exists(), what="the X server is gone")
    assert left.exists() and lock.exists()
    second = open_room(None)
    eventually(lambda: second.health()["isDeskConnected"], what="the desk is connected")
    assert not left.exists() and len(list(folder.glob("deskroom-*"))) == 1
    number = (next(folder.glob("deskroom-*")) / "display").read_text().split()[0]
    second.stop()
    assert not Path(f"/tmp/.X{number}-lock").exists() and not lock.exists()
