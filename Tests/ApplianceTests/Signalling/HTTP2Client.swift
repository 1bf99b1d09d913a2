import HTTPTypes
import NIOCore
import NIOHTTP2
import NIOHTTPTypes
import NIOHTTPTypesHTTP2
import NIOPosix
import TLS

/// A client that speaks HTTP/2 inside of TLS, which trusts any certificate.
struct HTTP2Client {
    typealias Stream = NIOAsyncChannel<HTTPResponsePart, HTTPRequestPart>

    private let channel: any Channel
    private let multiplexer: NIOHTTP2Handler.AsyncStreamMultiplexer<Void>

    /// Connects to a port of this machine.
    static func connect<Result>(
        port: Int,
        _ body: (HTTP2Client) async throws -> Result
    ) async throws -> Result {
        let client = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try TLSContext(
                        clientOffering: "DEFAULT",
                        newest: true,
                        protocols: [.http2, .http1]
                    )
                    try channel.pipeline.syncOperations.addHandler(TLSHandler(tls))
                    let multiplexer = try channel.pipeline.syncOperations.configureAsyncHTTP2Pipeline(
                        mode: .client,
                        configuration: .init()
                    ) { stream in stream.eventLoop.makeSucceededVoidFuture() }
                    return HTTP2Client(channel: channel, multiplexer: multiplexer)
                }
            }
        do {
            let result = try await body(client)
            try? await client.channel.close()
            return result
        } catch {
            try? await client.channel.close()
            throw error
        }
    }

    /// Sends a request, and reads its answer.
    ///
    /// - Parameter isWhole: `false`: the request's body is never finished.
    func get(
        _ path: String,
        host: String = "room.example",
        headers: HTTPFields = [:],
        isWhole: Bool = true
    ) async throws -> (response: HTTPResponse?, body: String) {
        let stream = try await open()
        return try await stream.executeThenClose { inbound, outbound in
            let request = HTTPRequest(
                method: isWhole ? .get : .post,
                scheme: "https",
                authority: host,
                path: path,
                headerFields: headers
            )
            try await outbound.write(.head(request))
            if isWhole { try await outbound.write(.end(nil)) }
            var response: HTTPResponse?
            var body = ""
            for try await part in inbound {
                switch part {
                case .head(let head): response = head
                case .body(let bytes): body += String(buffer: bytes)
                case .end: return (response, body)
                }
            }
            return (response, body)
        }
    }

    /// The status of the answer to a request; `nil` if none came.
    func status(_ path: String, host: String = "room.example") async throws -> Int? {
        try await get(path, host: host).response?.status.code
    }

    /// Opens streams and takes each back at once (CVE-2023-44487).
    func reset(_ count: Int) async throws {
        for _ in 0..<count {
            let stream = try await open()
            try await stream.executeThenClose { _, outbound in
                try await outbound.write(
                    .head(HTTPRequest(method: .post, scheme: "https", authority: "room.example", path: "/"))
                )
            }
        }
    }

    private func open() async throws -> Stream {
        try await multiplexer.openStream { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTPClientCodec())
                return try Stream(wrappingChannelSynchronously: stream)
            }
        }
    }

    /// Until the server has ended the connection.
    func end() async throws { try await channel.closeFuture.get() }
}
