"""A receiver of events that checks their signatures (Standard Webhooks)."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def attributes(event):
    """An event's attributes: {key: value}."""
    return {
        one["key"]: int(one["value"]["intValue"]) if "intValue" in one["value"] else one["value"]["stringValue"]
        for one in event["attributes"]
    }


class Receiver:
    """Listens on a port of this machine; `status` is what it answers, `events` what it has taken, in order."""

    def __init__(self, secret, port=0, tls=None):
        self.events, self.refused, self.status = [], 0, 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
                code = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
                status = receiver.status if self.headers["webhook-signature"] == "v1," + code else 401
                if status == 204:
                    receiver.events.append((self.headers["webhook-id"], json.loads(body)))
                else:
                    receiver.refused += 1
                self.send_response(status)
                self.end_headers()

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def names(self):
        return [event["eventName"] for _, event in self.events]

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
