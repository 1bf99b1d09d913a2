/// What an ``Egress`` has done since it was made, its part of ``TransportStatistics``.
struct EgressStatistics {
    /// RTP and RTCP packets, retransmissions included.
    var packetsSent: UInt64 = 0
    var bytesSent: UInt64 = 0
    /// Packets that did not fit in a datagram, and feedback that was malformed or too much.
    var packetsRejected: UInt64 = 0
    /// Bits per second that the path is thought to carry; `nil` without transport-wide feedback.
    var availableBitrate: Int?
    /// The receiver's own estimate, bits per second; `nil` if it sends none.
    var receiverEstimatedBitrate: UInt64?
}
