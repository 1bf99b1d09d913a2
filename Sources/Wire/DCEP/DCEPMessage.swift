/// A message of the data channel establishment protocol (RFC 8832 §5).
///
/// ```
/// |  Message Type |  Channel Type |            Priority           |
/// |                    Reliability Parameter                      |
/// |         Label Length          |       Protocol Length         |
/// |                             Label                             |
/// |                           Protocol                            |
/// ```
public enum DCEPMessage: Hashable, Sendable {
    case acknowledge
    case open(DCEPOpen)

    /// The bytes are not a message of this protocol.
    public struct ParseError: Error, Hashable, Sendable {}

    public init(parsing bytes: RawSpan) throws(ParseError) {
        switch bytes.bigEndian(UInt8.self, at: 0) {
        case Self.acknowledgeType: self = .acknowledge
        case Self.openType: self = .open(try DCEPOpen(parsing: bytes))
        default: throw ParseError()
        }
    }

    public var bytes: [UInt8] {
        switch self {
        case .acknowledge: [Self.acknowledgeType]
        case .open(let open): open.bytes
        }
    }

    fileprivate static let acknowledgeType: UInt8 = 0x02
    fileprivate static let openType: UInt8 = 0x03
}

/// The request to open a data channel on the stream it arrives on (RFC 8832 §5.1).
public struct DCEPOpen: Hashable, Sendable {
    /// When the sender gives a message up.
    public enum Reliability: Hashable, Sendable {
        case reliable
        /// After so many retransmissions.
        case retransmissions(UInt32)
        /// After so many milliseconds.
        case lifetime(UInt32)
    }

    public var label: String
    public var subprotocol: String
    public var isOrdered: Bool
    public var reliability: Reliability
    /// 256 is normal (RFC 8831 §6.4).
    public var priority: UInt16

    /// - Parameters:
    ///   - label: At most 65,535 bytes of UTF-8, as is `subprotocol`.
    public init(
        label: String,
        subprotocol: String = "",
        isOrdered: Bool = true,
        reliability: Reliability = .reliable,
        priority: UInt16 = 256
    ) {
        precondition(
            label.utf8.count <= 0xffff && subprotocol.utf8.count <= 0xffff,
            "lengths are 16 bits wide"
        )
        self.label = label
        self.subprotocol = subprotocol
        self.isOrdered = isOrdered
        self.reliability = reliability
        self.priority = priority
    }

    init(parsing bytes: RawSpan) throws(DCEPMessage.ParseError) {
        guard let type = bytes.bigEndian(UInt8.self, at: 1),
            let priority = bytes.bigEndian(UInt16.self, at: 2),
            let parameter = bytes.bigEndian(UInt32.self, at: 4),
            let labelLength = bytes.bigEndian(UInt16.self, at: 8).map(Int.init),
            let subprotocolLength = bytes.bigEndian(UInt16.self, at: 10).map(Int.init),
            bytes.byteCount == Self.fixedLength + labelLength + subprotocolLength
        else { throw DCEPMessage.ParseError() }
        switch type & 0x7f {
        case 0x00: reliability = .reliable
        case 0x01: reliability = .retransmissions(parameter)
        case 0x02: reliability = .lifetime(parameter)
        default: throw DCEPMessage.ParseError()
        }
        isOrdered = type & 0x80 == 0
        self.priority = priority
        let middle = Self.fixedLength + labelLength
        guard let label = bytes.utf8String(in: Self.fixedLength..<middle),
            let subprotocol = bytes.utf8String(in: middle..<bytes.byteCount)
        else { throw DCEPMessage.ParseError() }
        self.label = label
        self.subprotocol = subprotocol
    }

    fileprivate var bytes: [UInt8] {
        var type: UInt8 = isOrdered ? 0x00 : 0x80
        var parameter: UInt32 = 0
        switch reliability {
        case .reliable: break
        case .retransmissions(let count): (type, parameter) = (type | 0x01, count)
        case .lifetime(let milliseconds): (type, parameter) = (type | 0x02, milliseconds)
        }
        var bytes = [DCEPMessage.openType, type]
        bytes.reserveCapacity(Self.fixedLength + label.utf8.count + subprotocol.utf8.count)
        bytes.append(bigEndian: priority)
        bytes.append(bigEndian: parameter)
        bytes.append(bigEndian: UInt16(label.utf8.count))
        bytes.append(bigEndian: UInt16(subprotocol.utf8.count))
        bytes.append(contentsOf: label.utf8)
        bytes.append(contentsOf: subprotocol.utf8)
        return bytes
    }

    private static let fixedLength = 12
}

extension [UInt8] {
    fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
        for shift in stride(from: value.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

extension RawSpan {
    /// The text in `range`, which lies within the span, or `nil` if it is not UTF-8.
    fileprivate func utf8String(in range: Range<Int>) -> String? {
        // Validated while it is copied; the bytes are not kept.
        unsafe extracting(range).withUnsafeBytes { unsafe String(validating: $0, as: UTF8.self) }
    }
}
