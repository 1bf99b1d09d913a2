internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import TLS

/// One POST to a receiver of events, on a connection of its own.
struct WebhookRequest: Sendable {
    /// What the receiver has answered.
    struct Answer: Hashable, Sendable {
        var status: Int
        /// Seconds.
        var retryAfter: Int64?

        var isTaken: Bool { (200..<300).contains(status) }
    }

    let address: WebhookAddress
    /// `nil` for plain HTTP.
    let tls: TLSContext?

    /// - Throws: If the receiver cannot be reached, does not show a certificate for its name, or does not answer in time.
    func post(_ body: [UInt8], headers: [(String, String)]) async throws -> Answer {
        var fields = HTTPHeaders([("Host", address.authority), ("Connection", "close")])
        fields.add(contentsOf: headers)
        fields.add(name: "Content-Length", value: String(body.count))
        let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: address.path, headers: fields)
        let answer = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Answer.self)
        let channel: any Channel
        do {
            channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(Self.limit)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        if let tls { try pipeline.addHandler(TLSHandler(tls, to: address.peer)) }
                        try pipeline.addHTTPClientHandlers()
                        try pipeline.addHandler(PostHandler(head, body, answer))
                    }
                }
                .connect(host: address.host, port: address.port).get()
        } catch {
            answer.fail(error)
            throw error
        }
        let deadline = channel.eventLoop.scheduleTask(in: Self.limit) { channel.close(promise: nil) }
        defer {
            deadline.cancel()
            channel.close(promise: nil)
        }
        return try await answer.futureResult.get()
    }

    /// For the connection, and for the answer.
    private static let limit = TimeAmount.seconds(10)
}

/// Sends the request, and takes the head of the answer; what that says besides is of no interest.
private final class PostHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let body: [UInt8]
    private var answer: EventLoopPromise<WebhookRequest.Answer>?

    init(_ head: HTTPRequestHead, _ body: [UInt8], _ answer: EventLoopPromise<WebhookRequest.Answer>) {
        self.head = head
        self.body = body
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
        context.write(Self.wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = Self.unwrapInboundIn(data), head.status.code >= 200 else { return }
        let seconds = head.headers.first(name: "retry-after").flatMap { Int64($0) }
        answer?.succeed(.init(status: Int(head.status.code), retryAfter: seconds))
        answer = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer?.fail(error)
        answer = nil
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer?.fail(ChannelError.eof)
        answer = nil
        context.fireChannelInactive()
    }
}
