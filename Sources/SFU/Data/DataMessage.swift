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
