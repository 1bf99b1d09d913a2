internal import NIOCore
internal import NIOPosix

/// The UDP socket of one allocation, on loopback: what leaves it goes to the room's media port, and what comes from anywhere else
/// is not looked at.
///
/// It is on the event loop of its client's connection, as everything of an allocation is: what comes goes out there without a
/// thread being woken.
final class TURNSocket: Sendable {
    /// Takes each datagram, with the peer that it comes from, by its place; then `nil` once there are no more for now.
    typealias Reader = (_ datagram: ByteBuffer?, _ peer: Int) -> Void

    let peers: [TURNPeer]
    private let channel: any Channel

    private init(_ channel: any Channel, _ peers: [TURNPeer]) {
        self.channel = channel
        self.peers = peers
    }

    /// - Parameter read: Called on `eventLoop` only.
    static func open(
        on eventLoop: any EventLoop,
        to peers: [TURNPeer],
        read: @escaping Reader
    ) -> EventLoopFuture<TURNSocket> {
        let read = NIOLoopBound(read, eventLoop: eventLoop)
        return DatagramBootstrap(group: eventLoop)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: batch * largest))
            .channelOption(.datagramVectorReadMessageCount, value: batch)
            // As much as the kernel allows: a key frame comes all at once.
            .channelOption(.socketOption(.so_rcvbuf), value: 1 << 20)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Inlet(peers, read.value))
                }
            }
            .bind(host: isLoopback(peers) ? "127.0.0.1" : anywhere(peers), port: 0)
            .map { TURNSocket($0, peers) }
    }

    /// Its port.
    var port: UInt16 { UInt16(clamping: channel.localAddress?.port ?? 0) }

    func write(_ datagram: ByteBuffer, to peer: Int) {
        // What the kernel does not take at once is late.
        guard channel.isWritable else { return }
        channel.write(AddressedEnvelope(remoteAddress: peers[peer].target, data: datagram), promise: nil)
    }

    func flush() { channel.flush() }

    func close() { channel.close(promise: nil) }

    private static func isLoopback(_ peers: [TURNPeer]) -> Bool {
        peers.allSatisfy { $0.target.ipAddress?.hasPrefix("127.") == true }
    }

    /// Where the media port is bound to one address, so that only that is known of the way there.
    private static func anywhere(_ peers: [TURNPeer]) -> String {
        peers.first?.target.protocol == .inet6 ? "::" : "0.0.0.0"
    }

    private final class Inlet: ChannelInboundHandler {
        typealias InboundIn = AddressedEnvelope<ByteBuffer>

        private let peers: [TURNPeer]
        private let read: Reader

        init(_ peers: [TURNPeer], _ read: @escaping Reader) {
            self.peers = peers
            self.read = read
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let envelope = unwrapInboundIn(data)
            guard let peer = peers.firstIndex(where: { $0.target == envelope.remoteAddress }) else { return }
            read(envelope.data, peer)
        }

        func channelReadComplete(context: ChannelHandlerContext) { read(nil, 0) }

        /// A port that nobody listens on any more is told of so: the room is ending.
        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }

    /// Datagrams that one system call reads, and bytes of the longest of them.
    private static let batch = 16
    private static let largest = 2_048
}
