/// How a data channel carries messages (RFC 8832 §5.1).
public struct DataChannelParameters: Hashable, Sendable {
    public var label: String
    public var subprotocol: String
    public var isOrdered: Bool
    /// A message is given up after so many retransmissions; `nil`: never.
    ///
    /// At most one of the two limits is set.
    public var maximumRetransmits: UInt16?
    /// A message is given up after so many milliseconds; `nil`: never.
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
