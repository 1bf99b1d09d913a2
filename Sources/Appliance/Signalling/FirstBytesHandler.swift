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

    /// Takes the connection over; returns whether it wants it.
    ///
    /// It is given everything that has been read, and nothing more is read for it.
    typealias Claim = (any Channel, StreamOpening, ByteBuffer) -> Bool

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
        guard !claim(context.channel, opening, bytes) else { return }
        context.fireChannelRead(Self.wrapInboundOut(bytes))
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isDone { context.fireChannelReadComplete() }
    }
}
