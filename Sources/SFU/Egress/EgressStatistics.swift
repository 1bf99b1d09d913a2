/// What a ``PacketSender`` has done since it was made, part of ``TransportStatistics``.
package struct EgressStatistics {
    /// RTP and RTCP packets, retransmissions included.
    package var packetsSent: UInt64 = 0
    package var bytesSent: UInt64 = 0
    /// Packets that did not fit in a datagram.
    package var packetsRejected: UInt64 = 0
}
