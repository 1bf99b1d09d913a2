"""A clinic's own site: the pages of docs/examples as they are, but for the room's address, at an origin of their own."""

import http.server
import threading
from contextlib import contextmanager
from pathlib import Path

from pagefiles import FOLDER, Handler

EXAMPLES = Path(__file__).parents[2] / "docs/examples"
# What the examples call the room.
EXAMPLE_ROOM = "https://rooms.example.org/"


class ClinicHandler(Handler):
    def do_GET(self):
        example = EXAMPLES / self.path.strip("/")
        if example.suffix == ".html" and example.is_file():
            body = example.read_text().replace(EXAMPLE_ROOM, self.server.room).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif self.path.startswith("/client/"):
            # A copy of the library, which nobody has to ask for.
            super().do_GET()
        else:
            self.send_error(404)

    def __init__(self, *arguments):
        super().__init__(*arguments, directory=FOLDER)


@contextmanager
def clinic():
    """The site, with `origin`; its pages are of the room at `room`, which is set later."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), ClinicHandler) as server:
        server.origin = f"http://127.0.0.1:{server.server_port}"
        server.room = EXAMPLE_ROOM
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
