#if canImport(Wire)
internal import Wire
#endif

/// A message about clipboards: of the data channel `clipboard`, and of the desk process's link for them.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |     type      |    detail     |           transfer            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public enum ClipboardMessage: Hashable, Sendable {
    /// Numbers a transfer among those of whoever asked for it.
    public typealias Transfer = UInt16

    /// 0x61: u32 lease, then the table: pieces follow, for the desk's clipboard.
    case put(Transfer, LeaseID, ClipboardTable)
    /// 0x62: u32 serial: asks for what the desk's clipboard has; only what is newer than the serial, unless that is 0.
    case take(Transfer, after: UInt32)
    /// 0x63: the table: pieces follow, of the desk's clipboard.
    case content(Transfer, ClipboardTable)
    /// 0x64: u32 offset, then 1 to ``maximumPieceLength`` bytes.
    case piece(Transfer, offset: UInt32, [UInt8])
    /// 0x65: u32 how many bytes have come; more may be sent.
    case received(Transfer, UInt32)
    /// 0x66: the detail is the outcome.
    case outcome(Transfer, ClipboardOutcome)
    /// 0x67: the transfer is not wanted any more.
    case cancel(Transfer)
    /// 0x68, desk → room: u32 serial, then the table; detail 1: there is more, which is too large.
    case offer(ClipboardOffer)
    /// 0x69, room → desk: u32 limit; the detail has the directions.
    case policy(ClipboardPolicy)

    /// Bytes of content in one piece, so that a message has 16 KiB, which every browser takes.
    public static let maximumPieceLength = 16_384 - 8
    /// Bytes.
    public static let maximumLength = 16_384
}

extension ClipboardMessage {
    /// Parses the message that fills `bytes`.
    public init(parsing bytes: RawSpan) throws(MalformedMessage) {
        guard
            let type = bytes.bigEndian(UInt8.self, at: 0),
            let detail = bytes.bigEndian(UInt8.self, at: 1),
            let transfer = bytes.bigEndian(UInt16.self, at: 2)
        else { throw MalformedMessage(offset: 0) }
        guard detail == 0 || (0x66...0x69).contains(type) else { throw MalformedMessage(offset: 1) }
        switch type {
        case 0x61:
            let lease = LeaseID(try Self.number(bytes))
            self = .put(transfer, lease, try Self.table(bytes, from: 8))
        case 0x62: self = .take(transfer, after: try Self.lastNumber(bytes))
        case 0x63: self = .content(transfer, try Self.table(bytes, from: 4))
        case 0x64:
            let offset = try Self.number(bytes)
            guard (9...Self.maximumLength).contains(bytes.byteCount) else {
                throw MalformedMessage(offset: 8)
            }
            self = .piece(transfer, offset: offset, bytes.extracting(8...).withUnsafeBytes { Array($0) })
        case 0x65: self = .received(transfer, try Self.lastNumber(bytes))
        case 0x66:
            guard bytes.byteCount == 4, let outcome = ClipboardOutcome(rawValue: detail) else {
                throw MalformedMessage(offset: 1)
            }
            self = .outcome(transfer, outcome)
        case 0x67:
            guard bytes.byteCount == 4, detail == 0 else { throw MalformedMessage(offset: 1) }
            self = .cancel(transfer)
        case 0x68:
            guard transfer == 0, detail <= 1 else { throw MalformedMessage(offset: 1) }
            let serial = try Self.number(bytes)
            let table = try ClipboardTable(parsing: bytes, from: 8)
            self = .offer(ClipboardOffer(serial: serial, table: table, hasTooLarge: detail == 1))
        case 0x69:
            let directions = DeskDirections(rawValue: detail)
            guard transfer == 0, directions.isSubset(of: .all) else { throw MalformedMessage(offset: 1) }
            self = .policy(ClipboardPolicy(directions, limit: try Self.lastNumber(bytes)))
        default: throw MalformedMessage(offset: 0)
        }
    }

    private static func number(_ bytes: RawSpan) throws(MalformedMessage) -> UInt32 {
        guard let number = bytes.bigEndian(UInt32.self, at: 4) else { throw MalformedMessage(offset: 4) }
        return number
    }

    /// The number that the message ends with.
    private static func lastNumber(_ bytes: RawSpan) throws(MalformedMessage) -> UInt32 {
        guard bytes.byteCount == 8 else { throw MalformedMessage(offset: 4) }
        return try number(bytes)
    }

    /// A table of at least one flavour.
    private static func table(_ bytes: RawSpan, from start: Int) throws(MalformedMessage) -> ClipboardTable {
        let table = try ClipboardTable(parsing: bytes, from: start)
        guard !table.entries.isEmpty else { throw MalformedMessage(offset: start) }
        return table
    }

    /// How many bytes ``write(into:)`` appends.
    public var encodedLength: Int {
        switch self {
        case .put(_, _, let table): 8 + table.encodedLength
        case .content(_, let table): 4 + table.encodedLength
        case .piece(_, _, let bytes): 8 + bytes.count
        case .offer(let offer): 8 + offer.table.encodedLength
        case .policy, .received, .take: 8
        case .cancel, .outcome: 4
        }
    }

    /// Appends the message; `output` must have room for ``encodedLength`` bytes.
    @_lifetime(output: copy output)
    public func write(into output: inout OutputRawSpan) {
        switch self {
        case .put(let transfer, let lease, let table):
            Self.begin(0x61, transfer, into: &output)
            output.append(network: lease.rawValue)
            table.write(into: &output)
        case .take(let transfer, let serial):
            Self.begin(0x62, transfer, into: &output)
            output.append(network: serial)
        case .content(let transfer, let table):
            Self.begin(0x63, transfer, into: &output)
            table.write(into: &output)
        case .piece(let transfer, let offset, let bytes):
            Self.begin(0x64, transfer, into: &output)
            output.append(network: offset)
            for byte in bytes { output.append(byte) }
        case .received(let transfer, let count):
            Self.begin(0x65, transfer, into: &output)
            output.append(network: count)
        case .outcome(let transfer, let outcome):
            Self.begin(0x66, detail: outcome.rawValue, transfer, into: &output)
        case .cancel(let transfer): Self.begin(0x67, transfer, into: &output)
        case .offer(let offer):
            Self.begin(0x68, detail: offer.hasTooLarge ? 1 : 0, 0, into: &output)
            output.append(network: offer.serial)
            offer.table.write(into: &output)
        case .policy(let policy):
            Self.begin(0x69, detail: policy.directions.rawValue, 0, into: &output)
            output.append(network: policy.limit)
        }
    }

    @_lifetime(output: copy output)
    private static func begin(
        _ type: UInt8,
        detail: UInt8 = 0,
        _ transfer: Transfer,
        into output: inout OutputRawSpan
    ) {
        output.append(type)
        output.append(detail)
        output.append(network: transfer)
    }

    /// The message as bytes of its own; allocates.
    public func encoded() -> [UInt8] { [UInt8](writing: encodedLength) { write(into: &$0) } }
}
