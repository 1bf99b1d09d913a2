internal import NIOCore
internal import Wire

/// Looks at what a connection begins with, and gives it to somebody else if it is not for whoever is behind this in the
/// pipeline.
///
/// It stands before everything else that reads: before TLS for what comes bare (media by ICE-TCP), and may stand once more behind
/// TLS, for what comes inside of it. It passes everything on, and is gone, as soon as the bytes are known to be somebody else's.
final class FirstBytesHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What becomes of a connection.
    enum Verdict {
        /// It is for whoever is behind this.
        case passed
        /// It is for this handler, which takes the place of whoever is behind this: nobody there gets to see a byte.
        case served(any ChannelInboundHandler)
        /// It was taken over: everything that has been read was, and nothing more is read.
        case taken
    }

    /// Says whose the connection is, by everything that has been read.
    typealias Claim = (any Channel, StreamOpening, ByteBuffer) -> Verdict

    private let claim: Claim
    private var bytes = ByteBuffer()
    private var isDone = false

    init(claim: @escaping Claim) {
        self.claim = claim
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else {
            context.fireChannelRead(data)
            return
        }
        var more = Self.unwrapInboundIn(data)
        bytes.writeBuffer(&more)
        let opening = unsafe bytes.withUnsafeReadableBytes { bytes in
            unsafe StreamOpening(RawSpan(_unsafeBytes: bytes))
        }
        guard let opening else {
            // Whoever reads only when asked has not been given anything yet.
            context.read()
            return
        }
        isDone = true
        switch claim(context.channel, opening, bytes) {
        case .taken: return
        case .passed: break
        case .served(let handler):
            do {
                try context.pipeline.syncOperations.addHandler(handler, position: .after(self))
            } catch {
                context.close(promise: nil)
                return
            }
        }
        context.fireChannelRead(Self.wrapInboundOut(bytes))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isDone { context.fireChannelReadComplete() }
    }
}
