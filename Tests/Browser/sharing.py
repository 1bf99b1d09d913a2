"""Files on a visitor's device and in the desk's folder, as the tests make and find them."""

import json
import random
from pathlib import Path

from waiting import eventually


def content(size, seed=1):
    return random.Random(seed).randbytes(size)


class Device:
    """What a visitor does with files on their own device; what the page saves is kept in the page."""

    def __init__(self, visitor):
        self.visitor = visitor
        # Downloads: the page's own Blob, before the browser has it.
        visitor.tab.before_pages("""{
            window.saved = {};
            const blobs = new Map();
            const make = URL.createObjectURL;
            URL.createObjectURL = (blob) => {
                const url = make.call(URL, blob);
                blobs.set(url, blob);
                return url;
            };
            HTMLAnchorElement.prototype.click = function () {
                if (this.download) window.saved[this.download] = blobs.get(this.href);
            };
        }""")

    def _made(self, name, size, seed):
        """A File of bytes that Python can make, too: a simple generator, since megabytes are not sent to the browser."""
        return f"""(() => {{
            const bytes = new Uint8Array({size});
            let state = {seed};
            for (let i = 0; i < {size}; i += 1) {{
                state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
                bytes[i] = state >>> 24;
            }}
            return new File([bytes], {json.dumps(name)});
        }})()"""

    def choose(self, name, size, seed=1):
        """Chooses a file in the panel, which is open."""
        self.visitor.ask(f"""(() => {{
            const data = new DataTransfer();
            data.items.add({self._made(name, size, seed)});
            const input = document.getElementById('files-input');
            input.files = data.files;
            input.dispatchEvent(new Event('change'));
        }})()""")

    def drop(self, name, size, place, seed=1):
        """Drops a file at a desk pixel."""
        x, y = self.visitor.at(*place)
        self.visitor.ask(f"""(() => {{
            const data = new DataTransfer();
            data.items.add({self._made(name, size, seed)});
            const target = document.elementFromPoint({x}, {y});
            for (const type of ['dragenter', 'dragover', 'drop']) {{
                target.dispatchEvent(new DragEvent(type, {{
                    bubbles: true, cancelable: true, dataTransfer: data, clientX: {x}, clientY: {y},
                }}));
            }}
        }})()""")

    def saved(self, name):
        """The SHA-256 of what was saved under this name, in hex; None if nothing was."""
        return self.visitor.ask(f"""(async () => {{
            const blob = window.saved[{json.dumps(name)}];
            if (!blob) return null;
            const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
            return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        }})()""")

    def transfers(self):
        return self.visitor.state()["files"]["transfers"]

    def ended(self, count=1):
        """Waits until so many transfers have ended, and returns their outcomes."""

        def outcomes():
            found = [one["outcome"] for one in self.transfers() if one["state"] == "ended"]
            return found if len(found) >= count else None

        return eventually(outcomes, 90, what=lambda: f"{count} have ended: {self.transfers()}")


def generated(size, seed=1):
    """What `Device` makes in the browser."""
    state, made = seed, bytearray(size)
    for index in range(size):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        made[index] = state >> 24
    return bytes(made)


def names(folder):
    return sorted(path.name for path in Path(folder).iterdir())
