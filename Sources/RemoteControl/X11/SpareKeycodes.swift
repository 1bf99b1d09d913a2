internal import CX11
internal import Wire

/// Keycodes that no key of the layout uses, lent to characters that the layout does not have.
///
/// Applications translate a key press when they read it, which may be long after the server sent it. A
/// keycode that is given another meaning too early turns the character before into that one; so the
/// keycodes are used in turn, and each one again only after ``rest``.
///
/// There is one of it for all hands of a screen: applications read every key by the first keyboard's map, so a keycode
/// means the same on all of them.
final class SpareKeycodes {
    private struct Spare {
        let keycode: KeyCode
        var keysym: KeySym = 0
        var lastUse: Instant?
    }

    /// How long applications are given to read a key press.
    static let rest = Interval.milliseconds(250)
    /// How long applications are given to take in a new meaning before it is used.
    static let settling = Interval.milliseconds(10)

    private let connection: DisplayConnection
    private let property: Atom
    private var spares: [Spare] = []
    /// Who presses them, the first hand before the further ones, and who sees what was pressed.
    private var hands: [(connection: DisplayConnection, observer: KeyObserver)]

    init(_ connection: DisplayConnection, _ observer: KeyObserver, unused: [KeyCode]) {
        self.connection = connection
        hands = [(connection, observer)]
        property = XInternAtom(connection.display, "_DESKROOM_SPARE_KEYCODES", 0)
        // Meanings outlive the process that gave them; what a killed predecessor took is taken back.
        let inherited = readProperty()
        for keycode in inherited { bind(keycode, to: 0) }
        spares = Set(inherited + unused).sorted().map { Spare(keycode: $0) }
        writeProperty()
    }

    /// Another keyboard has the same map, and gets what changes.
    func add(_ connection: DisplayConnection, _ observer: KeyObserver) {
        hands.append((connection, observer))
    }
    func remove(_ connection: DisplayConnection) { hands.removeAll { $0.connection === connection } }

    /// All of them.
    var keycodes: Set<KeyCode> { Set(spares.map(\.keycode)) }

    /// Whether there is any spare keycode at all.
    var isEmpty: Bool { spares.isEmpty }

    /// Gives `keysym` a keycode other than those in `held`.
    ///
    /// Returns when the keycode may be used, or when to ask again, whichever comes next.
    func assign(_ keysym: KeySym, avoiding held: Set<KeyCode>, now: Instant) -> Instant {
        // Asked for again before the server has announced it: another keycode would only be wasted on it.
        if let bound = spares.first(where: { $0.keysym == keysym }), !held.contains(bound.keycode),
            let lastUse = bound.lastUse, lastUse + Self.rest > now
        {
            return now + Self.settling
        }
        let free = spares.indices.filter { !held.contains(spares[$0].keycode) }
        guard
            let index = free.min(by: { Self.isEarlier(spares[$0].lastUse, spares[$1].lastUse) })
        else { return now + Self.rest }
        if let lastUse = spares[index].lastUse, lastUse + Self.rest > now { return lastUse + Self.rest }
        bind(spares[index].keycode, to: keysym)
        spares[index].keysym = keysym
        spares[index].lastUse = now
        return now + Self.settling
    }

    /// `keycode` has just been pressed or released.
    func use(_ keycode: KeyCode, now: Instant) {
        guard let index = spares.firstIndex(where: { $0.keycode == keycode }) else { return }
        spares[index].lastUse = now
    }

    /// The layout was replaced: `unused` are the keycodes it leaves.
    ///
    /// Meanings that survived still count; the pool shrinks to what the new layout does not use.
    func update(unused: [KeyCode], meaning: (KeyCode) -> KeySym) {
        let kept = spares.filter {
            $0.keysym != 0 && meaning($0.keycode) == KeyboardMap.canonical($0.keysym)
        }
        let keptKeycodes = Set(kept.map(\.keycode))
        let previous = Dictionary(uniqueKeysWithValues: spares.map { ($0.keycode, $0.lastUse) })
        let fresh = unused.filter { !keptKeycodes.contains($0) }.map {
            Spare(keycode: $0, lastUse: previous[$0] ?? nil)
        }
        spares = kept + fresh
        writeProperty()
    }

    /// Takes every meaning back.
    func restore() {
        for spare in spares where spare.keysym != 0 { bind(spare.keycode, to: 0) }
        XDeleteProperty(connection.display, connection.root, property)
        spares = []
    }

    /// Has every press so far translated as it was meant: keys are about to mean something else.
    func catchUp() {
        for hand in hands {
            XSync(hand.connection.display, 0)
            hand.observer.catchUp()
        }
    }

    private func bind(_ keycode: KeyCode, to keysym: KeySym) {
        catchUp()
        // Twice the same: Shift must not change it.
        var keysyms = [keysym, keysym]
        for hand in hands {
            XChangeKeyboardMapping(hand.connection.display, CInt(keycode), 2, &keysyms, 1)
        }
        guard hands.count > 1 else { return }
        // Whichever of them presses it, applications know it by then.
        for hand in hands { XFlush(hand.connection.display) }
    }

    private static func isEarlier(_ first: Instant?, _ second: Instant?) -> Bool {
        guard let second else { return false }
        return first.map { $0 < second } ?? true
    }

    private func writeProperty() {
        let keycodes = spares.map(\.keycode)
        XChangeProperty(
            connection.display,
            connection.root,
            property,
            Atom(XA_CARDINAL),
            8,
            CInt(PropModeReplace),
            keycodes,
            CInt(keycodes.count)
        )
    }

    private func readProperty() -> [KeyCode] {
        var type: Atom = 0
        var format: CInt = 0
        var count: UInt = 0
        var left: UInt = 0
        var data: UnsafeMutablePointer<UInt8>?
        XGetWindowProperty(
            connection.display,
            connection.root,
            property,
            0,
            64,
            0,
            Atom(XA_CARDINAL),
            &type,
            &format,
            &count,
            &left,
            &data
        )
        guard let data else { return [] }
        defer { XFree(data) }
        guard format == 8 else { return [] }
        return UnsafeBufferPointer(start: data, count: Int(count)).filter { $0 >= 8 }
    }
}
