internal import NIOCore
internal import Synchronization
internal import Wire

/// Takes the PROXY header off the beginning of a connection, and remembers it; a connection that begins with anything
/// else is closed.
final class ProxyHeaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let peers: ProxiedPeers
    private let notice: Notice
    private var received = ByteBuffer()
    private var isOver = false

    init(_ peers: ProxiedPeers, notice: Notice) {
        self.peers = peers
        self.notice = notice
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard !isOver else {
            context.fireChannelRead(data)
            return
        }
        received.writeBuffer(&bytes)
        // At most a longest header and one read: it is tried after each.
        let array = Array(buffer: received)
        do throws(ProxyHeader.ParseError) {
            guard let (header, length) = try unsafe ProxyHeader.parse(array.span.bytes) else { return }
            isOver = true
            peers.add(header, of: context.channel)
            received.moveReaderIndex(forwardBy: length)
            if received.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(received)) }
            received = ByteBuffer()
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            isOver = true
            received = ByteBuffer()
            notice.say()
            context.close(promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Whoever is behind it reads on only once it has got something.
        context.fireChannelReadComplete()
        if !isOver { context.read() }
    }
}

/// Who is behind each connection by its PROXY header, for as long as it is open.
final class ProxiedPeers: Sendable {
    private let headers = Mutex<[ObjectIdentifier: ProxyHeader]>([:])

    func add(_ header: ProxyHeader, of channel: any Channel) {
        let id = ObjectIdentifier(channel)
        headers.withLock { $0[id] = header }
        channel.closeFuture.whenComplete { _ in self.headers.withLock { $0[id] = nil } }
    }

    subscript(id: ObjectIdentifier) -> ProxyHeader? { headers.withLock { $0[id] } }
}
