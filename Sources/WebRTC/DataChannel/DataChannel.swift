/// One data channel: both directions of a stream.
struct DataChannel: Sendable {
    var parameters: DataChannelParameters
    /// Until the peer has seen the request, messages must not overtake it (RFC 8832 §6).
    var isAcknowledged: Bool
    var isClosing = false
    /// The two halves of closing (RFC 8831 §6.7).
    var isOutgoingReset = false
    var isIncomingReset = false
    /// Of ``DataChannels/Event/bufferedAmountLow(stream:)``, in bytes; `nil`: it is not reported.
    var lowThreshold: Int?
    /// Whether more than the threshold has been queued since it was last reported low.
    var isAboveThreshold = false
}

/// What a message is (RFC 8831 §8).
enum PayloadProtocol {
    static let dcep: UInt32 = 50
    static let text: UInt32 = 51
    static let binary: UInt32 = 53
    /// A text without bytes travels as one byte, for SCTP has no empty messages (RFC 8831 §6.6).
    static let emptyText: UInt32 = 56
    static let emptyBinary: UInt32 = 57
}
