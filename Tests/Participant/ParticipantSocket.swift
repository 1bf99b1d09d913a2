public import IO
internal import WebRTC
public import Wire

/// A ``Participant`` on a UDP socket of its own, or on a TCP connection (RFC 6544).
public final class ParticipantSocket {
    public let participant: Participant
    private var socket: UDPSocket
    private var queue = TransmitQueue(capacity: 2 * TransmitQueue.headroom)
    /// In the place of the socket.
    private var connection: FramedSocket?
    private var room: SocketAddress?
    private let memory = FrameMemory()

    /// - Parameter bufferSize: The kernel's buffers, in bytes.
    public init(_ participant: Participant, bufferSize: Int = 1 << 20) throws(SystemError) {
        self.participant = participant
        socket = try UDPSocket(bufferSize: bufferSize)
    }

    /// - Parameter room: Where to connect by TCP.
    public init(_ participant: Participant, connectingTo room: SocketAddress) throws(SystemError) {
        self.participant = participant
        self.room = room
        socket = try UDPSocket(bufferSize: 1 << 12)
        connection = try FramedSocket(adopting: room.connectedDescriptor())
    }

    public var descriptor: CInt { connection?.descriptor ?? socket.descriptor }
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
        if let room { connection = try FramedSocket(adopting: room.connectedDescriptor()) }
        socket = try UDPSocket()
        participant.changePath(now: now, into: &queue)
        flush()
    }

    /// Takes everything that is there.
    public func receive(now: Instant) {
        if let connection, let room {
            connection.receive(with: memory) { datagram in
                participant.handle(&datagram, from: room, now: now, into: &queue)
                if queue.isNearlyFull { flush() }
                return true
            }
        }
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
        if let connection {
            connection.handleWritable()
            connection.send(0..<queue.count, of: queue, with: memory)
            queue.removeAll()
        }
        if !queue.isEmpty { socket.flush(&queue) }
    }
}
