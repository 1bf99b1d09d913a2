import Appliance
import HTTPTypes
import NIOCore
import TLS
import Testing

@Suite struct HTTP2StreamsTests {
    @Test func aBrowserThatWantsItGetsEverythingOverOneConnection() async throws {
        try await serve { port in
            try await HTTP2Client.connect(port: port) { client async throws in
                try await withThrowingTaskGroup { group in
                    for _ in 0..<64 {
                        group.addTask {
                            let answer = try await client.get("/")
                            #expect(answer.response?.status == .ok)
                            #expect(answer.response?.headerFields[.strictTransportSecurity] != nil)
                            #expect(answer.body == "<!doctype html>")
                        }
                    }
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test(arguments: [
        ("/", 200), ("/nothing", 404), ("/room", 426), ("/healthz", 200), ("/api/v1/people", 404),
    ])
    func theAnswersAreThoseOfHTTP1(_ path: String, _ status: Int) async throws {
        try await serve { port in
            try await HTTP2Client.connect(port: port) { client async throws in
                #expect(try await client.status(path) == status)
            }
            let answer = try await RawClient.connect(port: port, usingTLS: true) { try await $0.get(path) }
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test func whoeverOffersBothGetsHTTP2AndAWebSocketComesWithHTTP1() async throws {
        try await serve { port in
            try await RawClient.connect(port: port, usingTLS: true, protocols: [.http1]) { client in
                let head = try await client.upgrade("/room", headers: ["Origin: https://room.example"])
                #expect(head.hasPrefix("HTTP/1.1 101 "))
            }
            try await RawClient.connect(port: port, usingTLS: true, protocols: [.http1, .http2]) { client in
                try await client.send(
                    Self.preface
                )
                // A frame of settings (RFC 9113 §6.5).
                #expect(try await client.bytes()?[3] == 4)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func whoeverAsksForNothingIsLetGo() async throws {
        var deadlines = WebServer.Deadlines()
        deadlines.request = .milliseconds(200)
        try await serve(deadlines: deadlines) { port in
            try await HTTP2Client.connect(port: port) { client async throws in try await client.end() }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aConnectionThatIsNotUsedAnyMoreIsEnded() async throws {
        var deadlines = WebServer.Deadlines()
        deadlines.idle = .milliseconds(200)
        try await serve(deadlines: deadlines) { port in
            try await HTTP2Client.connect(port: port) { client async throws in
                #expect(try await client.status("/") == 200)
                try await client.end()
            }
        }
    }

    /// Chromium closes its socket without a goodbye of TLS.
    @Test(.timeLimit(.minutes(1))) func whoeverSendsNoMoreIsLetGo() async throws {
        try await serve(allowing: 600) { port in
            try await RawClient.connect(port: port, usingTLS: true, protocols: [.http2]) { client in
                try await client.send(Self.preface)
                _ = try await client.bytes()
                try await client.sendNoMore()
                while try await client.bytes() != nil {}
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func theEndOfTheRoomDoesNotWaitForAClientThatSaysNothing() async throws {
        let (ended, room) = AsyncStream.makeStream(of: Void.self)
        async let client: Void = serve(allowing: 600) { port in
            let (connected, connection) = AsyncStream.makeStream(of: Void.self)
            Task {
                try await RawClient.connect(port: port, usingTLS: true, protocols: [.http2]) { client in
                    try await client.send(Self.preface)
                    _ = try await client.bytes()
                    connection.yield()
                    for await _ in ended {}
                }
            }
            _ = await connected.first { _ in true }
        }
        // It returns when the server has stopped.
        try await client
        room.finish()
    }

    @Test(.timeLimit(.minutes(1))) func othersGoOnBesideARequestThatIsNotFinishedAndOneThatIsTakenBack()
        async throws
    {
        try await serve { port in
            try await HTTP2Client.connect(port: port) { client async throws in
                async let unfinished = client.get("/", isWhole: false)
                for _ in 0..<10 {
                    try await client.reset(10)
                    #expect(try await client.status("/") == 200)
                }
                // It is answered all the same.
                #expect(try await unfinished.response != nil)
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aConnectionOnWhichTheProtocolIsBrokenEndsAtOnce() async throws {
        // HEADERS of a whole GET / (RFC 9113 §6.2), all but the host in HPACK's static table (RFC 7541 appendix A).
        let host = Array("room.example".utf8)
        func request(_ stream: UInt8) -> [UInt8] {
            let fields: [UInt8] = [0x82, 0x87, 0x84, 0x41, UInt8(host.count)] + host
            return [0, 0, UInt8(fields.count), 1, 0x05, 0, 0, 0, stream] + fields
        }
        try await serve(allowing: 600) { port in
            try await RawClient.connect(port: port, usingTLS: true, protocols: [.http2]) { client in
                try await client.send(Self.preface + request(1))
                #expect(try await client.frames(until: "<!doctype html>"))
                // DATA of a stream that has ended (§5.1).
                try await client.send([0, 0, 1, 0, 0, 0, 0, 0, 1, 0x78] + request(3))
                #expect(try await !client.frames(until: "<!doctype html>"))
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func aFloodOfStreamsThatAreTakenBackEndsTheConnectionAndNothingElse()
        async throws
    {
        try await serve(allowing: 600) { port in
            try await HTTP2Client.connect(port: port) { client async throws in
                do {
                    try await client.reset(1_000)
                } catch {
                    // The connection was closed meanwhile.
                }
                try await client.end()
            }
            try await HTTP2Client.connect(port: port) { client async throws in
                #expect(try await client.status("/") == 200)
            }
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            // Frames that ask for an answer: PING and SETTINGS (RFC 9113 §10.5).
            [0, 0, 8, 6, 0, 0, 0, 0, 0] + [UInt8](repeating: 1, count: 8),
            [0, 0, 0, 4, 0, 0, 0, 0, 0],
            // Headers that go on and on.
            [0, 0, 0, 1, 0, 0, 0, 0, 1] + [0, 0, 0, 9, 0, 0, 0, 0, 1],
            // A window of nothing, and a frame that is longer than any may be.
            [0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1],
        ] as [[UInt8]]
    )
    func aFloodOfFramesEndsTheConnection(_ frame: [UInt8]) async throws {
        try await serve(allowing: 600) { port in
            try await RawClient.connect(port: port, usingTLS: true, protocols: [.http2]) { client in
                try await client.send(
                    Self.preface
                )
                do {
                    for _ in 0..<100 { try await client.send((0..<100).flatMap { _ in frame }) }
                } catch {
                    // It was closed meanwhile.
                }
                while try await client.bytes() != nil {}
            }
        }
    }

    /// What a client begins with (RFC 9113 §3.4): words, and a frame of settings.
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0]

    /// - Parameter seconds: How long a client may take for anything.
    private func serve(allowing seconds: Int, _ body: (Int) async throws -> Void) async throws {
        var deadlines = WebServer.Deadlines()
        (deadlines.request, deadlines.idle) = (.seconds(seconds), .seconds(seconds))
        try await serve(deadlines: deadlines, body)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.host = "0.0.0.0"
        configuration.port = 0
        configuration.hosts = ["room.example"]
        return configuration
    }

    private func serve(
        deadlines: WebServer.Deadlines = WebServer.Deadlines(),
        _ body: (Int) async throws -> Void
    ) async throws {
        try await ServedPage.run(Self.configuration, deadlines: deadlines, body)
    }
}
