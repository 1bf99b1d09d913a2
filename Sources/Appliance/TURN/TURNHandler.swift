internal import IO
internal import NIOCore
internal import WebRTC
internal import Wire

/// One client of the room's TURN server: the plain bytes of its TLS connection on one side, a UDP socket to the media port on the
/// other.
///
/// What the connection has no room for is dropped and counted, not queued: the congestion control of the media sees it
/// and sends less, and small datagrams (sound, feedback, answers to input) find room for longer.
final class TURNHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let relay: TURNRelay
    private let ticket: Doorkeeper.Ticket
    private var connection: TURNConnection
    private var output = TURNOutput()
    private var context: ChannelHandlerContext?
    private var socket: TURNSocket?
    /// Whose share the allocation counts for.
    private var person: String?
    /// Goes off at the machine's timeout, or before, and is then set anew.
    private var timer: (due: Instant, task: Scheduled<Void>)?
    /// Bytes that waited to be sent when the batch from the socket began.
    private var waiting: Int?

    init(_ relay: TURNRelay, _ ticket: Doorkeeper.Ticket, client: Wire.SocketAddress) {
        self.relay = relay
        self.ticket = ticket
        connection = TURNConnection(relay.credentials, client: client, random: .system, now: .now())
    }

    var isAllocated: Bool { connection.isAllocated }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setTimer(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    // MARK: The client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = Self.unwrapInboundIn(data)
        unsafe bytes.withUnsafeReadableBytes { bytes in
            unsafe connection.handle(
                RawSpan(_unsafeBytes: bytes),
                now: .now(),
                clock: RoomClock.milliseconds / 1_000,
                into: &output
            )
        }
        settle()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nobody behind this one asks for more.
        context.read()
    }

    // MARK: The media port

    /// Takes what the socket has, up to a `nil`.
    private func receive(_ datagram: ByteBuffer?, from peer: Int) {
        guard let context else { return }
        guard let datagram else {
            waiting = nil
            settle()
            return
        }
        let before =
            waiting ?? (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        waiting = before
        let isSmall = datagram.readableBytes <= Self.small
        guard before + output.stream.count < (isSmall ? 2 * Self.mostWaiting : Self.mostWaiting) else {
            relay.statistics.noteUnsent()
            return
        }
        unsafe datagram.withUnsafeReadableBytes { bytes in
            unsafe connection.handleDatagram(
                RawSpan(_unsafeBytes: bytes),
                from: peer,
                now: .now(),
                into: &output
            )
        }
    }

    // MARK: What follows

    /// Does what the machine wants done.
    private func settle() {
        guard let context else { return }
        relay.statistics.note(output)
        if !output.stream.isEmpty {
            context.writeAndFlush(
                Self.wrapOutboundOut(context.channel.allocator.buffer(bytes: output.stream)),
                promise: nil
            )
        }
        if let socket, !output.datagrams.isEmpty {
            for datagram in output.datagrams {
                let bytes = context.channel.allocator.buffer(bytes: output.data[datagram.range])
                socket.write(bytes, to: datagram.peer)
            }
            socket.flush()
        }
        let events = output.events
        output.removeAll()
        for event in events {
            switch event {
            case .ended: context.close(promise: nil)
            case .released: release()
            case .wanted(let person): allocate(for: person, context)
            }
        }
        setTimer(context)
    }

    private func setTimer(_ context: ChannelHandlerContext) {
        guard let due = connection.pollTimeout() else {
            timer?.task.cancel()
            timer = nil
            return
        }
        if let timer, timer.due <= due { return }
        timer?.task.cancel()
        let delay = TimeAmount.nanoseconds(max(0, (due - .now()).nanoseconds))
        let task = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
            timer = nil
            connection.handleTimeout(now: .now(), into: &output)
            settle()
        }
        timer = (due, task)
    }

    // MARK: The allocation

    private func allocate(for person: String, _ context: ChannelHandlerContext) {
        guard relay.take(person) else { return answer(.refused(486)) }
        self.person = person
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        let eventLoop = context.eventLoop
        Task { [relay] in
            let peers = await relay.peers()
            eventLoop.execute { handler.value.open(to: peers) }
        }
    }

    private func open(to peers: [TURNPeer]) {
        // The connection may have ended.
        guard let context, person != nil else { return }
        TURNSocket.open(on: context.eventLoop, to: peers) { [weak self] in self?.receive($0, from: $1) }
            .assumeIsolated()
            .whenComplete { [self] opened in
                switch opened {
                case .success(let socket) where self.context != nil && person != nil:
                    self.socket = socket
                    setOptions()
                    answer(.made(port: socket.port, peers: peers.map(\.address)))
                    if isAllocated { ticket.advance(to: .joined) }
                case .success(let socket): socket.close()
                case .failure:
                    release()
                    answer(.refused(508))
                }
            }
    }

    private func answer(_ made: TURNConnection.Allocation) {
        connection.handleAllocation(made, now: .now(), into: &output)
        settle()
    }

    /// From here on the connection carries media.
    private func setOptions() {
        try? context?.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) { MediaStream.setOptions(of: $0) }
    }

    private func release() {
        socket?.close()
        socket = nil
        if let person { relay.giveBack(person) }
        person = nil
    }

    private func end() {
        timer?.task.cancel()
        timer = nil
        release()
        context = nil
    }

    /// Bytes of a datagram that is not a picture's.
    private static let small = 400
    /// Bytes that wait beyond what the kernel takes: half a second of a narrow path, and a key frame's beginning.
    private static let mostWaiting = 64 << 10
}
