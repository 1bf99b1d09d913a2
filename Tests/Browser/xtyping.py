"""Hands on a keyboard that is no browser's: keys of an X display, by XTEST."""

import ctypes
import subprocess
import time

from xkbmap import PLACES

SHIFT, LEVEL3, CONTROL = 50, 108, 37


class Keyboard:
    """The keyboard of a display, with a layout as a person has it."""

    def __init__(self, display):
        self.display = display
        self.x = ctypes.CDLL("libX11.so.6")
        self.test = ctypes.CDLL("libXtst.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.connection = ctypes.c_void_p(self.x.XOpenDisplay(display.encode()))
        assert self.connection.value, f"no X server {display}"

    def set(self, layout, variant=""):
        subprocess.run(["setxkbmap", "-display", self.display, layout, variant], check=True)

    def _key(self, place, is_down):
        self.test.XTestFakeKeyEvent(self.connection, place, int(is_down), 0)
        self.x.XFlush(self.connection)

    def press(self, code, level=0, pace=0.004):
        """A key with the modifiers of its level: 1 Shift, 2 AltGr, 3 both."""
        modifiers = ([SHIFT] if level & 1 else []) + ([LEVEL3] if level & 2 else [])
        place = PLACES.get(code) or {"Enter": 36}[code]
        for one in modifiers:
            self._key(one, True)
            time.sleep(pace)
        self._key(place, True)
        time.sleep(pace)
        self._key(place, False)
        for one in reversed(modifiers):
            self._key(one, False)
        time.sleep(pace)

    def shortcut(self, code, pace=0.02):
        """A key with Control."""
        self._key(CONTROL, True)
        time.sleep(pace)
        self.press(code, pace=pace)
        self._key(CONTROL, False)

    def hold(self, code):
        self._key(PLACES[code], True)

    def close(self):
        self.x.XCloseDisplay(self.connection)
