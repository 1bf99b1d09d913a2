internal import NIOCore
internal import NIOWebSocket
internal import Synchronization

/// One page's WebSocket: messages in as a sequence, messages out by ``send(_:)`` from anywhere.
///
/// Both directions are bounded: a page that floods is held back by TCP, one that does not read is closed.
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
                if !self.isOver.load(ordering: .relaxed) { return true }
                if case .success(.leave) = message { return true }
                return false
            }
    }

    private let received: AsyncStream<Received>
    private let incoming: AsyncStream<Received>.Continuation
    /// Bytes of messages that wait to be acted on.
    private let waiting = Atomic(0)
    private let isOver = Atomic(false)
    private let frames: AsyncStream<WebSocketFrame>
    private let outgoing: AsyncStream<WebSocketFrame>.Continuation
    private let hasHeard = Atomic(true)

    private struct Received: Sendable {
        var length: Int
        var message: Result<ClientMessage, BadMessage>
    }

    package init() {
        (received, incoming) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.depth))
        (frames, outgoing) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.depth))
    }

    /// Sends `message`; a page that has let too many pile up is closed instead.
    package func send(_ message: RoomMessage) {
        send(.text, ByteBuffer(string: message.json))
    }

    /// Why the room ends a connection, as the page is told (RFC 6455 §7.4.2).
    package enum CloseCode: UInt16, Sendable {
        /// The same person has joined on another page: this one need not try again.
        case joinedElsewhere = 4001
        /// The person said that they leave.
        case left = 4002
    }

    /// Ends the connection with a reason, after what has been sent.
    package func close(_ code: CloseCode) {
        send(.connectionClose, ByteBuffer(integer: code.rawValue))
        close()
    }

    /// Ends the connection after what has been sent.
    package func close() {
        isOver.store(true, ordering: .relaxed)
        outgoing.finish()
        incoming.finish()
    }

    /// Serves the connection until the page, the network, the room's ``close()`` or the end of `body` ends
    /// it.
    ///
    /// - Parameter body: Returns, at the latest, soon after ``messages`` have ended.
    func run(inbound: Inbound, outbound: Outbound, body: @escaping @Sendable () async -> Void) async {
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
                group.addTask { await body() }
                await group.next()
                close()
                group.cancelAll()
            }
            // What has been sent still reaches a page that reads it. Reading goes on meanwhile: to stop is to
            // close the channel.
            parts.addTask {
                try? await Task.sleep(for: Self.patience)
                return .waiting
            }
            while let part = await parts.next(), part == .reading {}
            parts.cancelAll()
        }
    }

    private enum Part { case reading, waiting, writing }

    private func read(from inbound: Inbound) async {
        do {
            for try await frame in inbound {
                hasHeard.store(true, ordering: .relaxed)
                switch frame.opcode {
                case .text:
                    guard receive(Array(frame.unmaskedData.readableBytesView)) else { return }
                case .ping: send(.pong, frame.unmaskedData)
                case .connectionClose:
                    send(.connectionClose, frame.unmaskedData)
                    close()
                case .binary:
                    send(.error(step: nil, message: "Messages are text, not binary."))
                default: break
                }
            }
        } catch {
            // The network or a frame that breaks RFC 6455: either way the connection is over.
        }
    }

    private func write(to outbound: Outbound) async {
        do {
            for await frame in frames { try await outbound.write(frame) }
        } catch {
            // The page is gone; reading ends too.
        }
    }

    /// Pings, and returns when a page has been silent for two periods.
    private func keepAlive() async {
        while hasHeard.exchange(false, ordering: .relaxed) {
            send(.ping, ByteBuffer())
            do { try await Task.sleep(for: Self.period) } catch { return }
        }
    }

    /// Takes a message, which is read at once and acted on in its turn.
    ///
    /// Returns `false` if the page sends faster than the room acts.
    package func receive(_ bytes: [UInt8]) -> Bool {
        let message = Result { () throws(BadMessage) in try ClientMessage(parsing: bytes) }
        let before = waiting.add(bytes.count, ordering: .relaxed).oldValue
        guard before <= Self.maximumWaiting else { return false }
        if case .dropped = incoming.yield(Received(length: bytes.count, message: message)) { return false }
        return true
    }

    /// The texts that are on their way to the page, for one reader in the place of a WebSocket.
    package func readTexts(_ body: (String) async -> Void) async {
        for await frame in frames where frame.opcode == .text { await body(String(buffer: frame.data)) }
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        if case .dropped = outgoing.yield(WebSocketFrame(fin: true, opcode: opcode, data: data)) { close() }
    }

    /// Messages that wait, each way.
    private static let depth = 256
    /// Bytes beyond which nothing more is taken from a page: a few descriptions of the longest.
    private static let maximumWaiting = 1 << 20
    private static let period = Duration.seconds(15)
    private static let patience = Duration.seconds(2)
}
