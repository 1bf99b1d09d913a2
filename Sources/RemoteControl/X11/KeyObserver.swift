internal import CX11

/// Sees which keys of a keyboard the X server has pressed, whoever asked for it, on a connection of its own: raw events come when the server has
/// processed them, wherever the focus is and whoever grabs the keyboard.
///
/// Each is translated by the map and the modifiers as they were told of before it: as an application does. After ``handleEvents()``
/// take ``pollPresses()``. Xlib reads the map anew when it is asked, not as it was at the event: whoever gives a key another meaning has the
/// presses before taken in first, by ``catchUp()``.
final class KeyObserver {
    typealias Press = (keycode: UInt8, keysym: UInt32)

    private let connection: DisplayConnection
    private let keyboardEventBase: CInt
    private var modifiers: UInt32 = 0
    private var group: UInt32 = 0
    private var presses: [Press] = []

    /// - Parameter pair: Whose keys are seen; `nil`: the first keyboard's.
    init(_ name: String?, of pair: MasterPair? = nil) throws(DeskScreenError) {
        connection = try DisplayConnection(name: name, pair: pair)
        var (opcode, base, error): (CInt, CInt, CInt) = (0, 0, 0)
        XkbQueryExtension(connection.display, &opcode, &base, &error, nil, nil)
        keyboardEventBase = base
        // Before the map is read: Xlib by itself reads it when the first key is translated, asks only then to be told of
        // changes, and would not know for good of one between the two.
        let changes = UInt32(XkbMapNotifyMask | XkbNewKeyboardNotifyMask)
        XkbSelectEvents(connection.display, UInt32(XkbUseCoreKbd), changes, changes)
        let details = UInt(XkbModifierStateMask | XkbGroupStateMask)
        XkbSelectEventDetails(
            connection.display,
            UInt32(XkbUseCoreKbd),
            UInt32(XkbStateNotify),
            details,
            details
        )
        var state = XkbStateRec()
        XkbGetState(connection.display, UInt32(XkbUseCoreKbd), &state)
        (modifiers, group) = (UInt32(state.mods), UInt32(state.group))
        var bits = [UInt8](repeating: 0, count: Int(XI_RawKeyPress) / 8 + 1)
        bits[Int(XI_RawKeyPress) / 8] |= 1 << (Int(XI_RawKeyPress) % 8)
        bits.withUnsafeMutableBufferPointer { bits in
            var mask = XIEventMask(
                deviceid: CInt(XIAllMasterDevices),
                mask_len: CInt(bits.count),
                mask: bits.baseAddress
            )
            XISelectEvents(connection.display, connection.root, &mask, 1)
        }
        // Has Xlib read the map.
        _ = keysym(of: 8)
        XSync(connection.display, 0)
    }

    /// The connection's socket; this object keeps it.
    var descriptor: CInt { XConnectionNumber(connection.display) }

    /// Waits until the server has told of everything that it did before, and takes it in.
    func catchUp() {
        XSync(connection.display, 0)
        handleEvents()
    }

    /// What was pressed, oldest first, each once.
    func pollPresses() -> [Press] {
        defer { presses.removeAll(keepingCapacity: true) }
        return presses
    }

    /// Takes in what the server has sent.
    func handleEvents() {
        var event = XEvent()
        while XPending(connection.display) > 0 {
            XNextEvent(connection.display, &event)
            switch event.type {
            case MappingNotify: XRefreshKeyboardMapping(&event.xmapping)
            case keyboardEventBase: handleKeyboard(event)
            case GenericEvent: handlePress(&event)
            default: break
            }
        }
    }

    private func handleKeyboard(_ event: XEvent) {
        withUnsafeBytes(of: event) { bytes in
            let state = bytes.loadUnaligned(as: XkbStateNotifyEvent.self)
            switch state.xkb_type {
            case CInt(XkbStateNotify):
                (modifiers, group) = (state.mods, UInt32(truncatingIfNeeded: state.group))
            case CInt(XkbMapNotify), CInt(XkbNewKeyboardNotify):
                // Xlib tells the two apart itself.
                var change = bytes.loadUnaligned(as: XkbMapNotifyEvent.self)
                XkbRefreshKeyboardMapping(&change)
            default: break
            }
        }
    }

    private func handlePress(_ event: inout XEvent) {
        guard
            event.xcookie.extension == connection.inputOpcode,
            event.xcookie.evtype == CInt(XI_RawKeyPress),
            XGetEventData(connection.display, &event.xcookie) != 0
        else { return }
        defer { XFreeEventData(connection.display, &event.xcookie) }
        guard let data = event.xcookie.data else { return }
        let press = data.assumingMemoryBound(to: XIRawEvent.self).pointee
        // Another hand's is not asked for here.
        guard press.deviceid == connection.keyboard, presses.count < Self.capacity else { return }
        let keycode = UInt8(truncatingIfNeeded: press.detail)
        presses.append((keycode, keysym(of: keycode)))
    }

    private func keysym(of keycode: KeyCode) -> UInt32 {
        var used: UInt32 = 0
        var keysym: KeySym = 0
        XkbLookupKeySym(connection.display, keycode, modifiers | group << 13, &used, &keysym)
        return UInt32(truncatingIfNeeded: KeyboardMap.canonical(keysym))
    }

    /// More than are ever expected between two looks: a program presses keys itself.
    private static let capacity = 1_024
}
