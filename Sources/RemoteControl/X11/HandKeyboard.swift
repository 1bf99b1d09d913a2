internal import CX11

/// What the keyboard of a further hand needs that the first one has of itself: the desk's layout, and the focus.
enum HandKeyboard {
    /// Has the keys mean what those of the first keyboard mean: applications read every key by that one.
    static func copyMap(from first: DisplayConnection, to hand: DisplayConnection) {
        guard let map = XkbGetMap(first.display, allParts, UInt32(XkbUseCoreKbd)) else { return }
        defer { XkbFreeKeyboard(map, 0, 1) }
        // It names the keyboard that it was read of.
        map.pointee.device_spec = UInt16(XkbUseCoreKbd)
        XkbSetMap(hand.display, allParts, map)
        XSync(hand.display, 0)
    }

    /// What the keys of a keyboard mean, to see whether that has changed: the server also tells of changes that are of another
    /// keyboard, or of a spare keycode.
    static func map(of connection: DisplayConnection, except spares: Set<KeyCode>) -> [UInt] {
        var perKeycode: CInt = 0
        guard let keysyms = XGetKeyboardMapping(connection.display, 8, 248, &perKeycode) else { return [] }
        defer { XFree(keysyms) }
        let width = Int(perKeycode)
        return (0..<248 * width).map { spares.contains(KeyCode(8 + $0 / width)) ? 0 : keysyms[$0] }
    }

    /// A button is about to be pressed: what is clicked gets this keyboard, if no window manager is there.
    ///
    /// One that is there gives it to the right window, of the device that has clicked: the server sees to that
    /// while a button of that device is grabbed. Menus and the like are not given it.
    static func handlePress(_ hand: DisplayConnection) {
        let (display, root) = (hand.display, hand.root)
        guard XGetSelectionOwner(display, XInternAtom(display, "WM_S0", 0)) == 0 else { return }
        var (top, window): (Window, Window) = (0, 0)
        var (x, y, windowX, windowY): (CInt, CInt, CInt, CInt) = (0, 0, 0, 0)
        var state: UInt32 = 0
        XQueryPointer(display, root, &top, &window, &x, &y, &windowX, &windowY, &state)
        var attributes = XWindowAttributes()
        guard window != 0, XGetWindowAttributes(display, window, &attributes) != 0,
            attributes.override_redirect == 0, attributes.map_state == IsViewable
        else { return }
        XSetInputFocus(display, window, CInt(RevertToPointerRoot), UInt(CurrentTime))
    }

    /// `XkbAllMapComponentsMask`, which Swift does not import.
    private static let allParts: UInt32 = 0xff
}
