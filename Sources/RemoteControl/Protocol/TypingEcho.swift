#if canImport(Wire)
internal import Wire
#endif

/// What the X server made of keys that a page has pressed, or of a text: told to the holder on the channel `control`, so that the page
/// can compare it with what was meant.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  type = 0x52  |     kind      |           sequence            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           lease id                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |        1 to 32 keysyms; 0 for a key that did not arrive       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public struct TypingEcho: Hashable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// Presses, counted on from the sequence.
        case keys = 0
        /// The next keys of the text with the sequence.
        case text = 1
    }

    public var kind: Kind
    public var lease: LeaseID
    public var sequence: UInt16
    /// As applications translate them; `nil`: it did not arrive.
    public private(set) var keysyms: [UInt32?]

    public init(_ kind: Kind, lease: LeaseID, sequence: UInt16, _ keysym: UInt32?) {
        self.kind = kind
        self.lease = lease
        self.sequence = sequence
        keysyms = [keysym]
    }

    /// Adds what comes next; returns `false` if it does not belong to this one, or there is no room for it.
    public mutating func append(_ kind: Kind, lease: LeaseID, sequence: UInt16, _ keysym: UInt32?) -> Bool {
        let next = kind == .keys ? self.sequence &+ UInt16(keysyms.count) : self.sequence
        guard
            kind == self.kind, lease == self.lease, sequence == next,
            keysyms.count < ControlAction.maximumCount
        else { return false }
        keysyms.append(keysym)
        return true
    }

    public static let maximumLength = headerLength + 4 * ControlAction.maximumCount
    private static let headerLength = 8
}

extension TypingEcho {
    /// Parses the echo that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        let length = bytes.byteCount - Self.headerLength
        guard
            bytes.bigEndian(UInt8.self, at: 0) == Self.type,
            let kind = bytes.bigEndian(UInt8.self, at: 1).flatMap(Kind.init(rawValue:)),
            let sequence = bytes.bigEndian(UInt16.self, at: 2),
            let lease = bytes.bigEndian(UInt32.self, at: 4),
            (4...4 * ControlAction.maximumCount).contains(length), length.isMultiple(of: 4)
        else { throw MalformedMessage(offset: 0) }
        self.kind = kind
        self.lease = LeaseID(lease)
        self.sequence = sequence
        keysyms = []
        for offset in stride(from: Self.headerLength, to: bytes.byteCount, by: 4) {
            guard let value = bytes.bigEndian(UInt32.self, at: offset) else {
                throw MalformedMessage(offset: offset)
            }
            keysyms.append(value == 0 ? nil : value)
        }
    }

    public var encodedLength: Int { Self.headerLength + 4 * keysyms.count }

    /// Appends the echo; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        output.append(Self.type)
        output.append(kind.rawValue)
        output.append(network: sequence)
        output.append(network: lease.rawValue)
        for keysym in keysyms { output.append(network: keysym ?? 0) }
    }

    /// The echo as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }

    static let type: UInt8 = 0x52
}
