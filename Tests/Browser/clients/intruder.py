"""A program on the desk that tries to get at the room: intruder.py ANSWERS KEY FOREIGN-PID HTTP-PORT.

Writes {attempt: what came of it} as JSON. "refused" is what it ought to be.
"""

import ctypes
import errno
import json
import os
import signal
import socket
import stat
import sys
from pathlib import Path

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_SEIZE, KEYCTL_GET_KEYRING_ID = 0x4206, 0
SYS = {"x86_64": {"process_vm_readv": 310, "keyctl": 250, "pidfd_open": 434, "pidfd_getfd": 438},
       "aarch64": {"process_vm_readv": 270, "keyctl": 219, "pidfd_open": 434, "pidfd_getfd": 438}}[os.uname().machine]


def attempt(work):
    try:
        work()
    except OSError as error:
        known = (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.ESRCH)
        return "refused" if error.errno in known else str(error)
    return "SUCCEEDED"


def call(function, *arguments):
    if function(*arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def read(path):
    with open(path, "rb") as file:
        file.read(1)


def read_memory(pid):
    """One byte of what /proc says is mapped first; where that is hidden, one from where programs usually are."""
    with open(f"/proc/{pid}/mem", "rb") as file:
        with open(f"/proc/{pid}/maps") as maps:
            file.seek(int(maps.readline().split("-")[0], 16))
        file.read(1)


def trace(pid):
    """In a process that ends at once: what it would have got hold of would stand still."""
    child = os.fork()
    if child == 0:
        failed = libc.ptrace(PTRACE_SEIZE, pid, None, None) < 0
        os._exit(ctypes.get_errno() if failed else 0)
    error = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if error:
        raise OSError(error, os.strerror(error))


def borrow_descriptor(pid):
    descriptor = libc.syscall(SYS["pidfd_open"], pid, 0)
    try:
        call(libc.syscall, SYS["pidfd_getfd"], descriptor, 0, 0)
    finally:
        os.close(descriptor)


def read_remote(pid):
    here, there = ctypes.create_string_buffer(1), ctypes.c_uint64(0x400000)
    mine = (ctypes.c_uint64 * 2)(ctypes.addressof(here), 1)
    other = (ctypes.c_uint64 * 2)(there.value, 1)
    call(libc.syscall, SYS["process_vm_readv"], pid, mine, 1, other, 1, 0)


def parent_of(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def processes():
    """The processes that it wants to get at, by what they are."""
    found = {}
    # Between the two there is a shell.
    keeper = parent_of(os.getppid())
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            parent = parent_of(int(entry.name))
        except OSError:
            continue
        marks = (("room", b"room"), ("desk", b"--link"), ("X server", b"-auth"), ("sound server", b"--daemonize=no"))
        for name, mark in marks:
            # Its own room's: other rooms run on this machine, too.
            if mark in words and parent == keeper:
                found[name] = int(entry.name)
    return {"keeper": keeper, "foreign": int(sys.argv[3]), **found}


def sockets(folder):
    """Where it can connect to beneath a folder."""
    for path in Path(folder).rglob("*"):
        if stat.S_ISSOCK(path.lstat().st_mode):
            yield path


def look():
    found = {}
    for name, pid in processes().items():
        for file in ("environ", "maps", "auxv"):
            found[f"{file} of the {name}"] = attempt(lambda: read(f"/proc/{pid}/{file}"))
        found[f"descriptors of the {name}"] = attempt(lambda: os.readlink(f"/proc/{pid}/fd/0"))
        found[f"memory of the {name}"] = attempt(lambda: read_memory(pid))
        found[f"a descriptor of the {name}"] = attempt(lambda: borrow_descriptor(pid))
        found[f"remote memory of the {name}"] = attempt(lambda: read_remote(pid))
        found[f"tracing the {name}"] = attempt(lambda: trace(pid))
        found[f"a signal to the {name}"] = attempt(lambda: os.kill(pid, 0))
    found["the key"] = attempt(lambda: read(sys.argv[2]))
    for name in ("audit.jsonl", "audit.jsonl.head"):
        found[name] = attempt(lambda: open(Path(sys.argv[2]).with_name(name), "ab").close())
    found["writing the key"] = attempt(lambda: open(sys.argv[2], "ab").close())
    found["moving the key"] = attempt(lambda: os.rename(sys.argv[2], sys.argv[2] + ".mine"))
    found["keyrings"] = attempt(lambda: call(libc.syscall, SYS["keyctl"], KEYCTL_GET_KEYRING_ID, -3, 0))
    found["the room's port"] = attempt(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[4])), 5).close())
    return found


descriptors = sorted(int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}"))
answers = {
    "attempts": look(),
    "environment": sorted(os.environ),
    "sockets": [path.name for path in sockets(Path(os.environ["XDG_RUNTIME_DIR"]).parent)],
    "files": sorted(path.name for path in Path(os.environ["XDG_RUNTIME_DIR"]).iterdir() if path.is_file()),
    "capabilities": [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff")],
    "descriptors": descriptors,
}
Path(sys.argv[1] + ".part").write_text(json.dumps(answers))
os.rename(sys.argv[1] + ".part", sys.argv[1])
signal.pause()
