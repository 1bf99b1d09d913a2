"""A tab of Debian's Chromium by way of Playwright, with the same few verbs as bidi.Firefox."""

import os

PROGRAM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--use-fake-ui-for-media-stream",
]


class Tab:
    """One tab with cookies and storage of its own."""

    def __init__(self, browser, width=1600, height=1000, **device):
        """`device`: what else Playwright knows of one, such as has_touch."""
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, ignore_https_errors=True, **device
        )
        self.page = self.context.new_page()
        self.console = []
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))

    def before_pages(self, script):
        self.context.add_init_script(script)

    def goto(self, url):
        self.page.goto(url)

    def reload(self):
        self.page.reload()

    def evaluate(self, expression):
        return self.page.evaluate(f"async () => await ({expression})")

    def move(self, x, y):
        self.page.mouse.move(x, y)

    def down(self, button=0):
        self.page.mouse.down(button=["left", "middle", "right"][button])

    def up(self, button=0):
        self.page.mouse.up(button=["left", "middle", "right"][button])

    def tap(self, x, y):
        self.page.touchscreen.tap(x, y)

    def wheel(self, x, y, dx, dy):
        self.page.mouse.move(x, y)
        self.page.mouse.wheel(dx, dy)

    def key_down(self, key):
        self.page.keyboard.down(key)

    def key_up(self, key):
        self.page.keyboard.up(key)

    def screenshot(self, path):
        self.page.screenshot(path=path)

    def close(self):
        self.context.close()
