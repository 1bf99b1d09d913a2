/// What a STUN message says of TURN (RFC 8656 §18), and of the long-term credentials that it is protected by (RFC 8489 §14.9,
/// §14.10).
///
/// Ranges are byte offsets into the message. Of an attribute that comes twice the first counts, but for XOR-PEER-ADDRESS.
public struct TURNAttributes: Hashable, Sendable {
    public var realm: Range<Int>?
    public var nonce: Range<Int>?
    /// LIFETIME, in seconds.
    public var lifetime: UInt32?
    /// CHANNEL-NUMBER, whether it is one or not.
    public var channel: UInt16?
    /// XOR-PEER-ADDRESS, at most ``mostPeers``.
    public var peers: [SocketAddress] = []
    /// XOR-RELAYED-ADDRESS.
    public var relayedAddress: SocketAddress?
    public var data: Range<Int>?
    /// REQUESTED-TRANSPORT: a number of IANA's, 17 for UDP.
    public var transport: UInt8?
    /// REQUESTED-ADDRESS-FAMILY: 1 for IPv4, 2 for IPv6.
    public var family: UInt8?
    /// Comprehension-required attributes that nobody here knows, EVEN-PORT, RESERVATION-TOKEN and DONT-FRAGMENT among them.
    public var unknown = STUNUnknownAttributes()

    public static let mostPeers = 16

    /// Reads the attributes of `message`, which was parsed from `bytes`; what follows MESSAGE-INTEGRITY is ignored.
    public init(of message: STUNMessage, in bytes: RawSpan) throws(STUNParseError) {
        var offset = STUNMessage.headerLength
        let end = message.integrityCoverage?.upperBound ?? bytes.byteCount
        // That each lies inside the message has been seen when it was parsed.
        while offset < end, let type = bytes.bigEndian(UInt16.self, at: offset),
            let length = bytes.bigEndian(UInt16.self, at: offset + 2)
        {
            let value = (offset + 4)..<(offset + 4 + Int(length))
            guard value.upperBound <= bytes.byteCount else { throw .malformedAttribute(type) }
            try take(type, value, of: message, in: bytes)
            offset = value.lowerBound + (Int(length) + 3) & ~3
        }
    }

    private mutating func take(
        _ type: UInt16,
        _ value: Range<Int>,
        of message: STUNMessage,
        in bytes: RawSpan
    ) throws(STUNParseError) {
        func require(_ condition: Bool) throws(STUNParseError) {
            guard condition else { throw .malformedAttribute(type) }
        }
        switch type {
        case STUNAttributeType.realm, STUNAttributeType.nonce:
            // RFC 8489 §14.9, §14.10: less than 128 characters.
            try require(value.count <= 763)
            if type == STUNAttributeType.realm { realm = realm ?? value } else { nonce = nonce ?? value }
        case STUNAttributeType.lifetime:
            try require(value.count == 4)
            lifetime = lifetime ?? bytes.bigEndian(at: value.lowerBound)
        case STUNAttributeType.channelNumber:
            try require(value.count == 4)
            channel = channel ?? bytes.bigEndian(at: value.lowerBound)
        case STUNAttributeType.xorPeerAddress, STUNAttributeType.xorRelayedAddress:
            guard let address = message.unmask(value, of: bytes) else { throw .malformedAttribute(type) }
            guard type == STUNAttributeType.xorPeerAddress else {
                relayedAddress = relayedAddress ?? address
                return
            }
            try require(peers.count < Self.mostPeers)
            peers.append(address)
        case STUNAttributeType.data: data = data ?? value
        case STUNAttributeType.requestedTransport:
            try require(value.count == 4)
            transport = transport ?? bytes.byte(at: value.lowerBound)
        case STUNAttributeType.requestedAddressFamily:
            try require(value.count == 4)
            family = family ?? bytes.byte(at: value.lowerBound)
        case STUNAttributeType.mappedAddress, STUNAttributeType.username, STUNAttributeType.errorCode,
            STUNAttributeType.unknownAttributes, STUNAttributeType.messageIntegritySHA256,
            STUNAttributeType.xorMappedAddress:
            break
        case _ where STUNAttributeType.isComprehensionRequired(type): unknown.append(type)
        default: break
        }
    }
}
