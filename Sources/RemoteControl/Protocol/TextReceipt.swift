#if canImport(Wire)
internal import Wire
#endif

/// What became of one ``ControlAction/text(_:)``: told to its sender on the channel it came by, so that a page
/// sends no more than the desk takes, and can say what did not arrive.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  type = 0x51  |    outcome    |     sequence of the text      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           lease id                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      keysyms delivered        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public struct TextReceipt: Hashable, Sendable {
    public enum Outcome: UInt8, Hashable, Sendable, CaseIterable {
        /// All of it is in the X server.
        case delivered = 0
        /// The sender sent more than the room takes.
        case tooFast = 1
        /// The desk is not there, or does not keep up.
        case deskAway = 2
        /// For some of it the desk has no key.
        case noKey = 3
        /// Everything was released before its turn came.
        case released = 4
        /// The sender may not type.
        case notAllowed = 5
    }

    public var lease: LeaseID
    public var sequence: UInt16
    public var outcome: Outcome
    /// How many of the text's keysyms were typed.
    public var delivered: UInt16

    public init(lease: LeaseID, sequence: UInt16, outcome: Outcome, delivered: UInt16) {
        self.lease = lease
        self.sequence = sequence
        self.outcome = outcome
        self.delivered = delivered
    }

    public static let encodedLength = 10
}

extension TextReceipt {
    /// Parses the receipt that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            bytes.byteCount == Self.encodedLength,
            bytes.bigEndian(UInt8.self, at: 0) == Self.type,
            let outcome = bytes.bigEndian(UInt8.self, at: 1).flatMap(Outcome.init(rawValue:)),
            let sequence = bytes.bigEndian(UInt16.self, at: 2),
            let lease = bytes.bigEndian(UInt32.self, at: 4),
            let delivered = bytes.bigEndian(UInt16.self, at: 8)
        else { throw MalformedMessage(offset: 0) }
        self.init(lease: LeaseID(lease), sequence: sequence, outcome: outcome, delivered: delivered)
    }

    /// Appends the receipt; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        output.append(Self.type)
        output.append(outcome.rawValue)
        output.append(network: sequence)
        output.append(network: lease.rawValue)
        output.append(network: delivered)
    }

    /// The receipt as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: Self.encodedLength) { write(into: &$0) } }

    private static let type: UInt8 = 0x51
}
