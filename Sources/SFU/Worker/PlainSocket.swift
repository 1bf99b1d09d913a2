internal import IO
internal import Wire

/// A socket that one plain or pipe transport has for itself.
final class PlainSocket {
    let transport: TupleTransport
    /// Whether there is something to take in this wake-up.
    var isReadable = false
    private let port: TransportPort
    private let outbox: Outbox
    private var socket: UDPSocket

    /// - Parameter address: Port 0: any that is free.
    init(
        _ transport: TupleTransport,
        _ port: TransportPort = .rtp,
        boundTo address: SocketAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
    ) throws(SystemError) {
        self.transport = transport
        self.port = port
        outbox = port == .rtp ? transport.outbox : transport.rtcpOutbox ?? transport.outbox
        socket = try UDPSocket(boundTo: address)
    }

    var descriptor: CInt { socket.descriptor }
    var localAddress: SocketAddress { socket.localAddress }

    /// Takes what is there: one key frame is at most a few batches.
    func receive(into core: WorkerCore, now: Instant) {
        isReadable = false
        for _ in 0..<Self.batchesPerWakeUp {
            let count = socket.receive()
            for index in 0..<count {
                socket.withDatagram(at: index) { datagram, source in
                    core.handlePlain(datagram.bytes, at: transport, on: port, from: source, now: now)
                }
            }
            if outbox.queue.isNearlyFull { flush() }
            guard count == UDPSocket.batchSize else { break }
        }
    }

    func sendFeedback(now: Instant) {
        if port == .rtp { transport.sendFeedback(now: now, into: &transport.outbox.queue) }
        flush()
    }

    /// Sends what waits to leave from here.
    func flush() {
        if !outbox.queue.isEmpty { socket.flush(&outbox.queue) }
    }

    private static let batchesPerWakeUp = 2
}
