internal import NIOCore
internal import NIOHTTP2

/// Ends an HTTP/2 connection: one that nobody uses any more, one whose client has gone, one on which the protocol was broken or
/// that is to wear the room out, and every one when the room ends (RFC 9113 §5.4.1, §6.8, §9.1).
///
/// swift-nio-http2 has a handler for this, which waits for its client to agree.
final class HTTP2Lifetime: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame
    typealias OutboundOut = HTTP2Frame

    private let idle: TimeAmount
    private var streams = 0
    /// The client's latest.
    private var last = HTTP2StreamID.rootStream
    private var context: ChannelHandlerContext?
    private var timer: Scheduled<Void>?
    private var isLeaving = false

    /// - Parameter idle: How long it may be open without a stream.
    init(idle: TimeAmount) {
        self.idle = idle
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        leave(in: idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        // The room ends: answers that are under way are finished, but whoever reads no more is not waited for.
        case is ChannelShouldQuiesceEvent:
            isLeaving = true
            if streams == 0 { leave() } else { leave(in: .seconds(2)) }
        // Whoever sends no more can neither ask for anything nor say how much it takes.
        case ChannelEvent.inputClosed: context.close(promise: nil)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What is wrong with one stream ends that stream. Of all else the client has been told.
        if error is NIOHTTP2Errors.StreamError { return }
        context.close(promise: nil)
    }

    // MARK: Streams

    /// To be told of streams, on the event loop.
    struct Delegate: NIOHTTP2StreamDelegate {
        let lifetime: NIOLoopBound<HTTP2Lifetime>

        func streamCreated(_ id: HTTP2StreamID, channel: any Channel) { lifetime.value.handleCreated(id) }

        func streamClosed(_ id: HTTP2StreamID, channel: any Channel) { lifetime.value.handleClosed() }
    }

    private func handleCreated(_ id: HTTP2StreamID) {
        streams += 1
        last = max(last, id)
        if !isLeaving { timer?.cancel() }
    }

    private func handleClosed() {
        streams -= 1
        guard streams == 0 else { return }
        if isLeaving { leave() } else { leave(in: idle) }
    }

    // MARK: The end

    private func leave(in time: TimeAmount) {
        timer?.cancel()
        timer = context?.eventLoop.assumeIsolated().scheduleTask(in: time) { self.leave() }
    }

    /// Says which streams were the last, and closes behind all that has been written.
    private func leave() {
        guard let context else { return }
        let frame = HTTP2Frame(
            streamID: .rootStream,
            payload: .goAway(lastStreamID: last, errorCode: .noError, opaqueData: nil)
        )
        context.writeAndFlush(Self.wrapOutboundOut(frame))
            .assumeIsolated()
            .whenComplete { _ in context.close(promise: nil) }
    }
}
