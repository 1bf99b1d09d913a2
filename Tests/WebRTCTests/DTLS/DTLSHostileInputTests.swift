import Testing
import WebRTC
import Wire

/// What comes from the network may be anything: it never traps, and it never harms a connection that stands.
@Suite struct DTLSHostileInputTests {
    private let alice: DTLSCertificate
    private let bob: DTLSCertificate

    init() throws {
        alice = try DTLSCertificate()
        bob = try DTLSCertificate()
    }

    @Test func `What was part of the handshake, or of the connection, has no effect when it comes again`()
        throws
    {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        try pair.send([1, 2, 3], from: .client)
        try pair.send([4], from: .server)
        pair.run()
        for datagram in pair.sent {
            for receiver in [DTLSRole.client, .server] { pair.deliver(datagram.bytes, to: receiver) }
        }
        pair.run()
        #expect(pair.serverReceived == [[1, 2, 3]])
        #expect(pair.clientReceived == [[4]])
        pair.expectStanding()
        #expect(pair.server.discardedDatagrams >= 5)
        #expect(pair.client.discardedDatagrams >= 5)
    }

    @Test func `A plaintext alert cannot end a connection`() throws {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        for (level, description) in [(2, 42), (1, 0), (2, 10)] as [(UInt8, UInt8)] {
            let alert = HostileRecord.record(21, epoch: 0, [level, description])
            pair.deliver(alert, to: .client)
            pair.deliver(alert, to: .server)
        }
        pair.expectStanding()
        #expect(pair.server.discardedDatagrams == 3)
    }

    @Test func `Every truncation and every flipped bit of a record is discarded`() throws {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        pair.path = { _ in [] }
        try pair.send([1, 2, 3], from: .client)
        let record = pair.sent[pair.sent.count - 1].bytes
        for length in 0..<record.count { pair.deliver(Array(record.prefix(length)), to: .server) }
        for bit in 0..<(8 * record.count) {
            var flipped = record
            flipped[bit / 8] ^= 1 << (bit % 8)
            pair.deliver(flipped, to: .server)
        }
        #expect(pair.serverReceived.isEmpty)
        #expect(pair.server.discardedDatagrams == 9 * record.count)
        pair.deliver(record, to: .server)
        #expect(pair.serverReceived == [[1, 2, 3]])
        pair.path = { [$0] }
        pair.expectStanding()
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `Arbitrary bytes do nothing to a connection`(_ seed: UInt64) throws {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        var generator = SplitMix64(seed: seed)
        for _ in 0..<2_000 {
            pair.deliver(.arbitraryRecord(using: &generator), to: .server)
            pair.deliver(.arbitraryRecord(using: &generator), to: .client)
        }
        #expect(pair.server.discardedDatagrams == 2_000)
        #expect(pair.client.discardedDatagrams == 2_000)
        pair.expectStanding()
    }

    @Test(arguments: 0..<8 as Range<UInt64>)
    func `Arbitrary bytes in the middle of a handshake do not end it`(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for stop in 0..<5 as Range<Int64> {
            var pair = try DTLSPair(client: alice, server: bob)
            pair.start()
            pair.run(for: .milliseconds(20 * stop))
            for _ in 0..<200 {
                pair.deliver(.arbitraryRecord(using: &generator), to: .server)
                pair.deliver(.arbitraryRecord(using: &generator), to: .client)
            }
            pair.run()
            let states = [pair.client.state, pair.server.state]
            #expect(states == [.connected, .connected])
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func `Any byte of a handshake may be wrong`(_ seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for damaged in 0..<4 {
            for _ in 0..<20 {
                var pair = try DTLSPair(client: alice, server: bob)
                pair.path = { datagram in
                    guard datagram.index == damaged else { return [datagram] }
                    var changed = datagram
                    let index = changed.bytes.indices.randomElement(using: &generator) ?? 0
                    changed.bytes[index] = .random(in: .min ... .max, using: &generator)
                    return [changed]
                }
                pair.start()
                pair.run()
                // Whatever happens, nobody connects to somebody who has other keys.
                guard
                    case .connected(let client) = pair.clientEvents.first,
                    case .connected(let server) = pair.serverEvents.first
                else {
                    // A hello in other words than were sent, and what a server says beside its random number
                    // and its share: only CertificateVerify and Finished, which come later, cover them.
                    #expect(damaged < 2)
                    continue
                }
                #expect(client.localKey == server.remoteKey)
                #expect(client.remoteKey == server.localKey)
            }
        }
    }

    @Test func `Data that nobody polls is bounded`() throws {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        var queue = TransmitQueue(capacity: 128)
        let packet = [UInt8](repeating: 5, count: 1_000)
        for _ in 0..<100 { try pair.client.send(packet.span.bytes, to: DTLSPair.address, into: &queue) }
        var answers = TransmitQueue(capacity: 1)
        for index in 0..<queue.count {
            queue.withBytes(at: index) {
                pair.server.handle($0, from: DTLSPair.address, now: pair.now, into: &answers)
            }
        }
        var kept = 0
        while pair.server.pollApplicationData({ kept += $0.byteCount == 1_000 ? 1 : 0 }) {}
        #expect(kept == 3)
        #expect(pair.server.discardedDatagrams == 97)
        pair.expectStanding()
    }

    @Test func `Nothing is taken before the session is started`() throws {
        var server = try DTLSSession(certificate: bob, role: .server, remoteFingerprints: [alice.fingerprint])
        var queue = TransmitQueue(capacity: 4)
        let hello = HostileRecord.record(22, version: 0xfeff, epoch: 0, number: 0, [])
        server.handle(hello.span.bytes, from: DTLSPair.address, now: DTLSPair.start, into: &queue)
        #expect(server.discardedDatagrams == 1)
        #expect(server.state == .new)
        #expect(queue.count == 0)
    }
}

extension [UInt8] {
    /// Arbitrary bytes, half of them behind a plausible record header.
    fileprivate static func arbitraryRecord(using generator: inout SplitMix64) -> Self {
        let body = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        guard Bool.random(using: &generator) else { return body }
        return HostileRecord.record(
            .random(in: 20...24, using: &generator),
            epoch: .random(in: 0...2, using: &generator),
            number: .random(in: .min ... .max, using: &generator),
            body
        )
    }
}
