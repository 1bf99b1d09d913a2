"""Browsers on an X display of their own, where a keyboard is pressed as a hand does it."""

import json
from contextlib import ExitStack

import chromium
from bidi import Firefox
from desk import Sound, XServer, environment
from processes import Process

WIDTH, HEIGHT = 1300, 850


class Handset:
    """A display with a window manager. `tab` is a tab of the browser on it."""

    def __init__(self, name, folder, playwright):
        self.folder = folder
        self.closing = ExitStack()
        try:
            self.x = XServer(folder, WIDTH + 40, HEIGHT + 150)
            self.closing.callback(self.x.stop)
            windows = Process(["openbox"], folder / "openbox.log", self.environment())
            self.closing.callback(windows.stop)
            more = {"GTK_IM_MODULE": "gtk-im-context-simple", "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1"}
            self.tab = {"chromium": self._chromium, "firefox": self._firefox}[name](playwright, more)
        except BaseException:
            self.closing.close()
            raise

    @property
    def display(self):
        return self.x.display

    def environment(self, **more):
        return environment(self.folder, DISPLAY=self.display, **more)

    def _chromium(self, playwright, more):
        browser = playwright.chromium.launch(
            executable_path=chromium.PROGRAM, headless=False, env=self.environment(**more),
            args=[*chromium.ARGUMENTS, "--window-position=0,0", "--ozone-platform=x11"],
        )
        self.closing.callback(browser.close)
        return chromium.Tab(browser, WIDTH, HEIGHT)

    def _firefox(self, _, more):
        ears = self.folder / "ears"
        ears.mkdir()
        sound = Sound(ears)
        self.closing.callback(sound.stop)
        firefox = Firefox(self.folder, sound.server, width=WIDTH, height=HEIGHT, display=self.display, **more)
        self.closing.callback(firefox.close)
        firefox.take_keyboard()
        return firefox

    def insert(self, text):
        """As an emoji picker or a keyboard on the screen does it: all at once, and without a key."""
        if isinstance(self.tab, chromium.Tab):
            self.tab.page.keyboard.insert_text(text)
        else:
            self.tab.evaluate(f"document.execCommand('insertText', false, {json.dumps(text)})")

    def close(self):
        self.closing.close()
