"""Reverse proxies of Debian in front of a room, on loopback, with the time-outs that they come with."""

import socket
import subprocess
from pathlib import Path

from desk import environment
from processes import Process
from waiting import eventually

# Chromium takes it for this machine.
HOST = "rooms.localhost"


def free_tcp_port():
    """A TCP port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificate(folder, *names):
    """A certificate for these names, or for HOST; the path of its file, which has the key, too."""
    path = Path(folder) / "proxy.pem"
    names = ",".join(f"DNS:{name}" for name in names or [HOST])
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=proxy", "-addext", f"subjectAltName={names}", "-keyout", path, "-out", f"{path}.chain"],
        check=True, capture_output=True,
    )
    path.write_text(Path(f"{path}.chain").read_text() + path.read_text())
    return path


class Proxy:
    """A proxy with a configuration of its own; `port` is where it listens."""

    def __init__(self, folder, port, command, log):
        self.process = Process(command, Path(folder) / log, environment(folder))
        eventually(lambda: _listens(port) or not self.process.is_running(), what=f"{command[0]} listens")
        assert self.process.is_running(), self.process.log.read_text()

    def stop(self):
        self.process.stop()


def nginx(folder, port, location):
    """nginx with HTTPS on the port; `location` is what docs/reach.md says about a room."""
    folder = Path(folder)
    pem = certificate(folder)
    temporary = "".join(
        f"{kind}_temp_path {folder}/nginx-{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # As root it would hand its workers to somebody who cannot read the folder.
    (folder / "nginx.conf").write_text(f"""
        user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
        events {{ }}
        http {{
            access_log off; {temporary}
            map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
            server {{
                listen 127.0.0.1:{port} ssl; server_name {HOST};
                ssl_certificate {pem}; ssl_certificate_key {pem};
                {location}
            }}
        }}
    """)
    command = ["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "nginx.log", "-g", "daemon off;"]
    return Proxy(folder, port, command, "nginx.out")


def haproxy(folder, port, body):
    """HAProxy with what Debian's own file has as defaults; `body` follows `bind`."""
    folder = Path(folder)
    certificate(folder)
    (folder / "haproxy.cfg").write_text(f"""
defaults
    mode http
    timeout connect 5000
    timeout client 50000
    timeout server 50000
{body}
""")
    return Proxy(folder, port, ["haproxy", "-db", "-f", folder / "haproxy.cfg"], "haproxy.log")


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
