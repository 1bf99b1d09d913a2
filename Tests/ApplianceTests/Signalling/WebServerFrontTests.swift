import Appliance
import Logging
import TestSupport
import Testing

/// The page's server below a path, and behind proxies.
@Suite(.timeLimit(.minutes(1))) struct WebServerFrontTests {
    private static let assets = PageAssets(["index.html": Array("<!doctype html>".utf8), "a.js": [0x31]])

    // MARK: A path

    @Test(arguments: [
        ("/s/42/", "200"), ("/s/42/a.js", "200"), ("/", "200"), ("/a.js", "200"), ("/s/42/healthz", "200"),
        ("/healthz", "200"), ("/s/42/room", "426"), ("/s/421/", "404"), ("/s/42/s/42/", "404"),
        ("/s/42/api/v1/people", "404"),
    ])
    func theRoomAnswersBelowItsPathAndAtTheRoot(_ path: String, _ status: String) async throws {
        try await serve(try Self.below) { port, _ in
            let answer = try await RawClient.connect(port: port) { try await $0.get(path) }
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
        }
    }

    @Test func thePathWithoutItsSlashLeadsToThePage() async throws {
        try await serve(try Self.below) { port, _ in
            let answer = try await RawClient.connect(port: port) { try await $0.get("/s/42?lang=es") }
            #expect(answer.hasPrefix("HTTP/1.1 308 "))
            #expect(answer.lowercased().contains("\r\nlocation: /s/42/?lang=es\r\n"))
        }
    }

    @Test(arguments: ["/s/42/room", "/room"])
    func aPageOfTheBaseOpensItsWebSocket(_ path: String) async throws {
        try await serve(try Self.below) { port, _ in
            for host in ["rooms.example.org", "127.0.0.1:8080"] {
                let head = try await RawClient.connect(port: port) {
                    try await $0.upgrade(path, host: host, headers: ["Origin: https://rooms.example.org"])
                }
                #expect(head.hasPrefix("HTTP/1.1 101 "), "\(head)")
            }
        }
    }

    @Test func thePageMayConnectToTheBasesWebSocket() async throws {
        try await serve(try Self.below) { port, _ in
            let answer = try await RawClient.connect(port: port) { try await $0.get("/") }
            #expect(answer.contains("connect-src 'self' wss://rooms.example.org;"))
        }
    }

    // MARK: Refusals say what to set

    @Test(arguments: [false, true])
    func aForeignNameIsToldInWordsAndLoggedOnce(_ isWebSocket: Bool) async throws {
        try await serve(try Self.below) { port, lines in
            for _ in 0..<3 {
                let answer = try await RawClient.connect(port: port) { client in
                    guard isWebSocket else { return try await client.get("/", host: "wrong.example") }
                    let head = try await client.upgrade("/room", host: "wrong.example")
                    return try await head + (client.rest())
                }
                #expect(answer.hasPrefix("HTTP/1.1 421 "))
                #expect(answer.contains("DESKROOM_HTTP_BASE"))
            }
            #expect(
                lines.all.count { $0.contains("DESKROOM_HTTP_HOSTS") && $0.contains("wrong.example") } == 1
            )
        }
    }

    @Test(arguments: [false, true])
    func aForeignOriginIsToldInWordsAndLoggedOnce(_ usesTLS: Bool) async throws {
        var configuration = try Self.below
        if usesTLS { configuration.host = "0.0.0.0" }
        try await serve(configuration) { port, lines in
            for _ in 0..<3 {
                let answer = try await RawClient.connect(port: port, usingTLS: usesTLS) { client in
                    let head = try await client.upgrade(
                        "/room",
                        host: "rooms.example.org",
                        headers: ["Origin: https://other.example"]
                    )
                    return try await head + (client.rest())
                }
                #expect(answer.hasPrefix("HTTP/1.1 403 "))
                #expect(answer.contains("DESKROOM_HTTP_BASE"))
            }
            #expect(
                lines.all.count { $0.contains("DESKROOM_HTTP_ORIGINS") && $0.contains("other.example") } == 1
            )
        }
    }

    @Test func whatIsNoNameIsNotLogged() async throws {
        try await serve(try Self.below) { port, lines in
            _ = try await RawClient.connect(port: port) { try await $0.get("/", host: "a@b<script>") }
            #expect(lines.all.contains { $0.contains("DESKROOM_HTTP_HOSTS") })
            #expect(!lines.all.contains { $0.contains("script") })
        }
    }

    // MARK: Proxies

    @Test func behindAProxyThatSpeaksHTTPSItsWordForTheOriginIsTaken() async throws {
        let headers = [
            "Origin: https://rooms.example.net", "X-Forwarded-Proto: https",
            "X-Forwarded-Host: rooms.example.net",
            "X-Forwarded-For: 203.0.113.1", "X-Forwarded-Prefix: /p",
        ]
        var configuration = try Self.behind
        configuration.hosts = ["rooms.example.net"]
        try await serve(configuration) { port, _ in
            let head = try await RawClient.connect(port: port) {
                try await $0.upgrade("/p/room", host: "127.0.0.1", headers: headers)
            }
            #expect(head.hasPrefix("HTTP/1.1 101 "), "\(head)")
        }
        configuration.trustedProxies = try #require(TrustedProxies(["192.0.2.1"]))
        configuration.front.tls = .auto
        configuration.host = "127.0.0.1"
        try await serve(configuration) { port, lines in
            let head = try await RawClient.connect(port: port) {
                try await $0.upgrade("/room", host: "127.0.0.1", headers: headers)
            }
            #expect(head.hasPrefix("HTTP/1.1 403 "), "\(head)")
            #expect(lines.all.contains { $0.contains("DESKROOM_HTTP_PROXIES") })
        }
    }

    @Test(arguments: [("/", "403"), ("/room", "403"), ("/healthz", "200")])
    func withoutTLSNobodyComesInPastTheProxy(_ path: String, _ status: String) async throws {
        var configuration = try Self.behind
        try await serve(configuration) { port, _ in
            let answer = try await RawClient.connect(port: port) { try await $0.get(path, host: "127.0.0.1") }
            #expect(!answer.hasPrefix("HTTP/1.1 403 "))
        }
        configuration.trustedProxies = try #require(TrustedProxies(["192.0.2.1"]))
        try await serve(configuration) { port, lines in
            let answer = try await RawClient.connect(port: port) { try await $0.get(path, host: "127.0.0.1") }
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
            #expect(lines.all.contains { $0.contains("DESKROOM_HTTP_TLS") } == (status == "403"))
        }
    }

    // MARK: PROXY protocol

    @Test(arguments: [false, true], [false, true])
    func aConnectionThatBeginsWithAProxyHeaderIsAnswered(_ usesTLS: Bool, _ isBinary: Bool) async throws {
        var configuration = try Self.behind
        configuration.front.hasProxyHeader = true
        if usesTLS { configuration.front.tls = .auto }
        let line = Array("PROXY TCP4 203.0.113.1 127.0.0.1 50000 443\r\n".utf8)
        let block = [UInt8](hex: "0d0a0d0a000d0a515549540a 2111 000c cb007101 7f000001 c350 01bb")
        try await serve(configuration) { port, _ in
            let answer = try await RawClient.connect(
                port: port,
                usingTLS: usesTLS,
                first: isBinary ? block : line
            ) { try await $0.get("/", host: "127.0.0.1") }
            #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        }
    }

    @Test func theHeaderMayComeByteByByte() async throws {
        var configuration = try Self.behind
        configuration.front.hasProxyHeader = true
        try await serve(configuration) { port, _ in
            let answer = try await RawClient.connect(port: port) { client in
                for byte in "PROXY UNKNOWN\r\n".utf8 { try await client.send([byte]) }
                return try await client.get("/", host: "127.0.0.1")
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(answer)")
        }
    }

    @Test func withoutAHeaderAConnectionIsClosedAndTheLogSaysWhy() async throws {
        var configuration = try Self.behind
        configuration.front.hasProxyHeader = true
        try await serve(configuration) { port, lines in
            let answer = try await RawClient.connect(port: port) { try await $0.get("/", host: "127.0.0.1") }
            #expect(answer.isEmpty)
            #expect(lines.all.contains { $0.contains("did not begin with a PROXY header") })
        }
    }

    @Test func aHeaderOfSomebodyElseIsNotRead() async throws {
        var configuration = try Self.behind
        configuration.front.hasProxyHeader = true
        configuration.trustedProxies = try #require(TrustedProxies(["192.0.2.1"]))
        try await serve(configuration) { port, lines in
            let answer = try await RawClient.connect(port: port) { client in
                try? await client.send(Array("PROXY UNKNOWN\r\n".utf8))
                return (try? await client.get("/", host: "127.0.0.1")) ?? ""
            }
            #expect(answer.isEmpty)
            #expect(lines.all.contains { $0.contains("only proxies may connect") })
        }
    }

    private static var below: Configuration {
        get throws {
            var configuration = Configuration()
            configuration.port = 0
            configuration.hosts = ["room.example"]
            configuration.front.base = try PublicBase("https://rooms.example.org/s/42/")
            return configuration
        }
    }

    /// Plain HTTP on every address, from a proxy on this machine.
    private static var behind: Configuration {
        get throws {
            var configuration = Configuration()
            configuration.port = 0
            configuration.host = "0.0.0.0"
            configuration.front.tls = .off
            configuration.trustedProxies = try #require(TrustedProxies(["127.0.0.1"]))
            return configuration
        }
    }

    private func serve(
        _ configuration: Configuration,
        _ body: (Int, LogLines) async throws -> Void
    ) async throws {
        let lines = LogLines()
        try await ServedPage.run(
            configuration,
            assets: Self.assets,
            log: Logger(label: "test") { _ in LinesHandler(lines: lines) },
            onConnection: { connection in for await _ in connection.messages {} }
        ) { port in try await body(port, lines) }
    }
}
