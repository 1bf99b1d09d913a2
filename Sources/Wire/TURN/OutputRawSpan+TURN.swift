/// Writing what TURN adds to STUN (RFC 8656 §18), behind a header.
extension OutputRawSpan {
    /// XOR-PEER-ADDRESS: whom data is for, or comes from.
    @_lifetime(self: copy self)
    public mutating func appendTURNPeerAddress(_ address: SocketAddress, _ id: STUNTransactionID) {
        appendXORAddress(STUNAttributeType.xorPeerAddress, address, id)
    }

    /// XOR-RELAYED-ADDRESS.
    @_lifetime(self: copy self)
    public mutating func appendTURNRelayedAddress(_ address: SocketAddress, _ id: STUNTransactionID) {
        appendXORAddress(STUNAttributeType.xorRelayedAddress, address, id)
    }

    /// LIFETIME, in seconds.
    @_lifetime(self: copy self)
    public mutating func appendTURNLifetime(_ seconds: UInt32) {
        appendAttributeHeader(STUNAttributeType.lifetime, length: 4)
        append(bigEndian: seconds)
        updateLength()
    }

    /// CHANNEL-NUMBER.
    @_lifetime(self: copy self)
    public mutating func appendTURNChannelNumber(_ channel: UInt16) {
        appendAttributeHeader(STUNAttributeType.channelNumber, length: 4)
        append(bigEndian: UInt32(channel) << 16)
        updateLength()
    }

    /// REQUESTED-TRANSPORT: 17 for UDP.
    @_lifetime(self: copy self)
    public mutating func appendTURNTransport(_ protocolNumber: UInt8) {
        appendAttributeHeader(STUNAttributeType.requestedTransport, length: 4)
        append(bigEndian: UInt32(protocolNumber) << 24)
        updateLength()
    }

    /// REQUESTED-ADDRESS-FAMILY: 1 for IPv4, 2 for IPv6.
    @_lifetime(self: copy self)
    public mutating func appendTURNAddressFamily(_ family: UInt8) {
        appendAttributeHeader(STUNAttributeType.requestedAddressFamily, length: 4)
        append(bigEndian: UInt32(family) << 24)
        updateLength()
    }

    /// DATA: a datagram, which must fit.
    @_lifetime(self: copy self)
    public mutating func appendTURNData(_ datagram: RawSpan) {
        appendAttributeHeader(STUNAttributeType.data, length: datagram.byteCount)
        append(copying: datagram)
        appendPadding(after: datagram.byteCount)
        updateLength()
    }

    /// REALM (RFC 8489 §14.9).
    @_lifetime(self: copy self)
    public mutating func appendSTUNRealm(_ realm: String) {
        appendText(STUNAttributeType.realm, realm)
    }

    /// NONCE (RFC 8489 §14.10).
    @_lifetime(self: copy self)
    public mutating func appendSTUNNonce(_ nonce: String) {
        appendText(STUNAttributeType.nonce, nonce)
    }

    @_lifetime(self: copy self)
    private mutating func appendText(_ type: UInt16, _ text: String) {
        appendAttributeHeader(type, length: text.utf8.count)
        for byte in text.utf8 { append(byte) }
        appendPadding(after: text.utf8.count)
        updateLength()
    }
}
