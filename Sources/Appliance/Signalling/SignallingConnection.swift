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
    package let messages: AsyncStream<Result<ClientMessage, BadMessage>>
    private let incoming: AsyncStream<Result<ClientMessage, BadMessage>>.Continuation
    private let frames: AsyncStream<WebSocketFrame>
    private let outgoing: AsyncStream<WebSocketFrame>.Continuation
    private let hasHeard = Atomic(true)

    init() {
        (messages, incoming) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.depth))
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
                    guard receive(frame.unmaskedData) else { return }
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

    /// Returns `false` if the page sends faster than the room acts.
    private func receive(_ data: ByteBuffer) -> Bool {
        let message: Result<ClientMessage, BadMessage>
        do {
            message = .success(try ClientMessage(parsing: Array(data.readableBytesView)))
        } catch {
            message = .failure(error)
        }
        if case .dropped = incoming.yield(message) { return false }
        return true
    }

    private func send(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        if case .dropped = outgoing.yield(WebSocketFrame(fin: true, opcode: opcode, data: data)) { close() }
    }

    /// Messages that wait, each way.
    private static let depth = 256
    private static let period = Duration.seconds(15)
    private static let patience = Duration.seconds(2)
}
