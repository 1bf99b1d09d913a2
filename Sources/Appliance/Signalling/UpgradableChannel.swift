internal import Access
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOTLS
internal import NIOWebSocket
internal import ServiceLifecycle
internal import TLS

/// A connection that speaks HTTP/1.1 to Hummingbird until it is upgraded to a WebSocket (RFC 6455), or HTTP/2 if that was agreed
/// on with its TLS.
struct UpgradableChannel: ServerChildChannel, HTTPChannelHandler {
    typealias HTTP = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias WebSocket = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    enum Negotiated {
        case http(HTTP)
        case http2(HTTP2Streams.Connection)
        /// With whose share of the room it counts for.
        case webSocket(WebSocket, NetworkShare?)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        /// `nil` if there was no room for the connection.
        let admitted: (ticket: Doorkeeper.Ticket, negotiated: EventLoopFuture<Negotiated>)?
    }

    let responder: Responder
    /// `nil` for plain HTTP.
    let tls: ServedCertificate?
    /// Who gets connections that carry media; `nil`: nobody.
    let media: MediaHandOver?
    /// Who serves connections that speak TURN inside of TLS; `nil`: nobody.
    let relay: TURNRelay?
    let doorkeeper: Doorkeeper
    let deadlines: WebServer.Deadlines
    /// Where connections and requests come from.
    let front: FrontDoor
    /// Why this request may not become a WebSocket; `nil` if it may.
    let refusal: @Sendable (any Channel, HTTPRequestHead) -> RequestGate.Refusal?
    let serve: @Sendable (WebSocket, NetworkShare?, Doorkeeper.Ticket) async -> Void

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard let first = front.handlers(for: channel), let ticket = doorkeeper.admit(channel) else {
            return channel.eventLoop.makeSucceededFuture(Value(channel: channel, admitted: nil))
        }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(first)
            try media?.watch(channel, isShared: doorkeeper.isProxy(channel))
            if let tls {
                try channel.pipeline.syncOperations.addHandler(TLSHandler(tls.context))
                try relay?.watch(channel, ticket)
            }
            return Value(channel: channel, admitted: (ticket, try negotiate(on: channel, logger)))
        }
    }

    func handle(value: Value, logger: Logger) async {
        let channel = value.channel
        guard let (ticket, negotiation) = value.admitted else {
            try? await channel.close()
            return
        }
        // Whoever connects has to say what it wants, TLS's handshake included; a shutdown does not wait for it. With TURN nothing
        // is negotiated before the connection ends.
        let deadline = channel.eventLoop.scheduleTask(in: TimeAmount(deadlines.request)) {
            if !TURNRelay.serves(channel) { channel.close(promise: nil) }
        }
        let negotiated = try? await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await negotiation.get()
            } onGracefulShutdown: {
                channel.close(promise: nil)
            }
        } onCancel: {
            channel.close(promise: nil)
        }
        if case .http2(let connection) = negotiated {
            await HTTP2Streams.serve(connection) {
                deadline.cancel()
                ticket.advance(to: .browsing)
            } each: { stream in
                await handleHTTP(asyncChannel: stream, logger: logger)
            }
            channel.close(promise: nil)
        }
        deadline.cancel()
        switch negotiated {
        case .http(let channel):
            ticket.advance(to: .browsing)
            await handleHTTP(asyncChannel: channel, logger: logger)
        case .webSocket(let channel, let share):
            ticket.advance(to: .talking)
            await serve(channel, share, ticket)
        case .http2, nil: break
        }
    }

    /// What the connection turns out to be, when its TLS is done and the head of a first request has come.
    private func negotiate(on channel: any Channel, _ logger: Logger) throws -> EventLoopFuture<Negotiated> {
        guard tls != nil else { return try awaitHTTP1(on: channel, logger) }
        typealias Agreement = NIOTypedApplicationProtocolNegotiationHandler<EventLoopFuture<Negotiated>>
        let agreement = Agreement { result, channel in
            channel.eventLoop.makeCompletedFuture {
                guard result == .negotiated(ApplicationProtocol.http2.rawValue) else {
                    return try awaitHTTP1(on: channel, logger)
                }
                let connection = try HTTP2Streams.configure(channel, idle: deadlines.idle, logger)
                return channel.eventLoop.makeSucceededFuture(.http2(connection))
            }
        }
        try channel.pipeline.syncOperations.addHandler(agreement)
        return agreement.protocolNegotiationResult.flatMap { $0 }
    }

    private func awaitHTTP1(on channel: any Channel, _ logger: Logger) throws -> EventLoopFuture<Negotiated> {
        let upgrader = NIOTypedWebSocketServerUpgrader<Negotiated>(
            maxFrameSize: ClientMessage.maximumLength,
            shouldUpgrade: { channel, head in
                guard let refusal = refusal(channel, head) else {
                    return channel.eventLoop.makeSucceededFuture(HTTPHeaders())
                }
                return Self.refuse(channel, refusal)
            },
            upgradePipelineHandler: { channel, head in
                let share = front.source(of: channel, head).share
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOWebSocketFrameAggregator(
                            minNonFinalFragmentSize: 0,
                            maxAccumulatedFrameCount: 64,
                            maxAccumulatedFrameSize: ClientMessage.maximumLength
                        )
                    )
                    return .webSocket(try WebSocket(wrappingChannelSynchronously: channel), share)
                }
            }
        )
        let configuration = NIOTypedHTTPServerUpgradeConfiguration<Negotiated>(upgraders: [upgrader]) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: tls != nil))
                try channel.pipeline.syncOperations.addHandler(
                    HTTPConnectionStateHandler(idleTimeout: deadlines.idle, logger: logger)
                )
                return .http(
                    try HTTP(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true)
                    )
                )
            }
        }
        return try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: .init(upgradeConfiguration: configuration)
        )
    }

    /// Answers a request for a WebSocket that is refused, and ends its connection: swift-nio's upgrade
    /// handler swallows the request's head, so that nobody behind it could answer.
    private static func refuse(
        _ channel: any Channel,
        _ refusal: RequestGate.Refusal
    ) -> EventLoopFuture<HTTPHeaders?> {
        let body = ByteBuffer(string: refusal.words)
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: refusal.status.code),
            headers: [
                "Connection": "close", "Content-Length": String(body.readableBytes),
                "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff",
            ]
        )
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil)
        return channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            .flatMap { channel.close() }
            .map { nil }
    }
}
