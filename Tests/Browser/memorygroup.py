"""A control group of the tests' own, whose processes may have only so much memory together (cgroups(7))."""

import os
from pathlib import Path

from waiting import eventually


def _place():
    """Where a group can be made, and whether by version 1; None if nowhere."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        if "memory" in names.split(","):
            for folder in (Path("/sys/fs/cgroup/memory" + path), Path("/sys/fs/cgroup/memory")):
                if (folder / "memory.limit_in_bytes").exists():
                    return folder, True
    root = Path("/sys/fs/cgroup")
    # Groups that have groups within may have no processes: beside our own, not in it.
    if "memory" in (root / "cgroup.subtree_control").read_text().split():
        return root, False
    return None


class MemoryGroup:
    """`prefix` runs a command in it."""

    def __init__(self, megabytes):
        folder, self.is_old = _place()
        self.folder = folder / f"deskroom-test-{os.getpid()}"
        self.folder.mkdir()
        limit = str(megabytes << 20)
        if self.is_old:
            (self.folder / "memory.limit_in_bytes").write_text(limit)
            self._write_if_there("memory.memsw.limit_in_bytes", limit)
        else:
            (self.folder / "memory.max").write_text(limit)
            self._write_if_there("memory.swap.max", "0")
        self.prefix = ["sh", "-c", 'echo $$ >"$0" && exec "$@"', self.folder / "cgroup.procs"]

    def _write_if_there(self, name, text):
        if (self.folder / name).exists():
            (self.folder / name).write_text(text)

    def kills(self):
        """How many processes the kernel has killed."""
        events = self.folder / ("memory.oom_control" if self.is_old else "memory.events")
        return int(dict(line.split() for line in events.read_text().splitlines())["oom_kill"])

    def stop(self):
        def is_removed():
            try:
                self.folder.rmdir()
            except OSError:
                return False
            return True

        eventually(is_removed, what="the group is empty")


def missing():
    """Why there can be no such group here, in words, or None."""
    if os.geteuid() != 0:
        return "only root makes control groups"
    try:
        if _place() is None:
            return "no control groups for memory"
        MemoryGroup(64).stop()
    except OSError as error:
        return f"no control groups: {error}"
    return None
