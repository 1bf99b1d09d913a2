internal import CX11

/// A key to press, and what must be in force with it.
struct KeyStroke {
    var keycode: KeyCode
    /// Shift, Lock and the third-level modifier as they must be; other bits as they are.
    var modifiers: UInt32
    var group: UInt32
}

extension KeyboardMap {
    /// What to press so that `wanted`, a canonical keysym, arrives; `nil` if no key can mean it.
    ///
    /// Of several keys the one at `place` is preferred, for whoever plays with the keys where they are; then the one that
    /// changes the fewest modifiers. With Control, Alt or Super held a shortcut is meant, and letters are keys: a letter of
    /// another script is the Latin one at its place, as on any desk that has both.
    ///
    /// - Parameter among: The only keys to look at, if it is not all.
    func stroke(
        for wanted: KeySym,
        at place: KeyPlace,
        modifiers: UInt32,
        mayChangeGroup: Bool,
        among: Set<KeyCode>? = nil
    ) -> KeyStroke? {
        let isCharacter = Self.isCharacter(wanted)
        var candidates = keys(for: wanted)
        if let among { candidates.removeAll { !among.contains($0.keycode) } }
        if !mayChangeGroup { candidates.removeAll { $0.group != group } }
        if isCharacter, modifiers & Self.shortcutMask != 0 {
            let base = modifiers & ~UInt32(LockMask)
            if Self.isOfOtherScript(wanted),
                let key = latinKey(at: place, modifiers: base, mayChangeGroup: mayChangeGroup)
            {
                return KeyStroke(keycode: key.keycode, modifiers: base, group: key.group)
            }
            // An upper-case C that comes from the sender's Caps Lock must not become Control-Shift-C.
            for key in Self.ordered(candidates, place)
            where Self.isSameLetter(meaning(of: key.keycode, state: 0, group: key.group), wanted) {
                return KeyStroke(keycode: key.keycode, modifiers: base, group: key.group)
            }
        }

        let base = isCharacter ? modifiers & ~UInt32(LockMask) : modifiers
        let shift = UInt32(ShiftMask)
        let changes = [0, shift, level3Mask, shift | level3Mask]
        func stroke(_ candidates: [Key]) -> KeyStroke? {
            // From no change to the largest one.
            for change in changes {
                for key in candidates
                where meaning(of: key.keycode, state: base ^ change, group: key.group) == wanted {
                    return KeyStroke(keycode: key.keycode, modifiers: base ^ change, group: key.group)
                }
            }
            return nil
        }
        let here = candidates.filter { $0.group == group }
        return stroke(here.filter { $0.keycode == place.rawValue }) ?? stroke(here)
            ?? stroke(candidates.filter { $0.group != group })
    }

    /// The key at a place, in a group in which it has a Latin meaning.
    private func latinKey(at place: KeyPlace, modifiers: UInt32, mayChangeGroup: Bool) -> Key? {
        guard place != .unknown else { return nil }
        for group in mayChangeGroup ? groups : [group] where has(place.rawValue, in: group) {
            let meaning = meaning(of: place.rawValue, state: modifiers & UInt32(ShiftMask), group: group)
            if (0x21...0x7e).contains(meaning) { return Key(keycode: place.rawValue, group: group) }
        }
        return nil
    }

    private static func ordered(_ keys: [Key], _ place: KeyPlace) -> [Key] {
        keys.filter { $0.keycode == place.rawValue } + keys.filter { $0.keycode != place.rawValue }
    }

    /// A letter from Greek on: no program has shortcuts of those.
    private static func isOfOtherScript(_ keysym: KeySym) -> Bool {
        guard keysym >= 0x0100_0370,
            let letter = Unicode.Scalar(UInt32(truncatingIfNeeded: keysym & 0xff_ffff))
        else { return false }
        return letter.properties.isAlphabetic
    }

    private static func isSameLetter(_ first: KeySym, _ second: KeySym) -> Bool {
        let (a, b) = (cases(of: first), cases(of: second))
        return a.lower != a.upper && a == b
    }

    static func cases(of keysym: KeySym) -> (lower: KeySym, upper: KeySym) {
        var lower: KeySym = 0
        var upper: KeySym = 0
        XConvertCase(keysym, &lower, &upper)
        return (lower, upper)
    }

    /// Control, Mod1 (Alt) and Mod4 (Super).
    private static let shortcutMask = UInt32(ControlMask | Mod1Mask | Mod4Mask)
}
