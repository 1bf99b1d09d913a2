public import IO
internal import WebRTC
public import Wire

/// A ``PublishedStream`` on a UDP socket, sent as plain RTP.
public final class PlainPublisher {
    public let stream: PublishedStream
    private let destination: SocketAddress
    private var socket: UDPSocket
    private var queue = TransmitQueue(capacity: 8 * TransmitQueue.headroom)

    public init(_ stream: PublishedStream, to destination: SocketAddress) throws(SystemError) {
        self.stream = stream
        self.destination = destination
        socket = try UDPSocket(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: 0))
    }

    public var descriptor: CInt { socket.descriptor }

    /// Takes the receiver's requests for key frames.
    public func receive(now: Instant) {
        let count = socket.receive()
        for index in 0..<count {
            socket.withDatagram(at: index) { datagram, _ in
                stream.handlePlainFeedback(datagram.bytes, now: now)
            }
        }
    }

    public func handleTimeout(now: Instant) {
        stream.writeFrame(now: now) { _, packet in
            queue.append(to: destination) { $0.append(copying: packet) }
        }
        if !queue.isEmpty { socket.flush(&queue) }
    }
}
