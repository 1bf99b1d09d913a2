"""Browsers on X displays of their own, where a keyboard is pressed as a hand does it."""

import json
import os
from contextlib import ExitStack

import chromium
from bidi import Firefox
from desk import Sound, XServer, environment
from processes import Process

WIDTH, HEIGHT = 1300, 850
# Of the preferences that Firefox recommends to whoever drives it, this one keeps the focus from its windows: with it no key
# reaches an input method, not even the one that makes ê of ^ and e.
PREFERENCES = {"focusmanager.testmode": False}
# Without an input method of whoever runs this.
INPUT = {"GTK_IM_MODULE": "gtk-im-context-simple"}


class Handset:
    """A display with a window manager. `tab` is a tab of the Firefox on it."""

    def __init__(self, folder):
        self.folder = folder
        self.closing = ExitStack()
        try:
            self.x = XServer(folder, WIDTH + 40, HEIGHT + 150)
            self.closing.callback(self.x.stop)
            windows = Process(["openbox"], folder / "openbox.log", self.environment())
            self.closing.callback(windows.stop)
            ears = folder / "ears"
            ears.mkdir()
            sound = Sound(ears)
            self.closing.callback(sound.stop)
            self.tab = Firefox(
                folder, sound.server, width=WIDTH, height=HEIGHT, display=self.display, preferences=PREFERENCES,
                LC_ALL="C.UTF-8", NO_AT_BRIDGE="1", **INPUT,
            )
            self.closing.callback(self.tab.close)
            self.tab.take_keyboard()
        except BaseException:
            self.closing.close()
            raise

    @property
    def display(self):
        return self.x.display

    def environment(self, **more):
        return environment(self.folder, DISPLAY=self.display, **more)

    def write(self, text):
        """Text that no key has, into what has the focus, as an on-screen keyboard writes it."""
        self.tab.evaluate(f"document.execCommand('insertText', false, {json.dumps(text)})")

    def close(self):
        self.closing.close()


class ChromiumHandset:
    """A display with a Chromium that fills it. `tab` is a tab of that."""

    def __init__(self, folder, playwright):
        self.closing = ExitStack()
        try:
            self.x = XServer(folder, WIDTH + 100, HEIGHT + 150)
            self.closing.callback(self.x.stop)
            size = f"--window-size={WIDTH + 100},{HEIGHT + 150}"
            browser = playwright.chromium.launch(
                executable_path=chromium.PROGRAM, headless=False,
                env={**os.environ, "DISPLAY": self.display, "LC_ALL": "en_US.UTF-8", **INPUT},
                args=[*chromium.ARGUMENTS, "--window-position=0,0", size, "--ozone-platform=x11"],
            )
            self.closing.callback(browser.close)
            self.tab = chromium.Tab(browser, WIDTH, HEIGHT)
        except BaseException:
            self.closing.close()
            raise

    @property
    def display(self):
        return self.x.display

    def write(self, text):
        """Text that no key has, into what has the focus, as an on-screen keyboard writes it."""
        self.tab.page.keyboard.insert_text(text)

    def close(self):
        self.closing.close()
