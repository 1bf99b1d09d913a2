internal import CX11

/// Where the current layout has each keysym.
///
/// The answers about modifiers come from Xlib's own translation, which is what applications use, so that
/// every key type of every layout is understood.
struct KeyboardMap {
    /// A key, in one of the layout's groups: a layout of another script has the Latin letters in a second one.
    struct Key: Hashable {
        var keycode: KeyCode
        var group: UInt32
    }

    private let connection: DisplayConnection
    private var keys: [KeySym: [Key]] = [:]
    /// The group in force.
    private(set) var group: UInt32 = 0
    private var isCurrent = false
    private var isNew = false

    /// Counts the layouts seen.
    private(set) var revision = 0

    /// The modifier bit that selects the third level; 0 if the layout has none.
    private(set) var level3Mask: UInt32 = 0

    init(_ connection: DisplayConnection) {
        self.connection = connection
    }

    /// Takes in changes of the layout that the server has announced, and `group`, the group in force.
    mutating func update(group: UInt32) {
        var event = XEvent()
        while XCheckTypedEvent(connection.display, MappingNotify, &event) != 0 { handle(&event) }
        guard !isCurrent || group != self.group else { return }
        self.group = group
        rebuild()
    }

    /// The server has announced another layout.
    mutating func handle(_ mapping: inout XEvent) {
        XRefreshKeyboardMapping(&mapping.xmapping)
        isCurrent = false
        // Spare keycodes get their meanings one by one, and whoever shares them gives them to all keyboards.
        if mapping.xmapping.request != MappingKeyboard || mapping.xmapping.count > 1 { isNew = true }
    }

    /// Whether a whole layout has been announced since it was asked before.
    mutating func pollNew() -> Bool {
        defer { isNew = false }
        return isNew
    }

    /// The keys that carry `keysym` on some level, those of the group in force first.
    func keys(for keysym: KeySym) -> [Key] { keys[Self.canonical(keysym)] ?? [] }

    /// What `keycode` means while the modifiers `state` are in force, in a group, or in the one in force.
    func meaning(of keycode: KeyCode, state: UInt32, group: UInt32? = nil) -> KeySym {
        var used: UInt32 = 0
        var keysym: KeySym = 0
        XkbLookupKeySym(connection.display, keycode, state | (group ?? self.group) << 13, &used, &keysym)
        return Self.canonical(keysym)
    }

    /// Which groups a key may be pressed in, the one in force first.
    var groups: [UInt32] { [group] + (0..<Self.groupLimit).filter { $0 != group } }

    /// Whether a key has symbols of its own in a group.
    func has(_ keycode: KeyCode, in group: UInt32) -> Bool {
        group == self.group || XkbKeycodeToKeysym(connection.display, keycode, CInt(group), 0) != 0
    }

    /// The keycodes without a meaning.
    func unused() -> [KeyCode] {
        allKeycodes.filter { keycode in
            (0..<4).allSatisfy { group in
                (0..<2).allSatisfy { XkbKeycodeToKeysym(connection.display, keycode, group, $0) == 0 }
            }
        }
    }

    /// One value for the several keysyms of one character.
    static func canonical(_ keysym: KeySym) -> KeySym {
        // Keys of the keypad and the like have characters too, but are other keys.
        guard keysym < 0xfe00 || keysym > 0xffff else { return keysym }
        let character = xkb_keysym_to_utf32(UInt32(truncatingIfNeeded: keysym))
        guard character >= 0x20 else { return keysym }
        return KeySym(character < 0x100 ? character : 0x0100_0000 + character)
    }

    /// Whether a canonical keysym is that of a character.
    static func isCharacter(_ keysym: KeySym) -> Bool { keysym < 0xfe00 || keysym > 0xffff }

    private mutating func rebuild() {
        keys.removeAll(keepingCapacity: true)
        for group in groups {
            for keycode in allKeycodes {
                for level in CInt(0)..<8 {
                    var keysym = XkbKeycodeToKeysym(connection.display, keycode, CInt(group), level)
                    // A key that has fewer groups is the same in all of them.
                    if keysym == 0, group == self.group, group != 0 {
                        keysym = XkbKeycodeToKeysym(connection.display, keycode, 0, level)
                    }
                    guard keysym != 0 else { continue }
                    keys[Self.canonical(keysym), default: []].append(Key(keycode: keycode, group: group))
                }
            }
        }
        level3Mask = XkbKeysymToModifiers(connection.display, KeySym(XK_ISO_Level3_Shift))
        isCurrent = true
        revision += 1
    }

    private var allKeycodes: ClosedRange<KeyCode> {
        var first: CInt = 8
        var last: CInt = 255
        XDisplayKeycodes(connection.display, &first, &last)
        // The protocol confines both to 8...255.
        return KeyCode(truncatingIfNeeded: first)...KeyCode(truncatingIfNeeded: last)
    }

    /// X has no more.
    private static let groupLimit: UInt32 = 4
}
