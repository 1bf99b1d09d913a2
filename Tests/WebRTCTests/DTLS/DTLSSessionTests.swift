import Testing
import WebRTC
import Wire

@Suite struct DTLSSessionTests {
    private let alice: DTLSCertificate
    private let bob: DTLSCertificate

    init() throws {
        alice = try DTLSCertificate()
        bob = try DTLSCertificate()
    }

    @Test func `Both sides end up with the same keys, each other's way round`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        pair.run()
        let client = try #require(Self.keys(pair.clientEvents))
        let server = try #require(Self.keys(pair.serverEvents))
        #expect(client.profile == .aeadAES128GCM)
        #expect(client.localKey.count == 16)
        #expect(client.localSalt.count == 12)
        #expect(client.localKey != client.remoteKey)
        #expect(client.localSalt != client.remoteSalt)
        let swapped = SRTPKeyingMaterial(
            profile: server.profile,
            localKey: server.remoteKey,
            localSalt: server.remoteSalt,
            remoteKey: server.localKey,
            remoteSalt: server.localSalt
        )
        #expect(client == swapped)
    }

    @Test func `Any one datagram of the handshake may be lost`() throws {
        for lost in 0..<12 {
            var pair = try DTLSPair(client: alice, server: bob)
            pair.path = { $0.index == lost ? [] : [$0] }
            pair.start()
            pair.run()
            let took = pair.now - Instant(nanoseconds: 1_000_000_000)
            #expect(Self.keys(pair.clientEvents) != nil, "lost \(lost)")
            #expect(Self.keys(pair.serverEvents) != nil, "lost \(lost)")
            #expect(took <= .milliseconds(600))
        }
    }

    private static func keys(_ events: [DTLSSession.Event]) -> SRTPKeyingMaterial? {
        guard case .connected(let keys) = events.first, events.count == 1 else { return nil }
        return keys
    }
}
