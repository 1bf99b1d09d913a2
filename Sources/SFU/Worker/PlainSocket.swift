internal import IO
internal import Wire

/// A plain transport's own socket on loopback.
final class PlainSocket {
    let transport: PlainTransport
    private var socket: UDPSocket
    private var queue = TransmitQueue(capacity: 2 * TransmitQueue.headroom)

    init(_ transport: PlainTransport) throws(SystemError) {
        self.transport = transport
        socket = try UDPSocket(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: 0))
    }

    var descriptor: CInt { socket.descriptor }
    var localAddress: SocketAddress { socket.localAddress }

    /// Takes what is there: one key frame is at most a few batches.
    func receive(into core: WorkerCore, now: Instant) {
        for _ in 0..<Self.batchesPerWakeUp {
            let count = socket.receive()
            for index in 0..<count {
                socket.withDatagram(at: index) { datagram, source in
                    core.handlePlain(datagram.bytes, at: transport, from: source, now: now)
                }
            }
            guard count == UDPSocket.batchSize else { break }
        }
    }

    func sendFeedback(now: Instant) {
        transport.sendFeedback(now: now, into: &queue)
        if !queue.isEmpty { socket.flush(&queue) }
    }

    private static let batchesPerWakeUp = 2
}
