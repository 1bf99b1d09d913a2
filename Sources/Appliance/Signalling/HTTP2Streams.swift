internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP2
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP2

/// HTTP/2 for browsers that want it (RFC 9113): one connection, of which each request is a stream.
///
/// WebSockets stay on HTTP/1.1: a browser opens a connection of its own for one where the server does not offer them inside of
/// HTTP/2 (RFC 8441).
enum HTTP2Streams {
    typealias Stream = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias Connection = NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>

    /// Makes a connection speak it, on its event loop.
    ///
    /// - Parameter idle: How long it may be open without a request, and how long a request may take to come.
    static func configure(_ channel: any Channel, idle: Duration, _ logger: Logger) throws -> Connection {
        let lifetime = HTTP2Lifetime(idle: TimeAmount(idle))
        let connection: Connection = try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
            mode: .server,
            streamDelegate: HTTP2Lifetime.Delegate(
                lifetime: NIOLoopBound(lifetime, eventLoop: channel.eventLoop)
            ),
            configuration: limits
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandlers(
                    HTTP2FramePayloadToHTTPServerCodec(),
                    HTTPConnectionStateHandler(idleTimeout: idle, logger: logger)
                )
                return try Stream(wrappingChannelSynchronously: stream)
            }
        }
        try channel.pipeline.syncOperations.addHandler(lifetime)
        return connection
    }

    /// Serves each stream in a task of its own, until the connection has ended; `onFirst` is called for the first.
    static func serve(
        _ connection: Connection,
        onFirst: () -> Void,
        each serve: @escaping @Sendable (Stream) async -> Void
    ) async {
        var isFirst = true
        // It throws if the other side breaks the protocol or just goes: either way this was all.
        try? await withThrowingDiscardingTaskGroup { group in
            for try await stream in connection.inbound {
                if isFirst { onFirst() }
                isFirst = false
                group.addTask { await serve(stream) }
            }
        }
    }

    /// What one connection may use up.
    ///
    /// The library's own limits on resets, errors and frames that ask for an answer (200 in half a minute each) are those that a
    /// page never comes near.
    private static let limits = {
        var limits = NIOHTTP2Handler.Configuration()
        limits.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: 32),
            HTTP2Setting(parameter: .maxHeaderListSize, value: 16_384),
        ]
        // Frames, of a peer that makes the server answer and does not read.
        limits.connection.maximumBufferedControlFrames = 256
        return limits
    }()
}

extension Channel {
    /// The connection that this is, or is a stream of: a stream's parent is its connection, whose parent is the listening socket.
    var connection: any Channel {
        if let parent, parent.parent != nil { parent } else { self }
    }
}
