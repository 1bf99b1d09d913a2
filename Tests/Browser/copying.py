"""Programs on the desk that copy and paste (clients/clipboard.c), and a browser's own clipboard."""

import base64
import json
import random
import struct
import subprocess
import zlib
from pathlib import Path

from desk import CLIENTS, environment
from processes import Process
from waiting import eventually


class DeskPrograms:
    """What runs on the display of a desk, or of a device."""

    def __init__(self, desk, folder):
        self.folder = Path(folder)
        self.program = self.folder / "clipboard"
        subprocess.run(["cc", "-O2", "-Wall", "-Werror", "-o", self.program, CLIENTS / "clipboard.c", "-lX11"], check=True)
        self.environment = environment(folder, DISPLAY=desk.x.display)
        self.running = []

    def start(self, *arguments, log="clipboard.log"):
        process = Process([self.program, *arguments], self.folder / log, self.environment)
        self.running.append(process)
        return process

    def files(self, parts):
        for number, (kind, content) in enumerate(parts.items()):
            file = self.folder / f"copied-{len(self.running)}-{number}"
            file.write_bytes(content)
            yield f"{kind}={file}"

    def copy(self, **parts):
        """Has the clipboard; `text`, `html` and `png` are bytes."""
        return self.start("copy", *self.files({TYPES[kind]: content for kind, content in parts.items()}))

    def copy_briefly(self, milliseconds, **parts):
        return self.start("brief", milliseconds, *self.files({TYPES[kind]: content for kind, content in parts.items()}))

    def paste(self, kind="text"):
        """What is there; None if there is nothing of the kind."""
        done = subprocess.run(
            [self.program, "paste", TYPES[kind]], env=self.environment, capture_output=True, timeout=30
        )
        return done.stdout if done.returncode == 0 else None

    def stop(self):
        for process in self.running:
            if process.is_running():
                process.kill()


TYPES = {"text": "UTF8_STRING", "html": "text/html", "png": "image/png"}


def picture(bytes_of_pixels, seed=1):
    """A PNG of noise, which takes as many bytes as its pixels."""
    side = int((bytes_of_pixels / 3) ** 0.5)
    rows = random.Random(seed).randbytes(3 * side * side)
    raw = b"".join(b"\0" + rows[3 * side * y : 3 * side * (y + 1)] for y in range(side))

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 1)) + chunk(b"IEND", b"")


def _blob(content, kind):
    data = base64.b64encode(content).decode()
    return f"new Blob([Uint8Array.from(atob('{data}'), (one) => one.charCodeAt(0))], {{ type: '{kind}' }})"


class Local:
    """The clipboard of a visitor's device, as another program there would use it."""

    def __init__(self, visitor):
        self.visitor = visitor
        visitor.tab.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copy(self, **parts):
        """Another program has copied this: the page was out of sight meanwhile."""
        kinds = {"text": "text/plain", "html": "text/html", "png": "image/png"}
        items = ", ".join(f"'{kinds[kind]}': {_blob(content, kinds[kind])}" for kind, content in parts.items())
        self.visitor.ask(f"(async () => {{ await navigator.clipboard.write([new ClipboardItem({{ {items} }})]); }})()")
        self.visitor.ask("(dispatchEvent(new Event('blur')), document.getElementById('keys').focus())")

    def paste(self, kind="text"):
        """What another program would paste; None: nothing of the kind."""
        kinds = {"text": "text/plain", "html": "text/html", "png": "image/png"}
        data = self.visitor.ask(f"""(async () => {{
            const [item] = await navigator.clipboard.read();
            if (!item?.types.includes('{kinds[kind]}')) return null;
            const blob = await item.getType('{kinds[kind]}');
            return new Promise((done) => {{
                const reader = new FileReader();
                reader.onload = () => done(reader.result.split(',')[1]);
                reader.readAsDataURL(blob);
            }});
        }})()""")
        return None if data is None else base64.b64decode(data)

    def pixels(self, png):
        return pixels(self.visitor, png)


def pixels(visitor, png):
    """A digest of what a picture shows: browsers write PNGs in their own way."""
    return visitor.ask(f"""(async () => {{
        const image = await createImageBitmap({_blob(png, 'image/png')});
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const all = context.getImageData(0, 0, image.width, image.height).data;
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', all));
        return [image.width, image.height, ...digest].join(' ');
    }})()""")


def known(visitor, *kinds):
    """Waits until the page knows that the desk's clipboard has these."""
    eventually(
        lambda: visitor.ask("window.deskroom.state().clipboard.kinds") == list(kinds),
        what=lambda: f"the page knows of {kinds}: {json.dumps(visitor.state()['clipboard'])}",
    )
