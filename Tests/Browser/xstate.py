"""What an X server has down, asked of the server itself."""

import ctypes

SHIFT, CONTROL, ALT = 1, 4, 8
MASTER_DEVICES = 1


class DeviceInfo(ctypes.Structure):
    """XIDeviceInfo of XInput2.h."""

    _fields_ = [
        ("id", ctypes.c_int), ("name", ctypes.c_char_p), ("use", ctypes.c_int), ("attachment", ctypes.c_int),
        ("enabled", ctypes.c_int), ("classes", ctypes.c_int), ("class", ctypes.c_void_p),
    ]


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

    def masters(self):
        """The names of the pointers and keyboards that events are told of by."""
        xi = ctypes.CDLL("libXi.so.6")
        xi.XIQueryDevice.restype = ctypes.POINTER(DeviceInfo)
        count = ctypes.c_int()
        found = xi.XIQueryDevice(self.connection, MASTER_DEVICES, ctypes.byref(count))
        names = [found[index].name.decode() for index in range(count.value)]
        xi.XIFreeDeviceInfo(found)
        return names

    def close(self):
        self.x.XCloseDisplay(self.connection)
