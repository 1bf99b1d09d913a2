package import Wire

/// How a packet leaves.
package enum EgressWay {
    /// Protected (RFC 3711), as a datagram, once there are keys.
    case sealed
    /// As it is, as a datagram.
    case plain
    /// As it is, to a reader in this process; nothing goes to a socket.
    case reader(EgressReader)
}

/// Who is handed the packets of a transport that ends in this process.
///
/// It is called on the media thread, in the midst of forwarding, with bytes that are gone when it returns; it must not
/// call the Worker.
package final class EgressReader {
    let handleRTCP: (RawSpan) -> Void
    private let readRTP: (Consumer, RawSpan, Instant) -> Void
    private weak var egress: Egress?

    /// - Parameters:
    ///   - handleRTP: Gets whose each RTP packet is, the packet, and the time.
    ///   - handleRTCP: Gets each compound packet.
    package init(
        handleRTP: @escaping (Consumer, RawSpan, Instant) -> Void,
        handleRTCP: @escaping (RawSpan) -> Void
    ) {
        readRTP = handleRTP
        self.handleRTCP = handleRTCP
    }

    /// Whose packets it is handed.
    func attach(to egress: Egress) { self.egress = egress }

    /// Takes a packet of the stream with this SSRC.
    func handleRTP(_ packet: RawSpan, of ssrc: UInt32, now: Instant) {
        guard let consumer = egress?.consumers.first(where: { $0.owns(ssrc) }) else { return }
        readRTP(consumer, packet, now)
    }
}

/// Datagrams on their way to a socket that one transport has for itself.
package final class Outbox {
    package var queue: TransmitQueue

    /// - Parameter capacity: Datagrams; more than ``TransmitQueue/headroom``.
    package init(capacity: Int = 2 * TransmitQueue.headroom) {
        queue = TransmitQueue(capacity: capacity)
    }
}
