#if canImport(Wire)
internal import Wire
#endif

/// Keys and buttons that are down.
///
/// ```
/// u16 buttons, of which bit n - 1 is button n; then for each key: u32 keysym, u8 place
/// ```
public struct HeldInput: Hashable, Sendable {
    public let buttons: Set<PointerButton>
    /// At most ``maximumKeys``.
    public let keys: [DeskKey]

    /// Keys beyond ``maximumKeys`` are left out: nobody has so many fingers.
    public init(buttons: Set<PointerButton> = [], keys: [DeskKey] = []) {
        self.buttons = buttons
        self.keys = Array(keys.prefix(Self.maximumKeys))
    }

    public var isEmpty: Bool { buttons.isEmpty && keys.isEmpty }
    public var count: Int { buttons.count + keys.count }

    public static let maximumKeys = 24
}

extension HeldInput {
    static let maximumLength = 2 + DeskKey.encodedLength * maximumKeys

    var encodedLength: Int { 2 + DeskKey.encodedLength * keys.count }

    /// Whether something of that many bytes can be one.
    static func isLength(_ length: Int) -> Bool {
        length <= maximumLength && length >= 2 && (length - 2).isMultiple(of: DeskKey.encodedLength)
    }

    /// Parses what fills `bytes` from `start` on.
    init?(parsing bytes: RawSpan, from start: Int) {
        guard
            Self.isLength(bytes.byteCount - start),
            let mask = bytes.bigEndian(UInt16.self, at: start)
        else { return nil }
        let buttons = PointerButton.allCases.filter { mask & $0.bit != 0 }
        guard mask == buttons.reduce(0, { $0 | $1.bit }) else { return nil }
        var keys: [DeskKey] = []
        for place in stride(from: start + 2, to: bytes.byteCount, by: DeskKey.encodedLength) {
            guard let key = DeskKey(parsing: bytes, from: place) else { return nil }
            keys.append(key)
        }
        self.init(buttons: Set(buttons), keys: keys)
    }

    @_lifetime(output: copy output)
    func write(into output: inout OutputRawSpan) {
        output.append(network: buttons.reduce(UInt16(0)) { $0 | $1.bit })
        for key in keys { key.write(into: &output) }
    }
}

extension PointerButton {
    var bit: UInt16 { 1 << (UInt16(rawValue) - 1) }
}
