/// A STUN message, parsed without copying: what the message says, and where its parts lie.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 0|     STUN Message Type     |         Message Length        |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Magic Cookie = 0x2112A442                 |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     Transaction ID (96 bits)                  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// RFC 8489 §5. Ranges are byte offsets into the parsed buffer and always lie inside it. A FINGERPRINT
/// that is present has been verified; MESSAGE-INTEGRITY has not, because that takes the password.
public struct STUNMessage: Hashable, Sendable {
    public enum Class: UInt8, Hashable, Sendable {
        case request = 0b00
        case indication = 0b01
        case successResponse = 0b10
        case errorResponse = 0b11
    }

    public var kind: Class
    /// The 12-bit method; ``binding`` is the only one that ICE uses.
    public var method: UInt16
    public var transactionID: STUNTransactionID

    /// The value of USERNAME.
    public var username: Range<Int>?
    /// The value of MESSAGE-INTEGRITY, 20 bytes; see ``integrityCoverage``.
    public var messageIntegrity: Range<Int>?
    /// Whether the message ends with a FINGERPRINT, which then is right.
    public var hasFingerprint = false
    /// PRIORITY (RFC 8445 §7.1.1).
    public var priority: UInt32?
    /// USE-CANDIDATE: the controlling agent nominates this pair (RFC 8445 §7.1.1).
    public var useCandidate = false
    /// The tie-breaker of ICE-CONTROLLED.
    public var iceControlled: UInt64?
    /// The tie-breaker of ICE-CONTROLLING.
    public var iceControlling: UInt64?
    /// ERROR-CODE, 300 to 699.
    public var errorCode: UInt16?
    /// XOR-MAPPED-ADDRESS, as the address that it stands for.
    public var mappedAddress: SocketAddress?
    /// Comprehension-required attributes that this parser does not know.
    public var unknownAttributes = STUNUnknownAttributes()

    public static let binding: UInt16 = 0x001
    public static let magicCookie: UInt32 = 0x2112_a442
    /// In bytes.
    public static let headerLength = 20
    /// An HMAC-SHA1, in bytes.
    public static let integrityLength = 20

    /// Parses a datagram that holds exactly one STUN message.
    public init(parsing bytes: RawSpan) throws(STUNParseError) {
        guard let type = bytes.bigEndian(UInt16.self, at: 0), type & 0xc000 == 0,
            let length = bytes.bigEndian(UInt16.self, at: 2),
            bytes.bigEndian(UInt32.self, at: 4) == Self.magicCookie,
            let high = bytes.bigEndian(UInt32.self, at: 8),
            let low = bytes.bigEndian(UInt64.self, at: 12),
            // Two bits: every value is a class.
            let kind = Class(rawValue: UInt8(truncatingIfNeeded: (type >> 7) & 0b10 | (type >> 4) & 0b01))
        else { throw .notSTUN }
        guard Int(length) == bytes.byteCount - Self.headerLength, length & 0b11 == 0 else {
            throw .wrongLength
        }
        self.kind = kind
        method = (type >> 2) & 0xf80 | (type >> 1) & 0x070 | type & 0x00f
        transactionID = STUNTransactionID(high: high, low: low)
        try parseAttributes(bytes)
    }

    /// The bytes that MESSAGE-INTEGRITY covers: everything before the attribute.
    ///
    /// The HMAC is taken over these bytes with the header's length field replaced by
    /// ``integrityMessageLength``, as if the message ended with the attribute (RFC 8489 §14.5).
    public var integrityCoverage: Range<Int>? {
        messageIntegrity.map { 0..<($0.lowerBound - 4) }
    }

    /// What the header's length field holds while MESSAGE-INTEGRITY is computed.
    public var integrityMessageLength: UInt16? {
        messageIntegrity.map { UInt16($0.upperBound - Self.headerLength) }
    }
}

/// Why a buffer is not a STUN message.
public enum STUNParseError: Error, Hashable, Sendable {
    /// The first two bits or the magic cookie are wrong, or the header is cut off.
    case notSTUN
    /// The length field does not match the datagram, or is not a multiple of 4.
    case wrongLength
    /// An attribute does not fit its message, or its value does not have the form its type requires.
    case malformedAttribute(UInt16)
    /// FINGERPRINT does not match the message (RFC 8489 §14.7).
    case wrongFingerprint
}

/// The first few comprehension-required attributes that a parser did not know (RFC 8489 §14.13).
public struct STUNUnknownAttributes: Hashable, Sendable {
    /// At most this many are remembered; one is enough to refuse a request.
    public static let capacity = 4

    public private(set) var count = 0
    private var types = SIMD4<UInt16>()

    public init() {}

    public var isEmpty: Bool { count == 0 }

    public subscript(index: Int) -> UInt16 {
        precondition(index < count)
        return types[index]
    }

    public mutating func append(_ type: UInt16) {
        guard count < Self.capacity else { return }
        types[count] = type
        count += 1
    }
}
