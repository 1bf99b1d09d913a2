package import Access
internal import IO
internal import NIOCore
internal import NIOWebSocket
internal import Synchronization
internal import Wire

/// One page's WebSocket: messages in as a sequence, messages out by `send` from anywhere.
///
/// Both directions are bounded: a page that floods is read more slowly (``MessagePace``) and held back by TCP, one
/// that does not read gets the latest of each state (``OutgoingQueue``) and is closed when that is not enough.
package final class SignallingConnection: Sendable {
    typealias Inbound = NIOAsyncChannelInboundStream<WebSocketFrame>
    typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>

    /// What the page sent, one at a time; ends with the connection.
    ///
    /// What still waits when the connection is over is dropped unread: nobody is there to be answered. Only a
    /// page's goodbye counts.
    package var messages: some AsyncSequence<Result<ClientMessage, BadMessage>, Never> {
        received
            .map { received in
                self.waiting.subtract(received.length, ordering: .relaxed)
                return received.message
            }
            .filter { message in
                if !self.isOver { return true }
                return switch message {
                case .success(.goodbye), .success(.leave): true
                default: false
                }
            }
    }

    /// Whose share of the room's places it counts for; `nil`: nobody's in particular.
    package let share: NetworkShare?
    /// By what else than a WebSocket of the room's page somebody comes, and how they are sent the desk.
    package let outside: OutsideEnd?
    private let received: AsyncStream<Received>
    private let incoming: AsyncStream<Received>.Continuation
    /// Bytes of messages that wait to be acted on.
    private let waiting = Atomic(0)
    private let outgoing = Mutex(OutgoingQueue())
    /// Something waits to be written.
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let hasHeard = Atomic(true)
    private let hasJoined = Atomic(false)
    private let onJoin: @Sendable () -> Void

    private struct Received: Sendable {
        var length: Int
        var message: Result<ClientMessage, BadMessage>

        init(_ bytes: [UInt8]) {
            length = bytes.count
            message = Result { () throws(BadMessage) in try ClientMessage(parsing: bytes) }
        }

        init(_ message: Result<ClientMessage, BadMessage>) {
            length = 0
            self.message = message
        }

        var pace: MessagePace.Kind {
            if case .success(let known) = message { known.pace } else { .bad }
        }
    }

    /// - Parameter onJoin: Called when a person has joined by this connection.
    package init(
        share: NetworkShare? = nil,
        outside: OutsideEnd? = nil,
        onJoin: @escaping @Sendable () -> Void = {}
    ) {
        self.share = share
        self.outside = outside
        self.onJoin = onJoin
        (received, incoming) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.depth))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Whether ``close()`` was called, by the room or because the page has gone.
    package var isOver: Bool { outgoing.withLock { $0.isOver } }

    /// Sends `message`; a page that has let too many pile up is closed instead.
    package func send(_ message: RoomMessage) {
        if let outside { outside.hear(.message(message)) } else { send(EncodedMessage(message)) }
    }

    /// Sends what is written already, as to everybody else.
    package func send(_ message: EncodedMessage) { send(.text(message)) }

    /// Why the room ends a connection, as the page is told (RFC 6455 §7.4.2).
    package enum CloseCode: UInt16, Sendable {
        /// The same person has joined on another page: this one need not try again.
        case joinedElsewhere = 4001
        /// The person said that they leave.
        case left = 4002
        /// Nobody has joined by it for too long.
        case silent = 4003
        /// Another person needed the place: this one need not try again by itself.
        case evicted = 4004
        /// The token that the person came by has been withdrawn: no page gets in by it any more.
        case tokenWithdrawn = 4005
        /// The room has ended the person's stay, and has said why before.
        case ended = 4006
    }

    /// Ends the connection with a reason, after what has been sent.
    package func close(_ code: CloseCode) {
        send(.close(code: code.rawValue))
        close()
    }

    /// Ends the connection after what has been sent.
    package func close() {
        outgoing.withLock { $0.finish() }
        wake.yield()
        wake.finish()
        incoming.finish()
    }

    /// A person has joined by it: it may stay.
    package func handleJoin() {
        guard !hasJoined.exchange(true, ordering: .relaxed) else { return }
        onJoin()
    }

    /// Takes a message, which is read at once and acted on in its turn.
    ///
    /// Returns `false` if the page sends faster than the room acts.
    package func receive(_ bytes: [UInt8]) -> Bool { receive(Received(bytes)) }

    /// Takes a message of somebody who comes by no WebSocket.
    package func receive(_ message: ClientMessage) -> Bool { receive(Received(.success(message))) }

    private func receive(_ received: Received) -> Bool {
        let before = waiting.add(received.length, ordering: .relaxed).oldValue
        guard before <= Self.maximumWaiting else { return false }
        if case .dropped = incoming.yield(received) { return false }
        return true
    }

    /// The texts that are on their way to the page, for one reader in the place of a WebSocket.
    package func readTexts(_ body: @Sendable (String) async -> Void) async {
        for await _ in wakes {
            while let frame = outgoing.withLock({ $0.next() }) {
                if case .text(let message) = frame { await body(message.json) }
            }
        }
    }

    /// Serves the connection until the page, the network, the room's ``close()`` or the end of `body` ends
    /// it.
    ///
    /// - Parameter joining: How long a page may take to join.
    /// - Parameter body: Returns, at the latest, soon after ``messages`` have ended.
    func run(
        inbound: Inbound,
        outbound: Outbound,
        joining: Duration,
        body: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Part.self) { parts in
            parts.addTask {
                await self.write(to: outbound)
                return .writing
            }
            parts.addTask {
                await self.read(from: inbound)
                self.close()
                return .reading
            }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepAlive() }
                group.addTask { await self.awaitJoin(for: joining) }
                group.addTask { await body() }
                await group.next()
                close()
                group.cancelAll()
            }
            // What has been sent still reaches a page that reads it. Reading goes on meanwhile: to stop is to
            // close the channel.
            parts.addTask {
                try? await Task.sleep(for: Self.flushTimeout)
                return .waiting
            }
            while let part = await parts.next(), part == .reading {}
            parts.cancelAll()
        }
    }

    private enum Part { case reading, waiting, writing }

    private func read(from inbound: Inbound) async {
        var pace = MessagePace()
        do {
            for try await frame in inbound {
                hasHeard.store(true, ordering: .relaxed)
                var message: Received?
                switch frame.opcode {
                case .text: message = Received(Array(frame.unmaskedData.readableBytesView))
                case .ping: send(.pong(Array(frame.unmaskedData.readableBytesView)))
                case .connectionClose:
                    handleClose(frame.unmaskedData)
                    return
                case .binary:
                    message = Received(.failure(BadMessage(step: nil, "messages are text, not binary")))
                default: break
                }
                let wait = pace.wait(for: message?.pace ?? .ping, length: frame.length, now: .now())
                if wait > .zero { try await Task.sleep(for: .nanoseconds(wait.nanoseconds)) }
                if let message, !receive(message) { return }
            }
        } catch {
            // The network or a frame that breaks RFC 6455: either way the connection is over.
        }
    }

    private func handleClose(_ data: ByteBuffer) {
        let code = data.getInteger(at: data.readerIndex, as: UInt16.self)
        // What a browser sends when the page is closed or loaded anew (RFC 6455 §7.4.1).
        if code == Self.goingAway { _ = receive(Received(.success(.goodbye))) }
        send(.close(code: code))
        close()
    }

    private func write(to outbound: Outbound) async {
        do {
            for await _ in wakes {
                while let frame = outgoing.withLock({ $0.next() }) {
                    try await outbound.write(WebSocketFrame(frame))
                }
            }
        } catch {
            // The page is gone; reading ends too.
        }
    }

    /// Pings, and returns when a page has been silent for two periods.
    private func keepAlive() async {
        var isLate = false
        while hasHeard.exchange(false, ordering: .relaxed) || isLate {
            send(.ping)
            let start = ContinuousClock.now
            do { try await Task.sleep(for: Self.period) } catch { return }
            // Whoever was stopped or suspended meanwhile has not read yet what the page said.
            isLate = ContinuousClock.now - start > Self.period + Self.lateness
        }
    }

    /// Returns when nobody has joined in time; otherwise not before it is cancelled.
    private func awaitJoin(for duration: Duration) async {
        do { try await Task.sleep(for: duration) } catch { return }
        guard hasJoined.load(ordering: .relaxed) else { return close(.silent) }
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
    }

    private func send(_ frame: OutgoingQueue.Frame) {
        if outgoing.withLock({ $0.append(frame) }) { wake.yield() } else { close() }
    }

    /// Messages that wait to be acted on.
    private static let depth = 256
    /// Bytes beyond which nothing more is taken from a page: a few descriptions of the longest.
    private static let maximumWaiting = 1 << 20
    private static let goingAway: UInt16 = 1_001
    private static let period = Duration.seconds(15)
    private static let lateness = Duration.seconds(2)
    /// For what has been sent, to a page that reads slowly.
    private static let flushTimeout = Duration.seconds(2)
}

extension WebSocketFrame {
    fileprivate init(_ frame: OutgoingQueue.Frame) {
        switch frame {
        case .close(let code):
            self.init(
                fin: true,
                opcode: .connectionClose,
                data: code.map { ByteBuffer(integer: $0) } ?? ByteBuffer()
            )
        case .ping: self.init(fin: true, opcode: .ping, data: ByteBuffer())
        case .pong(let bytes): self.init(fin: true, opcode: .pong, data: ByteBuffer(bytes: bytes))
        case .text(let message): self.init(fin: true, opcode: .text, data: message.bytes)
        }
    }
}
