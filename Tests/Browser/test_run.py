"""`./run` as a person types it."""

import os
import re
import signal
import subprocess
import urllib.request

from desk import environment
from processes import Process, children
from room import ROOT, free_udp_port, still_running
from waiting import eventually


def test_run_prints_an_address_and_ctrl_c_ends_everything(folder, visitor):
    settings = {"DESKROOM_HTTP_PORT": "0", "DESKROOM_MEDIA_PORT": str(free_udp_port())}
    # SwiftPM keeps its caches in the home directory.
    env = {**environment(folder), "HOME": os.environ["HOME"], **settings}
    process = Process([ROOT / "run"], folder / "run.log", env, stdout=open(folder / "printed", "w"))
    try:
        def address():
            assert process.is_running(), process.log.read_text()[-2000:]
            return re.search(r"^Deskroom is ready: (http\S+)$", (folder / "printed").read_text(), re.MULTILINE)

        url = eventually(address, 300, every=0.2, what="the address")[1]
        with urllib.request.urlopen(url, timeout=5) as answer:
            assert answer.status == 200
        ada = visitor().join(url)
        family = children(process.pid)
        running = "\n".join(family.values())
        for name in ("Xvfb", "pulseaudio", "openbox", "xournalpp", "desk --socket"):
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
