"""Processes that the tests start, and what /proc says about them."""

import os
import signal
import subprocess
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """A child in a session of its own; `stop` ends it and whatever it left behind in that session."""

    def __init__(self, command, log, env, **options):
        self.log = Path(log)
        with open(self.log, "ab") as errors:
            self.child = subprocess.Popen(
                [str(part) for part in command], stderr=errors, env=env, start_new_session=True,
                **{"stdin": subprocess.DEVNULL, "stdout": errors, **options},
            )
        self.pid = self.child.pid

    def is_running(self):
        return self.child.poll() is None

    def kill(self):
        self.child.kill()
        self.child.wait()

    def stop(self, within=10):
        """Asks it to end, then insists. Returns its exit status; fails if it had to be insisted."""
        if self.is_running():
            self.child.terminate()
        try:
            return self.child.wait(within)
        except subprocess.TimeoutExpired:
            os.killpg(self.pid, signal.SIGKILL)
            self.child.wait()
            raise AssertionError(f"{self.child.args[0]} did not end within {within} s of SIGTERM") from None
        finally:
            for stream in (self.child.stdin, self.child.stdout):
                if stream:
                    stream.close()


def children(pid):
    """All descendants of a process: {pid: command line}."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        parents[int(entry.name)] = (int(fields[1]), line, fields[0])
    found = {}
    generation = {pid}
    while generation:
        generation = {one for one, (parent, _, _) in parents.items() if parent in generation}
        found.update({one: parents[one][1] for one in generation if parents[one][2] != "Z"})
    return found


def cpu_seconds(pid):
    """User and system time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_bytes(pid):
    """Memory that a process has in RAM and does not share with a file."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no RssAnon")


def descriptors(pid):
    """How many files and sockets a process has open."""
    folder = Path(f"/proc/{pid}/fd")
    try:
        return len(list(folder.iterdir()))
    except PermissionError:
        # The room's are closed to its own user; Linux 6.2 and later tells their number all the same.
        return folder.stat().st_size


def threads(pid):
    """How many threads a process has."""
    return len(list(Path(f"/proc/{pid}/task").iterdir()))
