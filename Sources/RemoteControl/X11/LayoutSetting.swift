internal import CX11
internal import Glibc

/// Gives the X server another keyboard layout: it compiles that itself, and no process is started here.
enum LayoutSetting {
    /// Returns whether the server has it now; it waits for the server's compiler, some tens of milliseconds.
    static func apply(_ layout: KeyboardLayout, on connection: DisplayConnection) -> Bool {
        let components: [String] = ["evdev+aliases(qwerty)", "complete", "complete", layout.symbols]
        let parts = components.map { strdup($0) }
        defer { for part in parts { free(part) } }
        var names = XkbComponentNamesRec()
        names.keycodes = parts[0]
        names.types = parts[1]
        names.compat = parts[2]
        names.symbols = parts[3]
        let needed = UInt32(
            XkbGBN_TypesMask | XkbGBN_CompatMapMask | XkbGBN_SymbolsMask | XkbGBN_KeyNamesMask
        )
        guard
            let keyboard = XkbGetKeyboardByName(
                connection.display,
                UInt32(XkbUseCoreKbd),
                &names,
                needed,
                needed,
                1
            )
        else { return false }
        XkbFreeKeyboard(keyboard, UInt32(XkbAllComponentsMask), 1)
        XkbLockGroup(connection.display, UInt32(XkbUseCoreKbd), 0)
        tell(layout, on: connection)
        XSync(connection.display, 0)
        return true
    }

    /// Tells programs that ask for the layout's name, as `setxkbmap` does.
    private static func tell(_ layout: KeyboardLayout, on connection: DisplayConnection) {
        let (layouts, variants) = layout.groups
        var names: [UInt8] = []
        for word in ["evdev", "pc105", layouts, variants, ""] {
            names += Array(word.utf8)
            names.append(0)
        }
        names.withUnsafeBufferPointer { bytes in
            _ = XChangeProperty(
                connection.display,
                connection.root,
                XInternAtom(connection.display, "_XKB_RULES_NAMES", 0),
                Atom(XA_STRING),
                8,
                CInt(PropModeReplace),
                bytes.baseAddress,
                CInt(bytes.count)
            )
        }
    }
}
