"""What an X server has down, asked of the server itself."""

import ctypes

SHIFT, CONTROL, ALT = 1, 4, 8


class XState:
    """A client of its own on a display."""

    def __init__(self, display):
        self.x = ctypes.CDLL("libX11.so.6")
        self.x.XOpenDisplay.restype = ctypes.c_void_p
        self.x.XDefaultRootWindow.restype = ctypes.c_ulong
        self.connection = ctypes.c_void_p(self.x.XOpenDisplay(display.encode()))
        assert self.connection.value, f"no X server {display}"
        self.root = ctypes.c_ulong(self.x.XDefaultRootWindow(self.connection))

    def keys(self):
        """The keycodes that are down."""
        bits = (ctypes.c_ubyte * 32)()
        self.x.XQueryKeymap(self.connection, bits)
        return [code for code in range(256) if bits[code // 8] & 1 << code % 8]

    def pointer(self):
        """The pointer's place, and the mask of buttons and modifiers: (x, y, mask)."""
        windows = [ctypes.c_ulong() for _ in range(2)]
        places = [ctypes.c_int() for _ in range(4)]
        mask = ctypes.c_uint()
        self.x.XQueryPointer(self.connection, self.root, *map(ctypes.byref, [*windows, *places, mask]))
        return places[0].value, places[1].value, mask.value

    def buttons(self):
        """The buttons that are down, as a mask: 1 left, 2 middle, 4 right."""
        return self.pointer()[2] >> 8 & 7

    def held(self):
        """Whether any key or button is down."""
        return bool(self.keys() or self.buttons())

    def close(self):
        self.x.XCloseDisplay(self.connection)
