"""Files over HTTP: the page's, for tests of its modules alone, or those of another folder."""

import functools
import http.server
import threading
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "Sources/Appliance/Page"


class Handler(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}

    def log_message(self, *_):
        pass


@contextmanager
def served(folder=FOLDER):
    """The address at which the page is, or the files of another folder."""
    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def blank_page(browser):
    """An empty page that can import the modules as `/name.js` or `/client/name.js`."""
    with served() as address:
        page = browser.new_page()
        page.route("**/blank", lambda route: route.fulfill(content_type="text/html", body="<!doctype html>"))
        page.goto(f"{address}/blank")
        yield page
        page.close()
