public import IO
internal import WebRTC
public import Wire

/// A ``Participant`` on a UDP socket of its own.
public final class ParticipantSocket {
    public let participant: Participant
    private var socket: UDPSocket
    private var queue = TransmitQueue(capacity: 2 * TransmitQueue.headroom)

    /// - Parameter bufferSize: The kernel's buffers, in bytes.
    public init(_ participant: Participant, bufferSize: Int = 1 << 20) throws(SystemError) {
        self.participant = participant
        socket = try UDPSocket(bufferSize: bufferSize)
    }

    public var descriptor: CInt { socket.descriptor }
    public var localAddress: SocketAddress { socket.localAddress }

    /// Gives `body` the participant and the queue that it sends through, and sends.
    public func act<Result, Failure>(
        _ body: (Participant, inout TransmitQueue) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let result = try body(participant, &queue)
        flush()
        return result
    }

    /// Moves to another port, as behind a NAT that forgot the first.
    public func changePath(now: Instant) throws(SystemError) {
        socket = try UDPSocket()
        participant.changePath(now: now, into: &queue)
        flush()
    }

    /// Takes everything that is there.
    public func receive(now: Instant) {
        var count = UDPSocket.batchSize
        while count == UDPSocket.batchSize {
            count = socket.receive()
            for index in 0..<count {
                socket.withDatagram(at: index) { datagram, source in
                    participant.handle(&datagram, from: source, now: now, into: &queue)
                }
                if queue.isNearlyFull { socket.flush(&queue) }
            }
        }
        flush()
    }

    public func handleTimeout(now: Instant) {
        participant.handleTimeout(now: now, into: &queue)
        flush()
    }

    private func flush() {
        if !queue.isEmpty { socket.flush(&queue) }
    }
}
