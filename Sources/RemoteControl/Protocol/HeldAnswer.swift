#if canImport(Wire)
internal import Wire
#endif

/// What the desk says when it and a page did not agree on what is held: told to the holder on the channel `control`, so that
/// the page forgets what is not down.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  type = 0x53  |       0       |           released            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           lease id                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   client time of the last event of this channel before it     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      what is not held, as in HeldInput: 2 to 122 bytes        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public struct HeldAnswer: Hashable, Sendable {
    public var lease: LeaseID
    /// What was pressed after that is another matter.
    public var clientTime: UInt32
    /// How many keys and buttons the desk has let go of.
    public var released: UInt16
    /// What the page holds, as far as it is known, and the desk does not.
    public var missing: HeldInput

    public init(lease: LeaseID, clientTime: UInt32, released: UInt16, missing: HeldInput) {
        self.lease = lease
        self.clientTime = clientTime
        self.released = released
        self.missing = missing
    }

    public static let maximumLength = headerLength + HeldInput.maximumLength
    private static let headerLength = 12
}

extension HeldAnswer {
    /// Parses the answer that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            bytes.bigEndian(UInt8.self, at: 0) == Self.type,
            bytes.bigEndian(UInt8.self, at: 1) == 0,
            let released = bytes.bigEndian(UInt16.self, at: 2),
            let lease = bytes.bigEndian(UInt32.self, at: 4),
            let clientTime = bytes.bigEndian(UInt32.self, at: 8),
            let missing = HeldInput(parsing: bytes, from: Self.headerLength)
        else { throw MalformedMessage(offset: 0) }
        self.init(lease: LeaseID(lease), clientTime: clientTime, released: released, missing: missing)
    }

    public var encodedLength: Int { Self.headerLength + missing.encodedLength }

    /// Appends the answer; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        output.append(Self.type)
        output.append(0)
        output.append(network: released)
        output.append(network: lease.rawValue)
        output.append(network: clientTime)
        missing.write(into: &output)
    }

    /// The answer as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }

    private static let type: UInt8 = 0x53
}
