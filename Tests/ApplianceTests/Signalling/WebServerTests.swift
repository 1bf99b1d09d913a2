import Appliance
import TLS
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

    @Test func thePageIsTwoFilesThatABrowserKeepsForGood() async throws {
        let assets = PageAssets([
            "index.html": Array(
                """
                <link rel="stylesheet" href="style.css">
                <script type="module" src="main.js"></script>
                """.utf8
            ),
            "style.css": Array("p {}".utf8), "main.js": Array("import { a } from './a.js';".utf8),
            "a.js": Array("export const a = 1;".utf8),
        ])
        try await serve(assets: assets) { port in
            let index = try await RawClient.connect(port: port) { try await $0.get("/") }
            #expect(!index.contains("main.js"))
            let paths = index.matches(of: /(?:src|href)="(page-[0-9a-f]{32}\.(?:js|css))"/).map { $0.1 }
            #expect(paths.count == 2)
            for path in paths {
                let file = try await RawClient.connect(port: port) { try await $0.get("/\(path)") }
                #expect(file.lowercased().contains("cache-control: public, max-age=31536000, immutable"))
                #expect(file.contains(path.hasSuffix("css") ? "p {}" : "const a = 1;"))
            }
            // For whoever looks for a fault.
            let module = try await RawClient.connect(port: port) { try await $0.get("/a.js") }
            #expect(module.lowercased().contains("cache-control: no-cache"))
            #expect(module.hasSuffix("export const a = 1;"))
        }
    }

    @Test(
        arguments: [
            ("gzip, deflate, br", true), ("br;q=1, gzip;q=0.5", true), ("gzip;q=0", false),
            ("gzip; q=0.0", false),
            ("br", false), (nil, false),
        ] as [(String?, Bool)]
    )
    func whatGetsShorterIsSentCompressedToWhoeverTakesIt(
        _ accepted: String?,
        _ isCompressed: Bool
    ) async throws {
        let long = Array(String(repeating: "Nothing new. ", count: 500).utf8)
        try await serve(assets: PageAssets(["long.html": long, "short.html": [65]])) { port in
            let headers = accepted.map { ["Accept-Encoding: \($0)"] } ?? []
            let answer = try await RawClient.connect(port: port) {
                try await $0.get("/long.html", headers: headers)
            }
            #expect(answer.lowercased().contains("content-encoding: gzip") == isCompressed)
            #expect(answer.lowercased().contains("vary: accept-encoding"))
            #expect(answer.contains("Nothing new. Nothing new.") == !isCompressed)
            #expect((answer.utf8.count < 1_500) == isCompressed)
            let short = try await RawClient.connect(port: port) {
                try await $0.get("/short.html", headers: headers)
            }
            #expect(short.hasSuffix("\r\n\r\nA"))
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

    @Test func recordsThatComeByteByByteAreUnderstoodAndAGoodbyeIsAnswered() async throws {
        var configuration = Self.configuration
        configuration.host = "0.0.0.0"
        try await serve(configuration) { port in
            try await RawClient.connect(port: port) { client in
                var session = try TLSSession(TLSContext(clientOffering: "DEFAULT", newest: true))
                while try session.handshake() == .wanting {
                    for byte in session.sent() { try await client.send([byte]) }
                    let bytes = try #require(try await client.bytes())
                    try bytes.withUnsafeBytes { try session.receive($0) }
                }
                let request = Array("GET / HTTP/1.1\r\nHost: room.example\r\nConnection: close\r\n\r\n".utf8)
                try request.withUnsafeBytes { try session.send($0) }
                for byte in session.sent() { try await client.send([byte]) }
                var answer: [UInt8] = []
                var progress = TLSSession.Progress.wanting
                while progress == .wanting, let bytes = try await client.bytes() {
                    try bytes.withUnsafeBytes { try session.receive($0) }
                    progress = try session.pollReceived { answer += $0 }
                }
                #expect(String(decoding: answer, as: UTF8.self).hasSuffix("\r\n\r\n<!doctype html>"))
                // The server has said that this was all, and not just hung up.
                #expect(progress == .done)
            }
        }
    }

    @Test func whoSpeaksNoTLSIsLetGoAndNobodyElse() async throws {
        var configuration = Self.configuration
        configuration.host = "0.0.0.0"
        try await serve(configuration) { port in
            for nonsense in [
                "GET / HTTP/1.1\r\n\r\n", String(repeating: "A", count: 64),
                "\u{16}\u{3}\u{1}\u{7f}\u{7f}AAAA",
            ] {
                try await RawClient.connect(port: port) { client in
                    try await client.send(Array(nonsense.utf8))
                    while try await client.bytes() != nil {}
                }
            }
            let answer = try await RawClient.connect(port: port, usingTLS: true) { try await $0.get("/") }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    @Test func aMadeCertificateSaysNothingAboutTheNetworkInside() throws {
        var configuration = Self.configuration
        configuration.host = "0.0.0.0"
        configuration.certificateNames = ["desk.example", "192.0.2.7"]
        configuration.announcedAddresses = ["203.0.113.5", "2001:db8::1"]
        #expect(
            try ServerCertificate.names(for: configuration) == [
                .host("localhost"), .address([127, 0, 0, 1]),
                .address([UInt8](repeating: 0, count: 15) + [1]),
                .host("desk.example"), .address([192, 0, 2, 7]), .address([203, 0, 113, 5]),
                .address([0x20, 0x01, 0x0d, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]),
            ]
        )
        configuration.host = "10.1.2.3"
        #expect(try ServerCertificate.names(for: configuration).last == .address([10, 1, 2, 3]))
        configuration.certificateNames = ["bücher.example"]
        let error = #expect(throws: ConfigurationError.self) {
            _ = try ServerCertificate.served(for: configuration)
        }
        #expect(error?.problem.contains("xn--") == true)
    }

    @Test func aCertificateThatCannotBeReadIsRefusedInWords() {
        var configuration = Self.configuration
        configuration.certificatePath = "/nowhere/chain.pem"
        configuration.keyPath = "/nowhere/key.pem"
        let error = #expect(throws: ConfigurationError.self) {
            _ = try ServerCertificate.served(for: configuration)
        }
        #expect(error?.problem.contains("/nowhere/chain.pem") == true)
        #expect(error?.problem.contains("No such file") == true)
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

    // MARK: Names

    @Test(arguments: ["/", "/healthz", "/room", "/js/room.js"])
    func aNameThatIsNotTheRoomsIsRefusedInWords(_ path: String) async throws {
        try await serve(onConnection: Self.echo) { port in
            let answer = try await RawClient.connect(port: port) {
                try await $0.get(path, host: "rebound.example:\(port)")
            }
            #expect(answer.hasPrefix("HTTP/1.1 421 "))
            #expect(answer.contains("DESKROOM_HTTP_HOSTS"))
            #expect(!answer.contains("doctype"))
            let known = try await RawClient.connect(port: port) {
                try await $0.get("/", host: "127.0.0.1:\(port)")
            }
            #expect(known.hasPrefix("HTTP/1.1 200 "))
        }
    }

    /// For the browser both are the same: that the origin fits the name proves nothing.
    @Test func aForeignNameOpensNoWebSocket() async throws {
        try await serve(onConnection: Self.echo) { port in
            let head = try await RawClient.connect(port: port) {
                try await $0.upgrade(
                    "/room",
                    host: "rebound.example",
                    headers: ["Origin: http://rebound.example"]
                )
            }
            #expect(head.hasPrefix("HTTP/1.1 421 "), "\(head)")
        }
    }

    // MARK: Floods

    @Test(arguments: [[], Array("GET / HTTP/1.1\r\nHost: room.example\r\n".utf8)] as [[UInt8]])
    func whoSendsNoWholeRequestIsClosed(_ bytes: [UInt8]) async throws {
        var deadlines = WebServer.Deadlines()
        deadlines.request = .milliseconds(100)
        try await serve(deadlines: deadlines) { port in
            try await RawClient.connect(port: port) { client in
                try await client.send(bytes)
                while try await client.frame() != nil {}
            }
        }
    }

    @Test func aHandshakeThatIsNotFinishedIsClosed() async throws {
        var configuration = Self.configuration
        configuration.host = "0.0.0.0"
        var deadlines = WebServer.Deadlines()
        deadlines.request = .milliseconds(100)
        try await serve(configuration, deadlines: deadlines) { port in
            try await RawClient.connect(port: port) { client in
                // The head of a ClientHello.
                try await client.send([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc])
                while try await client.frame() != nil {}
            }
        }
    }

    @Test func aWebSocketByWhichNobodyJoinsIsClosedWithItsReason() async throws {
        var deadlines = WebServer.Deadlines()
        deadlines.join = .milliseconds(100)
        try await serve(deadlines: deadlines, onConnection: Self.echo) { port in
            try await RawClient.connect(port: port) { client in
                _ = try await client.upgrade("/room")
                var last: (opcode: UInt8, payload: [UInt8])?
                while let frame = try await client.frame() { last = frame }
                #expect(last?.opcode == 8)
                #expect(last?.payload == [0x0f, 0xa3])
            }
        }
    }

    /// Half requests from one address leave the others, and whoever comes later from the same one, their place.
    @Test func aFloodOfHalfRequestsKeepsNobodyOut() async throws {
        try await serve(onConnection: Self.echo) { port in
            try await withThrowingTaskGroup(of: Void.self) { flood in
                let (opened, open) = AsyncStream.makeStream(of: Void.self)
                try await RawClient.connect(port: port) { person in
                    _ = try await person.upgrade("/room")
                    // 200 is one address's share.
                    for _ in 0..<300 {
                        flood.addTask {
                            try await RawClient.connect(port: port) { client in
                                try await client.send(Array("GET / HTTP/1.1\r\n".utf8))
                                open.yield()
                                while try await client.frame() != nil {}
                            }
                        }
                    }
                    for await _ in opened.prefix(300) {}
                    let answer = try await RawClient.connect(port: port) { try await $0.get("/") }
                    #expect(answer.hasPrefix("HTTP/1.1 200 "))
                    try await person.send(frame: 1, Array(#"{"type":"ping"}"#.utf8))
                    #expect(try await person.text() == #"{"type":"pong"}"#)
                }
                flood.cancelAll()
            }
        }
    }

    // MARK: WebSocket

    @Test func compressionIsNotOffered() async throws {
        try await serve(onConnection: Self.echo) { port in
            let head = try await RawClient.connect(port: port) {
                try await $0.upgrade("/room", headers: ["Sec-WebSocket-Extensions: permessage-deflate"])
            }
            #expect(head.hasPrefix("HTTP/1.1 101 "))
            #expect(!head.lowercased().contains("sec-websocket-extensions"))
        }
    }

    @Test func fragmentsAreOneMessageAndBounded() async throws {
        try await serve(onConnection: Self.echo) { port in
            try await RawClient.connect(port: port) { client in
                _ = try await client.upgrade("/room")
                try await client.send(frame: 1, Array(#"{"type":"#.utf8), isFinal: false)
                // Between fragments a control frame may come (RFC 6455 §5.4).
                try await client.send(frame: 9, [1, 2])
                try await client.send(frame: 0, Array(#""ping"}"#.utf8))
                #expect(try await client.text() == #"{"type":"pong"}"#)
                try await client.send(frame: 1, [0x20], isFinal: false)
                for _ in 0..<70 { try? await client.send(frame: 0, [0x20], isFinal: false) }
                while try await client.frame() != nil {}
            }
        }
    }

    /// Each ping is an answer that waits: only the last counts (RFC 6455 §5.5.3).
    @Test func aFloodOfPingsIsReadSlowlyAndAnsweredInPart() async throws {
        try await serve(onConnection: Self.echo) { port in
            try await RawClient.connect(port: port) { client in
                _ = try await client.upgrade("/room")
                for number in 0..<40 { try await client.send(frame: 9, [UInt8(number)]) }
                try await client.send(frame: 1, Array(#"{"type":"ping"}"#.utf8))
                // In its turn, and not lost.
                #expect(try await client.text() == #"{"type":"pong"}"#)
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.port = 0
        configuration.hosts = ["room.example"]
        return configuration
    }

    private static let echo: @Sendable (SignallingConnection) async -> Void = { connection in
        for await message in connection.messages {
            switch message {
            case .success(.ping): connection.send(.pong)
            case .success:
                connection.send(.error(step: nil, Refusal(uncoded: "Goodbye")))
                return
            case .failure(let bad): connection.send(.error(step: bad.step, bad.refusal))
            }
        }
    }

    private func serve(
        _ configuration: Configuration = Self.configuration,
        assets: PageAssets = Self.assets,
        deadlines: WebServer.Deadlines = WebServer.Deadlines(),
        onConnection: @escaping @Sendable (SignallingConnection) async -> Void = { _ in },
        _ body: (Int) async throws -> Void
    ) async throws {
        try await ServedPage.run(
            configuration,
            assets: assets,
            deadlines: deadlines,
            onConnection: onConnection,
            body
        )
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
