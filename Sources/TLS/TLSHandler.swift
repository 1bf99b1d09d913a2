package import NIOCore
internal import NIOTLS

/// TLS between a socket and whatever is behind it in the pipeline, which sees plain bytes.
///
/// When the handshake is done, they are told so by a `TLSUserEvent`, with what is spoken from then on.
///
/// Who sets a deadline for the handshake is whoever added this: nothing comes through before it is done.
package final class TLSHandler: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private enum State { case handshake, established, closed }

    private let role: TLSContext.Role
    private var session: TLSSession
    private var state = State.handshake
    /// What was written before the handshake was done.
    private var waiting: [(ByteBuffer, EventLoopPromise<Void>?)] = []
    /// Somebody asked for more, and nothing has been given since.
    private var isAsked = false

    /// - Parameter peer: The name or address of a server whose certificate must be for it; `nil`: whatever the context trusts.
    package init(_ context: TLSContext, to peer: TLSName? = nil) throws(TLSError) {
        role = context.role
        session = try TLSSession(context, to: peer)
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        refuseWaiting()
    }

    package func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        refuseWaiting()
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard state != .closed else { return }
        let bytes = Self.unwrapInboundIn(data)
        do throws(TLSError) {
            try bytes.withUnsafeReadableBytes { bytes throws(TLSError) in try session.receive(bytes) }
            try advance(context)
        } catch {
            fail(error, context)
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Half a record satisfies nobody who reads only when asked to.
        if isAsked, state != .closed { context.read() }
    }

    package func read(context: ChannelHandlerContext) {
        isAsked = true
        context.read()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let bytes = Self.unwrapOutboundIn(data)
        switch state {
        case .handshake: waiting.append((bytes, promise))
        case .established: encrypt(bytes, promise, context)
        case .closed: promise?.fail(ChannelError.ioOnClosedChannel)
        }
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .input {
            if state == .established {
                session.close()
                sendPending(context)
                context.flush()
            }
            // Who has said that nothing more comes may still be told something.
            if mode == .all { state = .closed }
            refuseWaiting()
        }
        context.close(mode: mode, promise: promise)
    }

    private func start(_ context: ChannelHandlerContext) {
        guard role == .client, state == .handshake else { return }
        do throws(TLSError) {
            try advance(context)
        } catch {
            fail(error, context)
        }
    }

    /// Goes as far as what has come allows.
    private func advance(_ context: ChannelHandlerContext) throws(TLSError) {
        if state == .handshake {
            let progress = try session.handshake()
            sendPending(context)
            context.flush()
            guard progress == .done else { return }
            state = .established
            for (bytes, promise) in waiting { encrypt(bytes, promise, context) }
            waiting = []
            context.flush()
            let name = session.applicationProtocol?.rawValue
            context.fireUserInboundEventTriggered(TLSUserEvent.handshakeCompleted(negotiatedProtocol: name))
        }
        var pieces: [ByteBuffer] = []
        let progress = try session.pollReceived { pieces.append(ByteBuffer(bytes: $0)) }
        // An answer to a change of keys, for example.
        sendPending(context)
        context.flush()
        for piece in pieces {
            isAsked = false
            context.fireChannelRead(Self.wrapInboundOut(piece))
        }
        if progress == .done, state != .closed { context.channel.close(promise: nil) }
    }

    private func encrypt(
        _ bytes: ByteBuffer,
        _ promise: EventLoopPromise<Void>?,
        _ context: ChannelHandlerContext
    ) {
        do throws(TLSError) {
            try bytes.withUnsafeReadableBytes { bytes throws(TLSError) in try session.send(bytes) }
            sendPending(context, promise)
        } catch {
            promise?.fail(error)
            fail(error, context)
        }
    }

    /// Gives everything that the session has to send to the socket; it is not flushed.
    private func sendPending(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>? = nil) {
        let count = session.sendCount
        guard count > 0 || promise != nil else { return }
        var bytes = context.channel.allocator.buffer(capacity: count)
        bytes.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            session.pollSend(UnsafeMutableRawBufferPointer(rebasing: space.prefix(count)))
        }
        context.write(Self.wrapOutboundOut(bytes), promise: promise)
    }

    /// Tells the peer why, as far as OpenSSL has an alert for it, and ends the connection.
    private func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        guard state != .closed else { return }
        state = .closed
        sendPending(context)
        context.flush()
        refuseWaiting()
        context.fireErrorCaught(error)
        context.close(promise: nil)
    }

    private func refuseWaiting() {
        let refused = waiting
        waiting = []
        for (_, promise) in refused { promise?.fail(ChannelError.ioOnClosedChannel) }
    }
}
