import Appliance
import IO
import Logging
import ServiceLifecycle
import Testing
import WebRTC
import Wire

/// The room's own TURN server on real sockets: TLS at the page's port on one side, a UDP port of this machine on the other.
@Suite(.timeLimit(.minutes(1))) struct TURNRelayTests {
    private static let credentials = TURNCredentials(secret: "north")
    /// As browsers know the media port, which is somewhere else on this machine.
    private static let outside = Wire.SocketAddress(ipv4: 0xcb00_7107, port: 31_234)

    @Test func whatIsSentReachesTheMediaPortAndItsAnswersComeBack() async throws {
        var media = try UDPSocket(boundTo: nil, port: 0, bufferSize: 1 << 16, answersWhereAsked: true)
        try await serve(media.localAddress) { port, relay in
            try await RawClient.connect(port: port, usingTLS: true) { client in
                var peer = TURNPeerClient(Self.credentials, until: 4_000_000_000)
                let allocated = try await peer.allocate(over: &client)
                #expect(allocated?.kind == .successResponse)
                #expect(Optional(relay).metrics.first?.1.first?.value == .number(1))

                let bound = try await peer.ask(over: &client, TURNMethod.channelBind) { out, id in
                    out.appendTURNChannelNumber(0x4000)
                    out.appendTURNPeerAddress(Self.outside, id)
                }
                #expect(bound?.kind == .successResponse)
                try await client.send([0x40, 0, 0, 3, 1, 2, 3, 0])

                var queue = TransmitQueue(capacity: 4)
                while media.receive() == 0 { try await Task.sleep(for: .milliseconds(1)) }
                let seen = media.withDatagram(at: 0) { bytes, source in
                    queue.append(to: source) { $0.append(copying: ([9, 8] as [UInt8]).span.bytes) }
                    return bytes.bytes.withUnsafeBytes { Array($0) }
                }
                #expect(seen == [1, 2, 3])
                media.flush(&queue)
                var answer: [UInt8] = []
                while answer.count < 8, let more = try await client.bytes() { answer += more }
                #expect(answer == [0x40, 0, 0, 2, 9, 8, 0, 0])

                let stranger = try await peer.ask(over: &client, TURNMethod.createPermission) { out, id in
                    out.appendTURNPeerAddress(Wire.SocketAddress(ipv4: 0x7f00_0001, port: 1), id)
                }
                #expect(stranger?.errorCode == 403)
            }
            // With the connection everything of it goes.
            while Optional(relay).metrics.first?.1.first?.value != .number(0) { await Task.yield() }
        }
    }

    @Test func whoIsNotKnownIsSentAwayWithinTheTimeForARequest() async throws {
        let media = try UDPSocket(boundTo: nil, port: 0, bufferSize: 1 << 16)
        try await serve(media.localAddress, request: .milliseconds(300)) { port, _ in
            try await RawClient.connect(port: port, usingTLS: true) { client in
                var peer = TURNPeerClient(TURNCredentials(secret: "south"), until: 4_000_000_000)
                let refused = try await peer.allocate(over: &client)
                #expect(refused?.errorCode == 401)
                #expect(try await client.bytes() == nil)
            }
        }
    }

    @Test func whoHasAnAllocationMayStay() async throws {
        let media = try UDPSocket(boundTo: nil, port: 0, bufferSize: 1 << 16)
        try await serve(media.localAddress, request: .milliseconds(300)) { port, _ in
            try await RawClient.connect(port: port, usingTLS: true) { client in
                var peer = TURNPeerClient(Self.credentials, until: 4_000_000_000)
                let allocated = try await peer.allocate(over: &client)
                #expect(allocated?.kind == .successResponse)
                try await Task.sleep(for: .milliseconds(600))
                let refreshed = try await peer.ask(over: &client, TURNMethod.refresh)
                #expect(refreshed?.kind == .successResponse)
            }
        }
    }

    @Test func thePageIsServedBesideIt() async throws {
        let media = try UDPSocket(boundTo: nil, port: 0, bufferSize: 1 << 16)
        try await serve(media.localAddress) { port, _ in
            let answer = try await RawClient.connect(port: port, usingTLS: true) {
                try await $0.get("/", host: "127.0.0.1")
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
    }

    private func serve(
        _ media: Wire.SocketAddress,
        request: Duration = .seconds(10),
        _ body: (Int, TURNRelay) async throws -> Void
    ) async throws {
        var configuration = Configuration()
        configuration.host = "0.0.0.0"
        configuration.port = 0
        var log = Logger(label: "test")
        log.logLevel = .critical
        var deadlines = WebServer.Deadlines()
        deadlines.request = request
        let relay = TURNRelay(Self.credentials, people: 4, port: media) { [Self.outside] }
        let server = WebServer(
            configuration: configuration,
            tls: try ServerCertificate.served(for: configuration),
            assets: PageAssets(["index.html": Array("<!doctype html>".utf8)]),
            log: log,
            deadlines: deadlines,
            health: HealthCheck(.still()),
            relay: relay,
            onConnection: { _ in }
        )
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(services: [try server.application { running.yield($0) }], logger: log)
        async let stopped: Void = group.run()
        let port = try #require(await ports.first { _ in true })
        try await body(port, relay)
        await group.triggerGracefulShutdown()
        try await stopped
    }
}

/// Asks as a browser does.
private struct TURNPeerClient {
    private let credentials: TURNCredentials
    private let expiry: Int64
    private var nonce = ""
    private var last: UInt64 = 0

    init(_ credentials: TURNCredentials, until expiry: Int64) {
        self.credentials = credentials
        self.expiry = expiry
    }

    /// Without a nonce first, and then with the one that it is told.
    mutating func allocate(over client: inout RawClient) async throws -> STUNMessage? {
        for _ in 0..<2 {
            let answer = try await ask(over: &client, TURNMethod.allocate) { out, _ in
                out.appendTURNTransport(17)
            }
            guard answer?.errorCode == 438 else { return answer }
        }
        return nil
    }

    mutating func ask(
        over client: inout RawClient,
        _ method: UInt16,
        _ more: (inout OutputRawSpan, STUNTransactionID) -> Void = { _, _ in }
    ) async throws -> STUNMessage? {
        last += 1
        let id = STUNTransactionID(high: 1, low: last)
        let key = try #require(credentials.key(for: "\(expiry):7"))
        let nonce = nonce.isEmpty ? "unknown" : nonce
        var space = [UInt8](repeating: 0, count: 512)
        let count = space.withUnsafeMutableBytes { space in
            var out = OutputRawSpan(buffer: space, initializedCount: 0)
            out.appendSTUNHeader(.request, method: method, id)
            more(&out, id)
            out.appendSTUNUsername("\(expiry)", "7")
            out.appendSTUNRealm(credentials.realm)
            out.appendSTUNNonce(nonce)
            out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, key: key) }
            return out.finalize(for: space)
        }
        try await client.send(Array(space[..<count]))
        guard let bytes = try await client.bytes() else { return nil }
        let message = try STUNMessage(parsing: bytes.span.bytes)
        let attributes = try TURNAttributes(of: message, in: bytes.span.bytes)
        if let range = attributes.nonce { self.nonce = String(decoding: bytes[range], as: UTF8.self) }
        return message
    }
}
