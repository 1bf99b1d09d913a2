"""`./run` as a person types it."""

import os
import re
import signal
import subprocess
import urllib.request

import pytest

from desk import environment
from processes import Process, children
from room import BINARY, ROOT, free_udp_port, still_running
from waiting import eventually


@pytest.mark.parametrize("arguments", [[], ["--prebuilt", BINARY]], ids=["built", "prebuilt"])
def test_run_prints_an_address_and_ctrl_c_ends_everything(arguments, folder, visitor):
    settings = {"DESKROOM_HTTP_PORT": "0", "DESKROOM_MEDIA_PORT": str(free_udp_port())}
    # SwiftPM keeps its caches in the home directory.
    env = {**environment(folder), "HOME": os.environ["HOME"], **settings}
    process = Process([ROOT / "run", *arguments], folder / "run.log", env, stdout=open(folder / "printed", "w"))
    try:
        def address():
            assert process.is_running(), process.log.read_text()[-2000:]
            return re.search(r"^Deskroom is ready: (http\S+)$", (folder / "printed").read_text(), re.MULTILINE)

        url = eventually(address, 900, every=0.2, what="the address")[1]
        with urllib.request.urlopen(url, timeout=30) as answer:
            assert answer.status == 200
        # Links for a clinician and a client, for this start only; the bare address lets nobody in.
        links = dict(re.findall(r"^Link for the (\w+): (http\S+#token=\S+)$", (folder / "printed").read_text(), re.MULTILINE))
        assert links.keys() == {"clinician", "client"}
        assert not any(link.split("=")[1] in process.log.read_text() for link in links.values())
        ada = visitor().join(links["clinician"])
        family = children(process.pid)
        running = "\n".join(family.values())
        for name in ("Xvfb", "pulseaudio", "openbox", "xournalpp", "desk --link"):
            assert name in running, f"{name} runs:\n{running}"
        assert ada.ask("probe.size()") == [1920, 1080]
    finally:
        # As a terminal does it: to the whole foreground group.
        if process.is_running():
            os.killpg(process.pid, signal.SIGINT)
        try:
            status = process.child.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert status in (0, 130, -signal.SIGINT)
    assert not still_running(family)


@pytest.mark.parametrize("file, words", [
    (None, "--prebuilt wants a file"), ("nowhere", "there is no file"), ("plain", "is not executable"),
    ("other", "does not start here"), ("broken", "libmissing.so.0: cannot open shared object file"),
])
def test_a_prebuilt_program_that_cannot_be_run_is_refused_in_words(file, words, folder):
    for name, mode, text in (
        ("plain", 0o644, "#!/bin/sh\n"), ("other", 0o755, "#!/bin/sh\nexit 0\n"),
        ("broken", 0o755, "#!/bin/sh\necho 'deskroom: libmissing.so.0: cannot open shared object file' >&2; exit 127\n"),
    ):
        (folder / name).write_text(text)
        (folder / name).chmod(mode)
    arguments = [file] if file else []
    # By a path as a person gives it, from where they are.
    done = subprocess.run(
        [ROOT / "run", "--prebuilt", *arguments], cwd=folder, capture_output=True, text=True, env=environment(folder)
    )
    assert done.returncode != 0
    assert words in done.stderr
    assert "Deskroom is ready" not in done.stdout


def build(folder, script):
    """What scripts/build says about a `swift` that does as it is told."""
    swift = folder / "swift"
    swift.write_text(f"#!/bin/sh\n{script}\n")
    swift.chmod(0o755)
    env = environment(folder)
    env["PATH"] = f"{folder}:{env['PATH']}"
    return subprocess.run([ROOT / "scripts/build", "deskroom"], capture_output=True, text=True, env=env)


def test_a_build_says_in_words_how_far_it_is(folder):
    done = build(folder, r"printf '[10/300] Compiling Wire\r\033[2K[12/300] Compiling IO\n'")
    assert done.returncode == 0
    assert re.search(r"^deskroom: building: 10 of 300 steps, about \d+ minutes left$", done.stderr, re.MULTILINE)
    assert "Compiling" not in done.stderr


def test_a_build_that_fails_shows_what_the_compiler_said(folder):
    done = build(folder, r"printf '[3/9] Compiling Wire\n'; echo 'Wire.swift:1: error: no such word'; exit 1")
    assert done.returncode == 1
    assert "Wire.swift:1: error: no such word" in done.stderr
    assert "deskroom: the build failed" in done.stderr
    assert "minutes" not in done.stderr, "a few steps need no estimate"
