import CAllocations
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

    @Test func `A handshake takes four datagrams and leaves no timer behind`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        pair.run()
        #expect(pair.sent.map(\.sender) == [.client, .server, .client, .server])
        #expect(pair.now - DTLSPair.start == .milliseconds(80))
        let timeouts = [pair.client.pollTimeout(), pair.server.pollTimeout()]
        #expect(timeouts == [nil, nil])
        let discarded = [pair.client.discardedDatagrams, pair.server.discardedDatagrams]
        #expect(discarded == [0, 0])
    }

    @Test func `What OpenSSL kept is given back when the handshake is over`() throws {
        let before = CAllocations_live()
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        pair.run(for: .milliseconds(30))
        let halfOpen = CAllocations_live() - before
        pair.run()
        try pair.send([1], from: .client)
        pair.run()
        let connected = CAllocations_live() - before
        #expect(halfOpen < 250_000)
        #expect(connected < 50_000)
    }

    @Test(arguments: [1_200, 300])
    func `Any one datagram of the handshake may be lost`(_ mtu: Int) throws {
        var whole = try DTLSPair(client: alice, server: bob, mtu: mtu)
        whole.start()
        whole.run()
        for lost in 0..<whole.sent.count {
            var pair = try DTLSPair(client: alice, server: bob, mtu: mtu)
            pair.path = { $0.index == lost ? [] : [$0] }
            pair.start()
            pair.run()
            #expect(Self.keys(pair.clientEvents) != nil, "lost \(lost)")
            #expect(Self.keys(pair.serverEvents) != nil, "lost \(lost)")
            // One timeout of 150 ms in place of the lost datagram's way.
            #expect(pair.now - DTLSPair.start == .milliseconds(80 + 150), "lost \(lost)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `A path that loses, repeats and reorders a third of everything is survived`(_ seed: UInt64) throws {
        var pair = try DTLSPair(client: alice, server: bob, mtu: 300)
        var generator = SplitMix64(seed: seed)
        var late: DTLSPair.Datagram?
        pair.path = { datagram in
            switch Int.random(in: 0..<9, using: &generator) {
            case 0: return []
            case 1: return [datagram, datagram]
            case 2:
                defer { late = datagram }
                return late.map { [$0] } ?? []
            default: return [datagram]
            }
        }
        pair.start()
        pair.run()
        #expect(Self.keys(pair.clientEvents) != nil)
        #expect(Self.keys(pair.serverEvents) != nil)
    }

    @Test func `Without any answer the client gives up`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.path = { _ in [] }
        pair.start()
        pair.run()
        #expect(pair.clientEvents == [.failed(.timedOut)])
        #expect(pair.client.state == .failed)
        #expect(pair.sent.count == 13)
        let took = pair.now - DTLSPair.start
        #expect(Interval.seconds(15)...Interval.seconds(25) ~= took)
        let timeout = pair.client.pollTimeout()
        #expect(timeout == nil)
    }

    @Test func `No datagram is longer than the MTU`() throws {
        var pair = try DTLSPair(client: alice, server: bob, mtu: 300)
        pair.start()
        pair.run()
        #expect(pair.client.state == .connected)
        #expect(pair.server.state == .connected)
        let longest = pair.sent.map(\.bytes.count).max()
        #expect(200...300 ~= longest ?? 0)
        #expect(pair.sent.count > 6)
    }

    @Test(arguments: [false, true])
    func `A first flight in pieces is put together`(_ isReversed: Bool) throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.path = { datagram in
            guard datagram.index == 0 else { return [datagram] }
            let pieces = datagram.fragments(of: 40)
            return isReversed ? pieces.reversed() : pieces
        }
        pair.start()
        pair.run()
        #expect(Self.keys(pair.serverEvents) != nil)
        #expect(pair.now - DTLSPair.start == .milliseconds(80))
    }

    @Test func `A server that is not whom signalling announced is refused with an alert`() throws {
        var pair = try DTLSPair(client: alice, server: bob, fingerprintAtClient: alice.fingerprint)
        pair.start()
        pair.run()
        #expect(pair.clientEvents == [.failed(.fingerprintMismatch)])
        #expect(pair.serverEvents == [.failed(.peerAlert(Self.badCertificate))])
        #expect(pair.client.state == .failed)
        #expect(pair.server.state == .failed)
    }

    @Test func `A client that is not whom signalling announced is refused with an alert`() throws {
        var pair = try DTLSPair(client: alice, server: bob, fingerprintAtServer: bob.fingerprint)
        pair.start()
        pair.run()
        #expect(pair.serverEvents == [.failed(.fingerprintMismatch)])
        #expect(pair.clientEvents == [.failed(.peerAlert(Self.badCertificate))])
    }

    @Test func `Somebody must be announced`() {
        #expect(throws: DTLSError.noFingerprint) {
            _ = try DTLSSession(certificate: alice, role: .server, remoteFingerprints: [])
        }
    }

    @Test func `Application data goes both ways, one datagram each`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        pair.run()
        let before = pair.sent.count
        let question = (0..<pair.client.maximumApplicationData).map { UInt8(truncatingIfNeeded: $0) }
        try pair.send(question, from: .client)
        try pair.send([1], from: .client)
        try pair.send([2, 3], from: .server)
        pair.run()
        #expect(pair.serverReceived == [question, [1]])
        #expect(pair.clientReceived == [[2, 3]])
        #expect(pair.sent.dropFirst(before).map(\.bytes.count) == [1_200, 38, 39])
    }

    @Test func `Application data is refused before there is a connection and beyond one datagram`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        let early = Self.error { () throws(DTLSError) in try pair.send([1], from: .client) }
        #expect(early == .notConnected)
        pair.start()
        pair.run()
        let long = [UInt8](repeating: 0, count: pair.client.maximumApplicationData + 1)
        let tooLong = Self.error { () throws(DTLSError) in try pair.send(long, from: .client) }
        #expect(tooLong == .tooLarge)
        try pair.send([], from: .client)
        #expect(pair.sent.count == 4)
    }

    @Test func `Application data that overtakes the end of the handshake is kept`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        // The server's last flight is held back until the record behind it has passed.
        var held: [DTLSPair.Datagram] = []
        pair.path = { datagram in
            guard datagram.index == 3 else {
                defer { held = [] }
                return [datagram] + held
            }
            held = [datagram]
            return []
        }
        pair.start()
        pair.run(for: .milliseconds(70))
        #expect(pair.server.state == .connected)
        #expect(pair.client.state == .connecting)
        try pair.send([9, 9], from: .server)
        pair.run()
        #expect(pair.client.state == .connected)
        #expect(pair.clientReceived == [[9, 9]])
    }

    @Test(arguments: [DTLSRole.client, .server])
    func `A goodbye closes both sides`(_ side: DTLSRole) throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        pair.run()
        pair.close(side)
        pair.run()
        #expect(pair.client.state == .closed)
        #expect(pair.server.state == .closed)
        // Who said it need not be told.
        #expect(pair.clientEvents.contains(.closed) == (side == .server))
        #expect(pair.serverEvents.contains(.closed) == (side == .client))
        let error = Self.error { () throws(DTLSError) in try pair.send([1], from: .client) }
        #expect(error == .notConnected)
    }

    @Test func `A session that is closed before it connects stays silent`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        pair.close(.client)
        pair.run(for: .seconds(1))
        #expect(pair.client.state == .closed)
        #expect(pair.clientEvents.isEmpty)
        #expect(pair.sent.allSatisfy { $0.sender == .server || $0.index == 0 })
    }

    private static let badCertificate: UInt8 = 42

    private static func keys(_ events: [DTLSSession.Event]) -> SRTPKeyingMaterial? {
        guard case .connected(let keys) = events.first, events.count == 1 else { return nil }
        return keys
    }

    private static func error(_ body: () throws(DTLSError) -> Void) -> DTLSError? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }
}
