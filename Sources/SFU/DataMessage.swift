public import Wire

/// One message of a data channel.
public struct DataMessage: Hashable, Sendable {
    public var bytes: [UInt8]
    /// Whether the sender sent bytes and not text (RFC 8831 §8).
    public var isBinary: Bool
    /// When its last packet arrived.
    public var received: Instant

    public init(bytes: [UInt8], isBinary: Bool, received: Instant) {
        self.bytes = bytes
        self.isBinary = isBinary
        self.received = received
    }
}

/// How a data channel carries messages (RFC 8832 §5.1).
public struct DataChannelParameters: Hashable, Sendable {
    public var label: String
    public var subprotocol: String
    public var isOrdered: Bool
    /// A message is given up after so many retransmissions, or after so many milliseconds; both `nil`: never.
    public var maximumRetransmits: UInt16?
    public var maximumPacketLifeTime: UInt16?

    public init(
        label: String,
        subprotocol: String = "",
        isOrdered: Bool = true,
        maximumRetransmits: UInt16? = nil,
        maximumPacketLifeTime: UInt16? = nil
    ) {
        self.label = label
        self.subprotocol = subprotocol
        self.isOrdered = isOrdered
        self.maximumRetransmits = maximumRetransmits
        self.maximumPacketLifeTime = maximumPacketLifeTime
    }
}
