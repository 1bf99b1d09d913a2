#if canImport(Wire)
internal import Wire
#endif

/// Where a key sits, whatever is printed on it: the X keycode that evdev gives it (`KeyboardEvent.code` names the same
/// places); 0: not known.
public struct KeyPlace: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt8

    /// Returns `nil` for what is no keycode of X, 1 to 7.
    public init?(rawValue: UInt8) {
        guard rawValue == 0 || rawValue >= 8 else { return nil }
        self.rawValue = rawValue
    }

    private init() { rawValue = 0 }

    public static let unknown = KeyPlace()
}

/// A key that somebody holds: what it means, and where it sits on their keyboard.
///
/// The same meaning at two places is two keys.
public struct DeskKey: Hashable, Sendable {
    public var keysym: Keysym
    public var place: KeyPlace

    public init(_ keysym: Keysym, at place: KeyPlace = .unknown) {
        self.keysym = keysym
        self.place = place
    }
}

extension DeskKey {
    /// u32 keysym, u8 place.
    static let encodedLength = 5

    /// Reads the key at `start`; `nil` if there is none, or it is one that no participant may send.
    init?(parsing bytes: RawSpan, from start: Int) {
        guard
            let keysym = bytes.bigEndian(UInt32.self, at: start).flatMap(Keysym.init(rawValue:)),
            let place = bytes.bigEndian(UInt8.self, at: start + 4).flatMap(KeyPlace.init(rawValue:))
        else { return nil }
        self.init(keysym, at: place)
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: keysym.rawValue)
        output.append(place.rawValue)
    }
}
