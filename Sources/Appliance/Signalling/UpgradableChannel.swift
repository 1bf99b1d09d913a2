internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket
internal import ServiceLifecycle
internal import TLS

/// A connection that speaks HTTP/1.1 to Hummingbird until it is upgraded to a WebSocket (RFC 6455).
struct UpgradableChannel: ServerChildChannel, HTTPChannelHandler {
    typealias HTTP = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias WebSocket = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    enum Negotiated {
        case http(HTTP)
        case webSocket(WebSocket)
    }

    struct Value: ServerChildChannelValue {
        let negotiated: EventLoopFuture<Negotiated>
        let channel: any Channel
    }

    let responder: Responder
    /// `nil` for plain HTTP.
    let tls: TLSContext?
    /// Whether this request may become a WebSocket.
    let admits: @Sendable (HTTPRequestHead) -> Bool
    let serve: @Sendable (WebSocket) async -> Void

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            if let tls { try channel.pipeline.syncOperations.addHandler(TLSHandler(tls)) }
            let upgrader = NIOTypedWebSocketServerUpgrader<Negotiated>(
                maxFrameSize: ClientMessage.maximumLength,
                shouldUpgrade: { channel, head in
                    guard !admits(head) else { return channel.eventLoop.makeSucceededFuture(HTTPHeaders()) }
                    return Self.refuse(channel)
                },
                upgradePipelineHandler: { channel, _ in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOWebSocketFrameAggregator(
                                minNonFinalFragmentSize: 0,
                                maxAccumulatedFrameCount: 64,
                                maxAccumulatedFrameSize: ClientMessage.maximumLength
                            )
                        )
                        return .webSocket(try WebSocket(wrappingChannelSynchronously: channel))
                    }
                }
            )
            let configuration = NIOTypedHTTPServerUpgradeConfiguration<Negotiated>(upgraders: [upgrader]) {
                channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: tls != nil))
                    try channel.pipeline.syncOperations.addHandler(
                        HTTPConnectionStateHandler(idleTimeout: .seconds(60), logger: logger)
                    )
                    return .http(
                        try HTTP(
                            wrappingChannelSynchronously: channel,
                            configuration: .init(isOutboundHalfClosureEnabled: true)
                        )
                    )
                }
            }
            let negotiated = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                configuration: .init(upgradeConfiguration: configuration)
            )
            return Value(negotiated: negotiated, channel: channel)
        }
    }

    func handle(value: Value, logger: Logger) async {
        // Whoever connects has to say what it wants; a shutdown does not wait for it.
        let channel = value.channel
        let deadline = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
        let negotiated = try? await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await value.negotiated.get()
            } onGracefulShutdown: {
                channel.close(promise: nil)
            }
        } onCancel: {
            channel.close(promise: nil)
        }
        deadline.cancel()
        switch negotiated {
        case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
        case .webSocket(let channel): await serve(channel)
        case nil: break
        }
    }

    /// Answers a request for a WebSocket that is refused, and ends its connection: swift-nio's upgrade
    /// handler swallows the request's head, so that nobody behind it could answer.
    private static func refuse(_ channel: any Channel) -> EventLoopFuture<HTTPHeaders?> {
        let head = HTTPResponseHead(
            version: .http1_1,
            status: .forbidden,
            headers: ["Connection": "close", "Content-Length": "0", "X-Content-Type-Options": "nosniff"]
        )
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        return channel.writeAndFlush(HTTPServerResponsePart.end(nil))
            .flatMap { channel.close() }
            .map { nil }
    }

    private static let patience = TimeAmount.seconds(30)
}
