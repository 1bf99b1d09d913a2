internal import CX11
internal import Wire

/// Types keysyms through XTEST, on whatever layout the desk has.
///
/// What arrives in an application is the keysym that was asked for: if the modifiers in force would make
/// another one of the key, they are changed for the moment of the press and put back.
struct KeyboardInjector {
    /// What became of a press.
    enum Outcome {
        /// - Parameter keycode: What the server will tell of; `nil`: it was down already, or is of no effect.
        case pressed(keycode: KeyCode?)
        /// The layout lacks the keysym; press again at this time, when a spare keycode means it.
        case wait(until: Instant)
        /// There is no keycode for it.
        case impossible
    }

    private let connection: DisplayConnection
    private var map: KeyboardMap
    let spares: SpareKeycodes
    private let ownsSpares: Bool
    /// The keycode that each key was pressed with; it is also the one that is released, whatever the
    /// layout has become since.
    private var held: [DeskKey: KeyCode] = [:]

    /// - Parameter others: The spare keycodes of another keyboard whose map this one has; `nil`: it has its own.
    init(_ connection: DisplayConnection, _ observer: KeyObserver, sharing others: SpareKeycodes? = nil) {
        self.connection = connection
        map = KeyboardMap(connection)
        map.update(group: 0)
        ownsSpares = others == nil
        spares = others ?? SpareKeycodes(connection, observer, unused: map.unused())
        // A held key repeats because its holder's keyboard says so. If the server repeated it, a broken
        // connection would leave Backspace deleting.
        XAutoRepeatOff(connection.display)
    }

    /// - Parameter bySpare: By a spare keycode, although the layout may have a key for it.
    mutating func press(_ key: DeskKey, bySpare: Bool = false, now: Instant) -> Outcome {
        let keysym = key.keysym.rawValue
        // The keysyms that arrive already have the effect of the sender's locks in them.
        guard !Self.locks.contains(keysym) else { return .pressed(keycode: nil) }
        // A modifier that repeats is still held; letting it go for a moment would be a tap of it.
        if Self.modifiers.contains(keysym), held[key] != nil { return .pressed(keycode: nil) }
        release(key, now: now)
        let wanted = KeyboardMap.canonical(KeySym(keysym))
        let state = currentState()
        let among = bySpare ? spares.keycodes : nil
        guard let stroke = stroke(for: wanted, at: key.place, among: among, state) else {
            guard !spares.isEmpty else { return .impossible }
            let ready = spares.assign(xKeysym(wanted), avoiding: Set(held.values), now: now)
            XFlush(connection.display)
            return .wait(until: ready)
        }
        // The keycode may be down under another keysym, as for A and then a: X reports one press per key.
        for (other, keycode) in held where keycode == stroke.keycode { release(other, now: now) }
        perform(stroke, state)
        held[key] = stroke.keycode
        spares.use(stroke.keycode, now: now)
        return .pressed(keycode: stroke.keycode)
    }

    mutating func release(_ key: DeskKey, now: Instant) {
        guard let key = heldKey(key), let keycode = held.removeValue(forKey: key) else { return }
        fake(keycode, down: false)
        spares.use(keycode, now: now)
    }

    /// Lets go of whatever is down and not among `keys`, whoever pressed it, and forgets what is not down.
    ///
    /// Returns how many keys were let go of, and which of `keys` are not down.
    mutating func reconcile(with keys: [DeskKey], now: Instant) -> (released: Int, missing: [DeskKey]) {
        let wanted = Set(keys)
        let down = keycodesDown()
        for (key, keycode) in held where !down.contains(keycode) || !wanted.contains(key) { held[key] = nil }
        let extra = down.subtracting(held.values)
        for keycode in extra {
            fake(keycode, down: false)
            spares.use(keycode, now: now)
        }
        return (extra.count, keys.filter { held[$0] == nil && !Self.locks.contains($0.keysym.rawValue) })
    }

    /// What is down for the holder.
    var heldKeys: [DeskKey] { Array(held.keys) }

    var isHolding: Bool { !held.isEmpty }

    /// Releases whatever the server has down, whoever pressed it.
    func releaseForeign() {
        for keycode in keycodesDown() { fake(keycode, down: false) }
    }

    /// What the server has down, whoever pressed it.
    private func keycodesDown() -> Set<KeyCode> {
        var bits = [CChar](repeating: 0, count: 32)
        XQueryKeymap(connection.display, &bits)
        return Set(
            (KeyCode(8)...KeyCode.max).filter {
                UInt8(bitPattern: bits[Int($0) / 8]) & 1 << ($0 % 8) != 0
            }
        )
    }

    mutating func releaseAll(now: Instant) {
        for key in held.keys { release(key, now: now) }
    }

    /// Gives the server another layout; returns whether it could.
    ///
    /// Nothing may be held.
    mutating func setLayout(_ layout: KeyboardLayout) -> Bool {
        spares.catchUp()
        guard LayoutSetting.apply(layout, on: connection) else { return false }
        XAutoRepeatOff(connection.display)
        _ = currentState()
        return true
    }

    /// Undoes what this type did to the server's keyboard.
    mutating func restore() {
        if ownsSpares { spares.restore() }
        XAutoRepeatOn(connection.display)
    }

    /// The server has announced another layout, or another meaning of a key.
    mutating func handle(_ mapping: inout XEvent) {
        map.handle(&mapping)
    }

    /// Whether keys mean something else than when it was asked before; spare keycodes apart.
    mutating func pollNewMap() -> Bool { map.pollNew() }

    // MARK: Choosing the stroke

    private mutating func currentState() -> XkbStateRec {
        var state = XkbStateRec()
        XkbGetState(connection.display, UInt32(XkbUseCoreKbd), &state)
        let (map, connection) = (self.map.revision, self.connection)
        self.map.update(group: UInt32(state.group))
        if ownsSpares, self.map.revision != map {
            let current = self.map
            spares.update(unused: current.unused()) { current.meaning(of: $0, state: 0) }
            XFlush(connection.display)
        }
        return state
    }

    /// The key that is let go when this one is.
    ///
    /// A browser reports a key that was pressed as A, and let go after Shift, as a.
    private func heldKey(_ key: DeskKey) -> DeskKey? {
        if held[key] != nil { return key }
        if key.place != .unknown, let other = held.keys.first(where: { $0.place == key.place }) {
            return other
        }
        let cases = KeyboardMap.cases(of: KeySym(key.keysym.rawValue))
        return [cases.lower, cases.upper].lazy
            .compactMap { Keysym(rawValue: UInt32(truncatingIfNeeded: $0)) }
            .map { DeskKey($0, at: key.place) }
            .first { held[$0] != nil }
    }

    /// The keysym that applications know a character by, on a key that was without a meaning.
    ///
    /// An alphabet's old keysyms are what old programs know. Those of signs and of single Hangul letters are not known to all
    /// new ones (GDK 3 drops `permille`), and everything knows the keysyms that are made of code points.
    private func xKeysym(_ canonical: KeySym) -> KeySym {
        guard canonical >= 0x0100_0000, canonical <= 0x0110_ffff else { return canonical }
        let keysym = xkb_utf32_to_keysym(UInt32(canonical) - 0x0100_0000)
        switch keysym {
        case 0, 0x800...0xbff, 0xe00...0xeff: return canonical
        default: return KeySym(keysym)
        }
    }

    // MARK: Performing it

    private func stroke(
        for wanted: KeySym,
        at place: KeyPlace,
        among: Set<KeyCode>?,
        _ state: XkbStateRec
    ) -> KeyStroke? {
        map.stroke(
            for: wanted,
            at: place,
            modifiers: UInt32(state.mods),
            // A group that is held, and not locked, is somebody else's.
            mayChangeGroup: state.base_group == 0 && state.latched_group == 0,
            among: among
        )
    }

    private func perform(_ stroke: KeyStroke, _ state: XkbStateRec) {
        let change = UInt32(state.mods) ^ stroke.modifiers
        if stroke.group != UInt32(state.group) {
            XkbLockGroup(connection.display, UInt32(XkbUseCoreKbd), stroke.group)
        }
        defer {
            if stroke.group != UInt32(state.group) {
                XkbLockGroup(connection.display, UInt32(XkbUseCoreKbd), UInt32(state.locked_group))
            }
        }
        guard change != 0 else {
            fake(stroke.keycode, down: true)
            return
        }
        let removed = change & ~stroke.modifiers
        let added = change & stroke.modifiers
        let locked = removed & UInt32(state.locked_mods)
        let lifted = held.filter { removed & modifier(of: $0.key.keysym) != 0 }.map(\.value)
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
        if modifiers & UInt32(ShiftMask) != 0 {
            keycodes.append(map.keys(for: KeySym(XK_Shift_L)).first?.keycode)
        }
        if modifiers & map.level3Mask != 0 {
            keycodes.append(map.keys(for: KeySym(XK_ISO_Level3_Shift)).first?.keycode)
        }
        return keycodes.compactMap(\.self)
    }

    private func fake(_ keycode: KeyCode, down: Bool) {
        XTestFakeKeyEvent(connection.display, UInt32(keycode), down ? 1 : 0, UInt(CurrentTime))
    }

    /// Shift, Control, Meta, Alt, Super, Hyper, and the third level.
    private static let modifiers = Set<UInt32>(0xffe1...0xffee).union([UInt32(XK_ISO_Level3_Shift)])
    private static let locks: Set<UInt32> = [
        UInt32(XK_Caps_Lock), UInt32(XK_Shift_Lock), UInt32(XK_Num_Lock),
    ]
}
