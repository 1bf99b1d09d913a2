package import Wire

/// A user message on its way out; its fragments share the bytes.
package struct OutgoingMessage: Sendable {
    package var stream: UInt16
    package var payloadProtocol: UInt32
    package var isUnordered: Bool
    /// Given up after so many retransmissions of a fragment (RFC 7496 §3.1); `nil`: never.
    package var maximumRetransmits: UInt16?
    /// Given up then (RFC 3758 §4); `nil`: never.
    package var expiry: Instant?
    package var bytes: [UInt8]

    /// Tells the fragments of one message; the send queue assigns it.
    package var identifier: UInt64 = 0
    /// Assigned when the first fragment is sent.
    package var streamSequence = SequenceNumber(0)

    package init(
        stream: UInt16,
        payloadProtocol: UInt32,
        isUnordered: Bool = false,
        maximumRetransmits: UInt16? = nil,
        expiry: Instant? = nil,
        bytes: [UInt8]
    ) {
        self.stream = stream
        self.payloadProtocol = payloadProtocol
        self.isUnordered = isUnordered
        self.maximumRetransmits = maximumRetransmits
        self.expiry = expiry
        self.bytes = bytes
    }
}
