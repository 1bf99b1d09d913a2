internal import CX11

/// Sees which keys of a keyboard the X server has pressed, whoever asked for it, on a connection of its own: raw events come when the server has
/// processed them, wherever the focus is and whoever grabs the keyboard.
///
/// Each is translated by the map and the modifiers as they were told of before it: as an application does.
final class KeyObserver {
    private let connection: DisplayConnection
    private let keyboardEventBase: CInt
    private var modifiers: UInt32 = 0
    private var group: UInt32 = 0

    /// - Parameter pair: Whose keys are seen; `nil`: the first keyboard's.
    init(_ name: String?, of pair: MasterPair? = nil) throws(DeskScreenError) {
        connection = try DisplayConnection(name: name, pair: pair)
        var (opcode, base, error): (CInt, CInt, CInt) = (0, 0, 0)
        XkbQueryExtension(connection.display, &opcode, &base, &error, nil, nil)
        keyboardEventBase = base
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
        XSync(connection.display, 0)
    }

    /// The connection's socket; this object keeps it.
    var descriptor: CInt { XConnectionNumber(connection.display) }

    /// Waits until the server has told of everything that it did before.
    func synchronize() { XSync(connection.display, 0) }

    /// Takes in what the server has sent.
    func handleEvents(_ report: (_ keycode: UInt8, _ keysym: UInt32) -> Void) {
        var event = XEvent()
        while XPending(connection.display) > 0 {
            XNextEvent(connection.display, &event)
            switch event.type {
            case MappingNotify: XRefreshKeyboardMapping(&event.xmapping)
            case keyboardEventBase: handleState(event)
            case GenericEvent: handlePress(&event, report)
            default: break
            }
        }
    }

    private func handleState(_ event: XEvent) {
        let state = withUnsafeBytes(of: event) { $0.loadUnaligned(as: XkbStateNotifyEvent.self) }
        guard state.xkb_type == CInt(XkbStateNotify) else { return }
        (modifiers, group) = (state.mods, UInt32(truncatingIfNeeded: state.group))
    }

    private func handlePress(_ event: inout XEvent, _ report: (UInt8, UInt32) -> Void) {
        guard
            event.xcookie.extension == connection.inputOpcode,
            event.xcookie.evtype == CInt(XI_RawKeyPress),
            XGetEventData(connection.display, &event.xcookie) != 0
        else { return }
        defer { XFreeEventData(connection.display, &event.xcookie) }
        guard let data = event.xcookie.data else { return }
        let press = data.assumingMemoryBound(to: XIRawEvent.self).pointee
        // Another hand's is not asked for here.
        guard press.deviceid == connection.keyboard else { return }
        let keycode = UInt8(truncatingIfNeeded: press.detail)
        var used: UInt32 = 0
        var keysym: KeySym = 0
        XkbLookupKeySym(connection.display, keycode, modifiers | group << 13, &used, &keysym)
        report(keycode, UInt32(truncatingIfNeeded: KeyboardMap.canonical(keysym)))
    }
}
