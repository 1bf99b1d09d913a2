import NIOCore
import NIOPosix
import TLS

/// A TCP or TLS client that knows no HTTP, so that what a test sends and sees is what is on the wire.
struct RawClient {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private let channel: any Channel
    private var received: [UInt8] = []
    private var isOver = false

    /// Connects to a port of this machine; TLS trusts any certificate.
    ///
    /// - Parameter protocols: What is offered to be spoken inside of TLS.
    /// - Parameter first: What is sent before all else, TLS's handshake included.
    static func connect<Result>(
        port: Int,
        usingTLS: Bool = false,
        protocols: [ApplicationProtocol] = [],
        first: [UInt8] = [],
        _ body: (inout RawClient) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if !first.isEmpty { try channel.pipeline.syncOperations.addHandler(FirstBytes(first)) }
                    if usingTLS {
                        let tls = try TLSContext(
                            clientOffering: "DEFAULT",
                            newest: true,
                            protocols: protocols
                        )
                        try channel.pipeline.syncOperations.addHandler(TLSHandler(tls))
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(
                inbound: inbound.makeAsyncIterator(),
                outbound: outbound,
                channel: channel.channel
            )
            return try await body(&client)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        channel: any Channel
    ) {
        self.inbound = inbound
        self.outbound = outbound
        self.channel = channel
    }

    func send(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Closes its half of the connection below TLS, which says no goodbye.
    func sendNoMore() async throws {
        try await channel.eventLoop.submit {
            let tls = try channel.pipeline.syncOperations.context(handlerType: TLSHandler.self)
            tls.close(mode: .output, promise: nil)
        }.get()
    }

    /// What has come; `nil` at the connection's end.
    mutating func bytes() async throws -> [UInt8]? {
        if received.isEmpty, try await !receiveMore() { return nil }
        defer { received = [] }
        return received
    }

    /// Takes in what comes until a text has come; `false`: the connection has ended before.
    mutating func frames(until text: String) async throws -> Bool {
        while received.firstRange(of: Array(text.utf8)) == nil {
            guard try await receiveMore() else { return false }
        }
        received = []
        return true
    }

    /// All that still comes, as text.
    mutating func rest() async throws -> String {
        while try await receiveMore() {}
        return String(decoding: received, as: UTF8.self)
    }

    /// Sends a request, and reads its answer to the end: the connection's.
    mutating func get(
        _ path: String,
        method: String = "GET",
        host: String = "room.example",
        headers: [String] = []
    ) async throws -> String {
        let lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)", "Connection: close"] + headers
        try await send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8))
        while try await receiveMore() {}
        return String(decoding: received, as: UTF8.self)
    }

    /// Asks for a WebSocket; returns the answer's head.
    mutating func upgrade(
        _ path: String,
        host: String = "room.example",
        headers: [String] = []
    ) async throws -> String {
        let lines = [
            "GET \(path) HTTP/1.1", "Host: \(host)", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        try await send(Array(((lines + headers).joined(separator: "\r\n") + "\r\n\r\n").utf8))
        while true {
            if let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
                received.removeSubrange(..<end.upperBound)
                return head
            }
            guard try await receiveMore() else { return String(decoding: received, as: UTF8.self) }
        }
    }

    /// Sends one masked frame (RFC 6455 §5.2) of less than 65,536 bytes.
    ///
    /// - Parameter isFinal: `false` for a fragment that others follow.
    func send(frame opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) async throws {
        let mask: [UInt8] = [1, 2, 3, 4]
        var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | opcode]
        if payload.count < 126 {
            bytes.append(0x80 | UInt8(payload.count))
        } else {
            bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        }
        bytes += mask
        bytes += payload.enumerated().map { $1 ^ mask[$0 % 4] }
        try await send(bytes)
    }

    /// The next frame of less than 65,536 bytes; `nil` at the connection's end.
    mutating func frame() async throws -> (opcode: UInt8, payload: [UInt8])? {
        while true {
            if received.count >= 2 {
                let isLong = received[1] == 126
                let start = isLong ? 4 : 2
                if received.count >= start {
                    let count = isLong ? Int(received[2]) << 8 | Int(received[3]) : Int(received[1])
                    if received.count >= start + count {
                        let frame = (received[0] & 0xf, Array(received[start..<start + count]))
                        received.removeSubrange(..<(start + count))
                        return frame
                    }
                }
            }
            guard try await receiveMore() else { return nil }
        }
    }

    private mutating func receiveMore() async throws -> Bool {
        // A peer that closes TLS without a goodbye ends the connection like any other.
        guard !isOver, let buffer = try? await inbound.next() else {
            isOver = true
            return false
        }
        received += buffer.readableBytesView
        return true
    }
}

/// What goes ahead of everything on a connection.
private final class FirstBytes: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        context.fireChannelActive()
    }
}

extension TLSSession {
    /// What is to be sent.
    mutating func sent() -> [UInt8] {
        let waiting = sendCount
        return [UInt8](unsafeUninitializedCapacity: waiting) { space, count in
            count = waiting == 0 ? 0 : pollSend(UnsafeMutableRawBufferPointer(space))
        }
    }
}
