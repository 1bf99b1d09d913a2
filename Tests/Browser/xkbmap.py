"""Keyboard layouts as xkbcommon has them: what a key at a place makes, by `KeyboardEvent.code`."""

import ctypes
from pathlib import Path

# As Sources/Appliance/Page/client/key-places.js has them: the first number, and the places from there on.
ROWS = {
    10: "Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal",
    24: "KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight",
    38: "KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote",
    51: "Backslash KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash",
    65: "Space",
    94: "IntlBackslash",
}
PLACES = {code: first + i for first, codes in ROWS.items() for i, code in enumerate(codes.split())}
CODES = {place: code for code, place in PLACES.items()}


class _Names(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ("rules", "model", "layout", "variant", "options")]


class Layout:
    def __init__(self, layout, variant=""):
        self.x = ctypes.CDLL("libxkbcommon.so.0")
        for function in (self.x.xkb_context_new, self.x.xkb_keymap_new_from_names):
            function.restype = ctypes.c_void_p
        context = ctypes.c_void_p(self.x.xkb_context_new(0))
        names = _Names(b"evdev", b"pc105", layout.encode(), variant.encode(), b"")
        self.keymap = ctypes.c_void_p(self.x.xkb_keymap_new_from_names(context, ctypes.byref(names), 0))
        assert self.keymap.value, f"xkbcommon has no layout {layout} {variant}"

    def keysym(self, place, level=0):
        found = ctypes.POINTER(ctypes.c_uint32)()
        count = self.x.xkb_keymap_key_get_syms_by_level(self.keymap, place, 0, level, ctypes.byref(found))
        return found[0] if count else 0

    def character(self, place, level=0):
        """What it writes; empty for a key that writes nothing by itself."""
        point = self.x.xkb_keysym_to_utf32(self.keysym(place, level))
        return chr(point) if point >= 0x20 and point != 0x7F else ""

    def dead(self, place, level=0):
        """Whether it is a dead key."""
        return 0xFE50 <= self.keysym(place, level) <= 0xFE93

    @property
    def levels(self):
        """Without modifiers, and with Shift; with AltGr, and with both, where the right Alt key is that."""
        return range(4 if self.keysym(108) == 0xFE03 else 2)

    def characters(self):
        """Every character that one key makes: `{character: (code, level)}`."""
        found = {}
        for level in self.levels:
            for place, code in CODES.items():
                character = self.character(place, level)
                if character:
                    found.setdefault(character, (code, level))
        return found
