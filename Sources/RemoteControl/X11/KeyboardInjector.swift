internal import CX11
internal import Wire

/// Types keysyms through XTEST, on whatever layout the desk has.
///
/// What arrives in an application is the keysym that was asked for: if the modifiers in force would make
/// another one of the key, they are changed for the moment of the press and put back.
struct KeyboardInjector {
    /// What became of a press.
    enum Outcome {
        case pressed
        /// The layout lacks the keysym; press again at this time, when a spare keycode means it.
        case wait(until: Instant)
        /// There is no keycode for it.
        case impossible
    }

    private let connection: DisplayConnection
    private var map: KeyboardMap
    private var spares: SpareKeycodes
    /// The keycode that each keysym was pressed with; it is also the one that is released, whatever the
    /// layout has become since.
    private var held: [Keysym: KeyCode] = [:]

    init(_ connection: DisplayConnection) {
        self.connection = connection
        map = KeyboardMap(connection)
        map.update(group: 0)
        spares = SpareKeycodes(connection, unused: map.unused())
        // A held key repeats because its holder's keyboard says so. If the server repeated it, a broken
        // connection would leave Backspace deleting.
        XAutoRepeatOff(connection.display)
    }

    mutating func press(_ keysym: Keysym, now: Instant) -> Outcome {
        // The keysyms that arrive already have the effect of the sender's locks in them.
        guard !Self.locks.contains(keysym.rawValue) else { return .pressed }
        let state = currentState()
        let wanted = KeyboardMap.canonical(KeySym(keysym.rawValue))

        // A modifier that repeats is still held; letting it go for a moment would be a tap of it.
        if Self.modifiers.contains(keysym.rawValue), held[keysym] != nil { return .pressed }
        if let keycode = held[keysym], map.keycodes(for: wanted).contains(keycode) {
            release(keysym, now: now)
        }
        guard let stroke = stroke(for: wanted, state) else {
            guard !spares.isEmpty else { return .impossible }
            let ready = spares.assign(xKeysym(wanted), avoiding: Set(held.values), now: now)
            XFlush(connection.display)
            return .wait(until: ready)
        }
        // The keycode may be down under another keysym, as for A and then a: X reports one press per key.
        for (other, keycode) in held where keycode == stroke.keycode { release(other, now: now) }
        perform(stroke, state)
        held[keysym] = stroke.keycode
        spares.use(stroke.keycode, now: now)
        return .pressed
    }

    mutating func release(_ keysym: Keysym, now: Instant) {
        // A browser reports a key that was pressed as A, and let go after Shift, as a.
        guard let key = held[keysym].map({ _ in keysym }) ?? otherCase(of: keysym) else { return }
        guard let keycode = held.removeValue(forKey: key) else { return }
        fake(keycode, down: false)
        spares.use(keycode, now: now)
    }

    var isHolding: Bool { !held.isEmpty }

    /// Releases whatever the server has down, whoever pressed it.
    func releaseForeign() {
        var bits = [CChar](repeating: 0, count: 32)
        XQueryKeymap(connection.display, &bits)
        for keycode in KeyCode(8)...KeyCode.max
        where UInt8(bitPattern: bits[Int(keycode) / 8]) & 1 << (keycode % 8) != 0 {
            fake(keycode, down: false)
        }
    }

    mutating func releaseAll(now: Instant) {
        for keysym in held.keys { release(keysym, now: now) }
    }

    /// Undoes what this type did to the server's keyboard.
    mutating func restore() {
        spares.restore()
        XAutoRepeatOn(connection.display)
    }

    /// The server has announced another layout, or another meaning of a key.
    mutating func handle(_ mapping: inout XEvent) {
        map.handle(&mapping)
    }

    // MARK: Choosing the stroke

    /// A key, and the modifiers to hold with it.
    private struct Stroke {
        var keycode: KeyCode
        /// Shift, Lock and the third-level modifier as they must be; other bits as they are.
        var modifiers: UInt32
    }

    private mutating func currentState() -> XkbStateRec {
        var state = XkbStateRec()
        XkbGetState(connection.display, UInt32(XkbUseCoreKbd), &state)
        let (map, connection) = (self.map.revision, self.connection)
        self.map.update(group: UInt32(state.group))
        if self.map.revision != map {
            let current = self.map
            spares.update(unused: current.unused()) { current.meaning(of: $0, state: 0) }
            XFlush(connection.display)
        }
        return state
    }

    /// The stroke that changes the fewest modifiers, or `nil` if no key can mean `wanted`.
    private func stroke(for wanted: KeySym, _ state: XkbStateRec) -> Stroke? {
        let current = UInt32(state.mods)
        let keycodes = map.keycodes(for: wanted)
        let isCharacter = wanted < 0xfe00 || wanted > 0xffff

        // With Control, Alt or Super held a shortcut is meant, and letters are keys: an upper-case C that
        // comes from the sender's Caps Lock must not become Control-Shift-C.
        if isCharacter, current & Self.shortcutMask != 0 {
            for keycode in keycodes where isSameLetter(map.meaning(of: keycode, state: 0), wanted) {
                return Stroke(keycode: keycode, modifiers: current & ~UInt32(LockMask))
            }
        }

        let base = isCharacter ? current & ~UInt32(LockMask) : current
        let shift = UInt32(ShiftMask)
        let level3 = map.level3Mask
        // From no change to the largest one.
        for change in [0, shift, level3, shift | level3] {
            let modifiers = base ^ change
            for keycode in keycodes where map.meaning(of: keycode, state: modifiers) == wanted {
                return Stroke(keycode: keycode, modifiers: modifiers)
            }
        }
        return nil
    }

    private func isSameLetter(_ first: KeySym, _ second: KeySym) -> Bool {
        let (a, b) = (Self.cases(of: first), Self.cases(of: second))
        return a.lower != a.upper && a == b
    }

    private func otherCase(of keysym: Keysym) -> Keysym? {
        let cases = Self.cases(of: KeySym(keysym.rawValue))
        return [cases.lower, cases.upper].lazy
            .compactMap { Keysym(rawValue: UInt32(truncatingIfNeeded: $0)) }
            .first { held[$0] != nil }
    }

    private static func cases(of keysym: KeySym) -> (lower: KeySym, upper: KeySym) {
        var lower: KeySym = 0
        var upper: KeySym = 0
        XConvertCase(keysym, &lower, &upper)
        return (lower, upper)
    }

    /// The keysym that applications know a character by.
    private func xKeysym(_ canonical: KeySym) -> KeySym {
        guard canonical >= 0x0100_0000, canonical <= 0x0110_ffff else { return canonical }
        let keysym = xkb_utf32_to_keysym(UInt32(canonical) - 0x0100_0000)
        return keysym == 0 ? canonical : KeySym(keysym)
    }

    // MARK: Performing it

    private func perform(_ stroke: Stroke, _ state: XkbStateRec) {
        let change = UInt32(state.mods) ^ stroke.modifiers
        guard change != 0 else {
            fake(stroke.keycode, down: true)
            return
        }
        let removed = change & ~stroke.modifiers
        let added = change & stroke.modifiers
        let locked = removed & UInt32(state.locked_mods)
        let lifted = held.filter { removed & modifier(of: $0.key) != 0 }.map(\.value)
        let pressed = keycodes(adding: added)

        if locked != 0 { XkbLockModifiers(connection.display, UInt32(XkbUseCoreKbd), locked, 0) }
        for keycode in lifted { fake(keycode, down: false) }
        for keycode in pressed { fake(keycode, down: true) }
        fake(stroke.keycode, down: true)
        for keycode in pressed.reversed() { fake(keycode, down: false) }
        for keycode in lifted { fake(keycode, down: true) }
        if locked != 0 { XkbLockModifiers(connection.display, UInt32(XkbUseCoreKbd), locked, locked) }
    }

    private func modifier(of keysym: Keysym) -> UInt32 {
        switch CInt(keysym.rawValue) {
        case XK_Shift_L, XK_Shift_R: UInt32(ShiftMask)
        case XK_ISO_Level3_Shift: map.level3Mask
        default: 0
        }
    }

    private func keycodes(adding modifiers: UInt32) -> [KeyCode] {
        var keycodes: [KeyCode?] = []
        if modifiers & UInt32(ShiftMask) != 0 { keycodes.append(map.keycodes(for: KeySym(XK_Shift_L)).first) }
        if modifiers & map.level3Mask != 0 {
            keycodes.append(map.keycodes(for: KeySym(XK_ISO_Level3_Shift)).first)
        }
        return keycodes.compactMap(\.self)
    }

    private func fake(_ keycode: KeyCode, down: Bool) {
        XTestFakeKeyEvent(connection.display, UInt32(keycode), down ? 1 : 0, UInt(CurrentTime))
    }

    /// Control, Mod1 (Alt) and Mod4 (Super).
    private static let shortcutMask = UInt32(ControlMask | Mod1Mask | Mod4Mask)
    /// Shift, Control, Meta, Alt, Super, Hyper, and the third level.
    private static let modifiers = Set<UInt32>(0xffe1...0xffee).union([UInt32(XK_ISO_Level3_Shift)])
    private static let locks: Set<UInt32> = [
        UInt32(XK_Caps_Lock), UInt32(XK_Shift_Lock), UInt32(XK_Num_Lock),
    ]
}
