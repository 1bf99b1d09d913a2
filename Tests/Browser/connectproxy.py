"""An HTTP proxy that knows CONNECT and nothing else, and lets through only what begins as TLS does.

connectproxy.py ADDRESS PORT NAME TARGET: listens there, and connects whoever asks for NAME to TARGET, all with ports. It prints
a line for each connection: `tls` or, for what it has closed, `other` and the first bytes.
"""

import socket
import sys
import threading


def serve(client, name, target):
    with client:
        head = b""
        while b"\r\n\r\n" not in head:
            more = client.recv(4096)
            if not more:
                return
            head += more
        method, asked = head.split(b" ", 2)[:2]
        if method != b"CONNECT" or asked.decode() != name:
            print("refused", method.decode(errors="replace"), asked.decode(errors="replace"), flush=True)
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        first = b""
        while len(first) < 6:
            more = client.recv(65_536)
            if not more:
                return
            first += more
        # A record of a handshake, TLS 1.0 or later, and in it a ClientHello.
        if first[0] != 0x16 or first[1] != 3 or first[5] != 1:
            print("other", first[:16].hex(), flush=True)
            return
        print("tls", flush=True)
        with socket.create_connection(target) as server:
            server.sendall(first)
            back = threading.Thread(target=copy, args=(server, client), daemon=True)
            back.start()
            copy(client, server)
            back.join()


def copy(source, sink):
    try:
        while data := source.recv(65_536):
            sink.sendall(data)
    except OSError:
        pass
    for one in (source, sink):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def place(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


def main():
    address, port, name, target = sys.argv[1:]
    with socket.create_server((address, int(port))) as front:
        print("listening", flush=True)
        while True:
            client, _ = front.accept()
            threading.Thread(target=run, args=(client, name, place(target)), daemon=True).start()


def run(client, name, target):
    try:
        serve(client, name, target)
    except OSError as error:
        print("ended", error, flush=True)


if __name__ == "__main__":
    main()
