/// Writing a STUN message: the header on an empty span, the attributes, MESSAGE-INTEGRITY, then FINGERPRINT.
///
/// The header's length field is right after every call (RFC 8489 §5, §14). A span of
/// ``TransmitQueue/datagramCapacity`` bytes has room for any message of ICE.
extension OutputRawSpan {
    /// Begins a message on an empty span.
    @_lifetime(self: copy self)
    public mutating func appendSTUNHeader(
        _ kind: STUNMessage.Class,
        method: UInt16 = STUNMessage.binding,
        _ id: STUNTransactionID
    ) {
        precondition(isEmpty, "a datagram holds one STUN message")
        let kind = UInt16(kind.rawValue)
        let type = (method & 0xf80) << 2 | (method & 0x070) << 1 | method & 0x00f
        append(bigEndian: type | (kind & 0b10) << 7 | (kind & 0b01) << 4)
        append(bigEndian: 0 as UInt16)
        append(bigEndian: STUNMessage.magicCookie)
        append(bigEndian: id.high)
        append(bigEndian: id.low)
    }

    /// USERNAME, at most 508 bytes (RFC 8489 §14.3).
    @_lifetime(self: copy self)
    public mutating func appendSTUNUsername(_ first: String, _ second: String) {
        let length = first.utf8.count + 1 + second.utf8.count
        appendAttributeHeader(STUNAttributeType.username, length: length)
        for byte in first.utf8 { append(byte) }
        append(UInt8(ascii: ":"))
        for byte in second.utf8 { append(byte) }
        appendPadding(after: length)
        updateLength()
    }

    @_lifetime(self: copy self)
    public mutating func appendSTUNPriority(_ priority: UInt32) {
        appendAttributeHeader(STUNAttributeType.priority, length: 4)
        append(bigEndian: priority)
        updateLength()
    }

    @_lifetime(self: copy self)
    public mutating func appendSTUNUseCandidate() {
        appendAttributeHeader(STUNAttributeType.useCandidate, length: 0)
        updateLength()
    }

    @_lifetime(self: copy self)
    public mutating func appendSTUNControlling(tieBreaker: UInt64) {
        appendAttributeHeader(STUNAttributeType.iceControlling, length: 8)
        append(bigEndian: tieBreaker)
        updateLength()
    }

    @_lifetime(self: copy self)
    public mutating func appendSTUNControlled(tieBreaker: UInt64) {
        appendAttributeHeader(STUNAttributeType.iceControlled, length: 8)
        append(bigEndian: tieBreaker)
        updateLength()
    }

    /// ERROR-CODE without a reason phrase, 300 to 699 (RFC 8489 §14.8).
    @_lifetime(self: copy self)
    public mutating func appendSTUNErrorCode(_ code: UInt16) {
        appendAttributeHeader(STUNAttributeType.errorCode, length: 4)
        append(bigEndian: UInt32(code / 100) << 8 | UInt32(code % 100))
        updateLength()
    }

    /// UNKNOWN-ATTRIBUTES (RFC 8489 §14.13).
    @_lifetime(self: copy self)
    public mutating func appendSTUNUnknownAttributes(_ unknown: STUNUnknownAttributes) {
        appendAttributeHeader(STUNAttributeType.unknownAttributes, length: 2 * unknown.count)
        for index in 0..<unknown.count { append(bigEndian: unknown[index]) }
        appendPadding(after: 2 * unknown.count)
        updateLength()
    }

    /// XOR-MAPPED-ADDRESS (RFC 8489 §14.2), in IPv4 form if `address` is IPv4-mapped.
    @_lifetime(self: copy self)
    public mutating func appendSTUNXORMappedAddress(_ address: SocketAddress, _ id: STUNTransactionID) {
        appendXORAddress(STUNAttributeType.xorMappedAddress, address, id)
    }

    /// An attribute of the form of XOR-MAPPED-ADDRESS.
    @_lifetime(self: copy self)
    mutating func appendXORAddress(_ type: UInt16, _ address: SocketAddress, _ id: STUNTransactionID) {
        let mask = XORMappedAddressMask(id)
        appendAttributeHeader(type, length: address.ipv4 == nil ? 20 : 8)
        append(bigEndian: address.ipv4 == nil ? 2 : 1 as UInt16)
        append(bigEndian: address.port ^ mask.port)
        if let ipv4 = address.ipv4 {
            append(bigEndian: ipv4 ^ STUNMessage.magicCookie)
        } else {
            append(bigEndian: address.high ^ mask.high)
            append(bigEndian: address.low ^ mask.low)
        }
        updateLength()
    }

    /// MESSAGE-INTEGRITY (RFC 8489 §14.5).
    ///
    /// - Parameter hmac: Returns the HMAC-SHA1 of the bytes it is given: the message so far, with its length
    ///   field as the HMAC requires it.
    @_lifetime(self: copy self)
    public mutating func appendSTUNMessageIntegrity(_ hmac: (RawSpan) -> STUNIntegrity) {
        appendAttributeHeader(STUNAttributeType.messageIntegrity, length: STUNMessage.integrityLength)
        updateLength(pending: STUNMessage.integrityLength)
        let value = hmac(bytes.extracting(first: byteCount - 4))
        append(bigEndian: value.first)
        append(bigEndian: value.second)
        append(bigEndian: value.third)
    }

    /// FINGERPRINT (RFC 8489 §14.7), which must be the last attribute.
    @_lifetime(self: copy self)
    public mutating func appendSTUNFingerprint() {
        let covered = byteCount
        appendAttributeHeader(STUNAttributeType.fingerprint, length: 4)
        updateLength(pending: 4)
        append(bigEndian: CRC32.checksum(bytes, count: covered) ^ STUNMessage.fingerprintMask)
    }

    @_lifetime(self: copy self)
    mutating func appendAttributeHeader(_ type: UInt16, length: Int) {
        append(bigEndian: type)
        append(bigEndian: UInt16(length))
    }

    /// Pads an attribute's value to a multiple of 4 bytes (RFC 8489 §14).
    @_lifetime(self: copy self)
    mutating func appendPadding(after length: Int) {
        for _ in 0..<(-length & 3) { append(0 as UInt8) }
    }

    /// Makes the header's length field count the attributes so far and the `pending` bytes that follow.
    @_lifetime(self: copy self)
    mutating func updateLength(pending: Int = 0) {
        overwrite(bigEndian: UInt16(byteCount + pending - STUNMessage.headerLength), at: 2)
    }
}
