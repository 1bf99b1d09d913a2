"""A room as the first process of a PID namespace, as in a container without an init of its own."""

import subprocess
from pathlib import Path

from desk import environment
from processes import Process, children
from room import BINARY
from waiting import eventually

UNSHARE = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]


def missing():
    """Why there can be no such namespace here, in words, or None."""
    try:
        done = subprocess.run([*UNSHARE, "true"], capture_output=True, text=True)
    except FileNotFoundError:
        return "unshare is missing"
    return f"no PID namespaces: {done.stderr.strip()}" if done.returncode else None


class Namespace:
    """`deskroom serve` with the id 1."""

    def __init__(self, folder, **settings):
        values = {"HTTP_PORT": "0", "MEDIA_PORT": "0", "ACCESS_OPEN": "true", "DESK_WM": "", "DESK_APPS": "", **settings}
        self.folder = Path(folder)
        self.process = Process(
            [*UNSHARE, BINARY, "serve"], self.folder / "room.log",
            environment(self.folder, **{f"DESKROOM_{key}": value for key, value in values.items()}),
        )

    @property
    def pid(self):
        """Of the room, as seen from outside."""
        found = [pid for pid, line in children(self.process.pid).items() if line.endswith("deskroom serve")]
        return found[0] if found else None

    def wait_until_ready(self):
        def ready():
            return "Deskroom is ready" in self.process.log.read_text() and "deskroom desk" in self.listing()

        eventually(ready, what=lambda: self.process.log.read_text()[-2000:])

    def enter(self, *command):
        done = subprocess.run(
            ["nsenter", "--target", str(self.pid), "--pid", "--mount", *command], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def run(self, script):
        """Runs a shell in it whose children lose their parent."""
        return self.enter("sh", "-c", script)

    def listing(self):
        return self.enter("ps", "-ww", "-eo", "pid,ppid,stat,args") if self.pid else ""

    def zombies(self):
        return [line for line in self.listing().splitlines()[1:] if line.split()[2].startswith("Z")]

    def orphans(self):
        """What has become the room's without being started by it."""
        return [line for line in self.listing().splitlines()[1:] if line.split()[3] in ("sh", "true", "sleep")]

    def signal(self, name):
        """From within, where the kernel protects the first process."""
        self.enter("sh", "-c", f"kill -{name} 1")

    def ends(self):
        eventually(lambda: not self.process.is_running(), what="the room ends")
        return self.process.child.returncode

    def stop(self):
        if self.process.is_running():
            self.process.child.kill()
        self.process.child.wait()
