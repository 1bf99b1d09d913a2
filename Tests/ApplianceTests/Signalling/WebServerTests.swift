import Appliance
import Logging
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(1))) struct WebServerTests {
    private static let assets = PageAssets([
        "index.html": Array("<!doctype html>".utf8), "js/room.js": Array("1".utf8),
    ])

    @Test func thePageIsServedWithItsTypeAndNothingForeignMayComeNear() async throws {
        try await serve { port in
            let answer = try await RawClient.connect(port: port) { try await $0.get("/") }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n<!doctype html>"))
            let head = answer.lowercased()
            #expect(head.contains("content-type: text/html; charset=utf-8"))
            #expect(head.contains("content-security-policy: default-src 'self';"))
            #expect(head.contains("frame-ancestors 'none'"))
            #expect(head.contains("x-content-type-options: nosniff"))
            #expect(head.contains("referrer-policy: no-referrer"))
            #expect(head.contains("cache-control: no-cache"))
            #expect(!head.contains("strict-transport-security"))

            let script = try await RawClient.connect(port: port) { try await $0.get("/js/room.js?v=1") }
            #expect(script.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(script.lowercased().contains("content-type: text/javascript; charset=utf-8"))
        }
    }

    @Test func aFileThatTheBrowserHasIsNotSentAgain() async throws {
        try await serve { port in
            let answer = try await RawClient.connect(port: port) { try await $0.get("/") }
            let tag = try #require(answer.firstMatch(of: /(?i)etag: ([^\r]*)/)).1
            let again = try await RawClient.connect(port: port) {
                try await $0.get("/", headers: ["If-None-Match: \(tag)"])
            }
            #expect(again.hasPrefix("HTTP/1.1 304 "))
            #expect(!again.contains("doctype"))
        }
    }

    @Test(arguments: [
        ("/nothing", "GET", "404"), ("/../etc/passwd", "GET", "404"), ("/%2e%2e/etc/passwd", "GET", "404"),
        ("/js", "GET", "404"), ("/healthz", "POST", "404"), ("/room", "GET", "426"),
        ("/healthz", "GET", "200"),
        ("/", "HEAD", "200"),
    ])
    func anythingElseIsAnsweredWithItsStatusAndTheSameHeaders(
        _ path: String,
        _ method: String,
        _ status: String
    ) async throws {
        try await serve { port in
            let answer = try await RawClient.connect(port: port) { try await $0.get(path, method: method) }
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(answer.lowercased().contains("x-content-type-options: nosniff"))
        }
    }

    @Test func messagesGoBothWaysOverTheWebSocket() async throws {
        try await serve(onConnection: Self.echo) { port in
            try await RawClient.connect(port: port) { client in
                let head = try await client.upgrade("/room", headers: ["Origin: http://room.example"])
                #expect(head.hasPrefix("HTTP/1.1 101 "))
                // RFC 6455 §1.3.
                #expect(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
                try await client.send(frame: 1, Array(#"{"type":"ping"}"#.utf8))
                #expect(try await client.text() == #"{"type":"pong"}"#)
                try await client.send(frame: 1, Array("nonsense".utf8))
                #expect(try await client.text()?.contains(#""type":"error""#) == true)
                try await client.send(frame: 1, Array(#"{"type":"releaseControl"}"#.utf8))
                // What was said before the room hung up still arrives.
                #expect(try await client.text()?.contains("Goodbye") == true)
                #expect(try await client.text() == nil)
            }
        }
    }

    @Test func aPageThatClosesIsAnsweredInKind() async throws {
        try await serve(onConnection: Self.echo) { port in
            try await RawClient.connect(port: port) { client in
                _ = try await client.upgrade("/room")
                try await client.send(frame: 8, [0x03, 0xe8])
                var opcodes: [UInt8] = []
                while let frame = try await client.frame() { opcodes.append(frame.opcode) }
                #expect(opcodes.last == 8)
            }
        }
    }

    @Test func aMessageBeyondTheBoundEndsTheConnection() async throws {
        try await serve(onConnection: Self.echo) { port in
            try await RawClient.connect(port: port) { client in
                _ = try await client.upgrade("/room")
                // The head of a text frame of 1 MiB (RFC 6455 §5.2).
                try await client.send([0x81, 0xff, 0, 0, 0, 0, 0, 0x10, 0, 0, 1, 2, 3, 4])
                while try await client.frame() != nil {}
            }
        }
    }

    @Test(arguments: [
        ("http://evil.example", "403"), ("https://room.example", "403"), ("null", "403"),
        ("http://room.example", "101"), ("https://proxy.example", "101"),
    ])
    func onlyPagesOfThisServerOpenAWebSocket(_ origin: String, _ status: String) async throws {
        var configuration = Self.configuration
        configuration.origins = ["https://proxy.example"]
        try await serve(configuration, onConnection: Self.echo) { port in
            let head = try await RawClient.connect(port: port) {
                try await $0.upgrade("/room", headers: ["Origin: \(origin)"])
            }
            #expect(head.hasPrefix("HTTP/1.1 \(status) "), "\(head)")
        }
    }

    @Test func withoutACertificateOneIsMadeAndThePageIsServedOverTLS() async throws {
        var configuration = Self.configuration
        configuration.host = "0.0.0.0"
        configuration.certificateNames = ["desk.example", "192.0.2.7"]
        try await serve(configuration, onConnection: Self.echo) { port in
            let answer = try await RawClient.connect(port: port, usingTLS: true) { try await $0.get("/") }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("strict-transport-security: max-age="))
            try await RawClient.connect(port: port, usingTLS: true) { client in
                let head = try await client.upgrade("/room", headers: ["Origin: https://room.example"])
                #expect(head.hasPrefix("HTTP/1.1 101 "))
                try await client.send(frame: 1, Array(#"{"type":"ping"}"#.utf8))
                #expect(try await client.text() == #"{"type":"pong"}"#)
            }
        }
    }

    @Test func aCertificateThatCannotBeReadIsRefusedInWords() {
        var configuration = Self.configuration
        configuration.certificatePath = "/nowhere/chain.pem"
        configuration.keyPath = "/nowhere/key.pem"
        let error = #expect(throws: ConfigurationError.self) {
            _ = try ServerCertificate.tlsConfiguration(for: configuration)
        }
        #expect(error?.problem.contains("/nowhere/chain.pem") == true)
    }

    @Test func aShutdownDoesNotWaitForWhoIsConnected() async throws {
        try await withThrowingTaskGroup(of: Void.self) { clients in
            let (connections, connected) = AsyncStream.makeStream(of: Void.self)
            try await serve(onConnection: Self.echo) { port in
                for saysSomething in [true, false] {
                    clients.addTask {
                        try await RawClient.connect(port: port) { client in
                            if saysSomething { _ = try await client.upgrade("/room") }
                            connected.yield()
                            while try await client.frame() != nil {}
                        }
                    }
                }
                for await _ in connections.prefix(2) {}
            }
            try await clients.waitForAll()
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.port = 0
        return configuration
    }

    private static let echo: @Sendable (SignallingConnection) async -> Void = { connection in
        for await message in connection.messages {
            switch message {
            case .success(.ping): connection.send(.pong)
            case .success:
                connection.send(.error(step: nil, message: "Goodbye"))
                return
            case .failure(let bad): connection.send(.error(step: bad.step, message: bad.words))
            }
        }
    }

    /// Runs a server for as long as `body` does.
    private func serve(
        _ configuration: Configuration = Self.configuration,
        onConnection: @escaping @Sendable (SignallingConnection) async -> Void = { _ in },
        _ body: (Int) async throws -> Void
    ) async throws {
        var log = Logger(label: "test")
        log.logLevel = .critical
        let server = WebServer(
            configuration: configuration,
            tls: try ServerCertificate.tlsConfiguration(for: configuration),
            assets: Self.assets,
            log: log,
            health: { RoomHealth() },
            onConnection: onConnection
        )
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(services: [try server.application { running.yield($0) }], logger: log)
        async let stopped: Void = group.run()
        let port = try #require(await ports.first { _ in true })
        try await body(port)
        await group.triggerGracefulShutdown()
        try await stopped
    }
}

extension RawClient {
    fileprivate mutating func text() async throws -> String? {
        while let frame = try await frame() {
            switch frame.opcode {
            case 1: return String(decoding: frame.payload, as: UTF8.self)
            case 8: return nil
            default: continue
            }
        }
        return nil
    }
}
