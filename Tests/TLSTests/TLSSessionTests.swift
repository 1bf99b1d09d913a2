import TLS
import Testing

@Suite struct TLSSessionTests {
    @Test(arguments: [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-AES256-GCM-SHA384",
    ])
    func authenticatedSuitesWithForwardSecrecyAreTaken(_ suite: String) throws {
        var pair = try Pair(offering: suite)
        try pair.meet()
        #expect(pair.server.suite == suite)
    }

    @Test func aClientOfTodayGetsTheNewestVersion() throws {
        var pair = try Pair(offering: "DEFAULT", newest: true)
        try pair.meet()
        #expect(pair.server.suite?.hasPrefix("TLS_") == true)
    }

    @Test(
        arguments: [
            ([.http1, .http2], .http2), ([.http1], .http1), ([], nil),
        ] as [([ApplicationProtocol], ApplicationProtocol?)]
    )
    func theServerChoosesWhatIsSpokenFromWhatIsOffered(
        _ offered: [ApplicationProtocol],
        _ chosen: ApplicationProtocol?
    ) throws {
        var pair = try Pair(offering: "DEFAULT", newest: true, protocols: offered)
        #expect(pair.server.applicationProtocol == nil)
        try pair.meet()
        #expect(pair.server.applicationProtocol == chosen)
        #expect(pair.client.applicationProtocol == chosen)
    }

    /// Their padding is an oracle's favourite (RFC 7366), and keys that RSA carries open every recording.
    @Test(arguments: [
        "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES128-SHA256", "AES128-GCM-SHA256", "AES128-SHA",
        "DHE-RSA-AES128-GCM-SHA256",
    ])
    func anythingElseIsRefused(_ suite: String) throws {
        var pair = try Pair(offering: suite)
        let error = #expect(throws: TLSError.self) { try pair.meet() }
        #expect(error?.reason == "no shared cipher")
        // The client is told: an alert (RFC 8446 §6) of the handshake's failure.
        #expect(pair.server.sent() == [21, 3, 3, 0, 2, 2, 40])
    }

    @Test(arguments: [true, false]) func bytesGoBothWaysAndEndWithAGoodbye(newest: Bool) throws {
        var pair = try Pair(offering: "ECDHE-ECDSA-AES128-GCM-SHA256", newest: newest)
        try pair.meet()
        let long = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        try long.withUnsafeBytes { try pair.client.send($0) }
        try pair.server.hear(pair.client.sent())
        var heard = try pair.server.received()
        #expect(heard.bytes == long)
        #expect(heard.progress == .wanting)
        try [1, 2, 3].withUnsafeBytes { try pair.server.send($0) }
        pair.server.close()
        try pair.client.hear(pair.server.sent())
        heard = try pair.client.received()
        #expect(heard.bytes.count == 3 * MemoryLayout<Int>.size)
        #expect(heard.progress == .done)
    }

    @Test func aChangedRecordEndsTheConnection() throws {
        var pair = try Pair(offering: "DEFAULT", newest: true)
        try pair.meet()
        try [1].withUnsafeBytes { try pair.client.send($0) }
        var record = pair.client.sent()
        record[record.count - 1] ^= 1
        try pair.server.hear(record)
        #expect(throws: TLSError.self) { _ = try pair.server.received() }
    }

    @Test func whatIsNoTLSIsRefused() throws {
        var pair = try Pair(offering: "DEFAULT", newest: true)
        try pair.server.hear(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        let error = #expect(throws: TLSError.self) { _ = try pair.server.handshake() }
        #expect(error?.reason == "http request")
    }
}

/// A server with a certificate of its own, and a client.
private struct Pair: ~Copyable {
    var server, client: TLSSession

    init(offering suites: String, newest: Bool = false, protocols: [ApplicationProtocol] = []) throws {
        let contexts = try (
            TLSContext(TLSCertificate(for: [.host("localhost")])),
            TLSContext(clientOffering: suites, newest: newest, protocols: protocols)
        )
        self = try Self(server: TLSSession(contexts.0), client: contexts.1)
    }

    private init(server: consuming TLSSession, client: TLSContext) throws {
        let made = try TLSSession(client)
        self.server = server
        self.client = made
    }

    /// Until both have finished the handshake.
    mutating func meet() throws {
        var isDone = false
        while !isDone {
            let first = try client.handshake()
            try server.hear(client.sent())
            let second = try server.handshake()
            try client.hear(server.sent())
            isDone = first == .done && second == .done
        }
    }
}

extension TLSSession {
    fileprivate mutating func sent() -> [UInt8] {
        let waiting = sendCount
        return [UInt8](unsafeUninitializedCapacity: waiting) { space, count in
            count = waiting == 0 ? 0 : pollSend(UnsafeMutableRawBufferPointer(space))
        }
    }

    fileprivate mutating func hear(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try receive($0) }
    }

    fileprivate mutating func received() throws -> (bytes: [UInt8], progress: Progress) {
        var bytes: [UInt8] = []
        let progress = try pollReceived { bytes += $0 }
        return (bytes, progress)
    }
}
