/// What a ``PacketSender`` has done since it was made, part of ``TransportStatistics``.
struct EgressStatistics {
    /// RTP and RTCP packets, retransmissions included.
    var packetsSent: UInt64 = 0
    var bytesSent: UInt64 = 0
    /// Packets that did not fit in a datagram.
    var packetsRejected: UInt64 = 0
}
