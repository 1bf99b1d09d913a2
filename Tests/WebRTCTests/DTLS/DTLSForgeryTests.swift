import CAllocations
import Testing
import WebRTC
import Wire

/// What anybody can send in the peer's name ends nothing, whatever version of OpenSSL there is.
@Suite struct DTLSForgeryTests {
    private let alice: DTLSCertificate
    private let bob: DTLSCertificate

    init() throws {
        alice = try DTLSCertificate()
        bob = try DTLSCertificate()
    }

    @Test func `A record that is too short for its cipher ends no connection`() throws {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        for record in HostileRecord.shortRecords {
            pair.deliver(record, to: .server)
            pair.deliver(record, to: .client)
        }
        #expect(pair.server.discardedDatagrams == HostileRecord.shortRecords.count)
        #expect(pair.client.discardedDatagrams == HostileRecord.shortRecords.count)
        pair.expectStanding()
    }

    @Test func `Nothing that is forged ends a connection`() throws {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        for record in HostileRecord.all {
            pair.deliver(record, to: .server)
            pair.deliver(record, to: .client)
        }
        #expect(pair.server.discardedDatagrams == HostileRecord.all.count)
        pair.expectStanding()
    }

    @Test func `Good records in the datagram of a hostile one get through`() throws {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        pair.path = { _ in [] }
        for value in 0..<4 as Range<UInt8> { try pair.send([value], from: .client) }
        let good = pair.sent.suffix(4).map(\.bytes)
        let hostile = HostileRecord.record(23, epoch: 1, [UInt8](repeating: 1, count: 9))
        pair.deliver(good[0] + hostile + good[1] + good[2], to: .server)
        pair.deliver(hostile + good[3] + [22, 0xfe], to: .server)
        #expect(pair.serverReceived == [[0], [1], [2], [3]])
        #expect(pair.server.discardedDatagrams == 2)
        pair.path = { [$0] }
        pair.expectStanding()
    }

    @Test(arguments: 0..<5 as Range<Int64>)
    func `No forged datagram ends a handshake`(_ stop: Int64) throws {
        for record in HostileRecord.all {
            var pair = try DTLSPair(client: alice, server: bob)
            pair.start()
            pair.run(for: .milliseconds(20 * stop))
            pair.deliver(record, to: .server)
            pair.deliver(record, to: .client)
            pair.run()
            #expect(pair.agreesOnKeys == true, "\(record)")
            // One timeout in place of what the forged datagram has spoilt.
            let took = pair.now - DTLSPair.start
            #expect(took <= .milliseconds(80 + 150 + 5), "\(record)")
        }
    }

    @Test(arguments: 0..<5 as Range<Int64>)
    func `All of them together do not end a handshake either`(_ stop: Int64) throws {
        var pair = try DTLSPair(client: alice, server: bob, mtu: 300)
        pair.start()
        pair.run(for: .milliseconds(20 * stop))
        for record in HostileRecord.all {
            pair.deliver(record, to: .server)
            pair.deliver(record, to: .client)
        }
        pair.run()
        #expect(pair.agreesOnKeys == true)
    }

    @Test(arguments: [0, 1, 10, 20, 30, 50] as [Int64])
    func `Somebody else's hello does not keep the client out`(_ milliseconds: Int64) throws {
        let mallory = try DTLSCertificate()
        for mtu in [1_200, 300] {
            var other = try DTLSPair(client: mallory, server: bob)
            other.start()
            let hello = try #require(other.sent.first).bytes
            var pair = try DTLSPair(client: alice, server: bob, mtu: mtu)
            pair.start()
            pair.run(for: .milliseconds(milliseconds))
            pair.deliver(hello, to: .server)
            pair.deliver(hello, to: .server)
            pair.run()
            #expect(pair.agreesOnKeys == true)
            let took = pair.now - DTLSPair.start
            #expect(took < .seconds(1))
        }
    }

    @Test func `A hello that OpenSSL refuses is forgotten`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        // No cipher suite that anybody has.
        let body: [UInt8] = [0xfe, 0xfd] + [UInt8](repeating: 7, count: 32) + [0, 0, 0, 2, 0, 1, 1, 0]
        pair.deliver(HostileRecord.message(1, sequence: 0, body), to: .server)
        #expect(pair.server.state == .connecting)
        #expect(pair.sent.count == 1, "an alert would end the genuine client's handshake")
        pair.run()
        #expect(pair.agreesOnKeys == true)
    }

    @Test func `An alert in plain text is believed when nothing else comes`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.path = { $0.sender == .client && $0.index == 0 ? [$0] : [] }
        pair.start()
        pair.run(for: .milliseconds(20))
        pair.deliver(HostileRecord.record(21, epoch: 0, [2, 80]), to: .server)
        pair.run(for: .seconds(3))
        #expect(pair.serverEvents == [.failed(.peerAlert(80))])
    }

    @Test func `A server that asks for a cookie twice gets it`() throws {
        var client = try DTLSSession(certificate: alice, role: .client, remoteFingerprints: [bob.fingerprint])
        var queue = TransmitQueue(capacity: 16)
        client.start(now: DTLSPair.start, to: DTLSPair.address, into: &queue)
        queue.removeAll()
        let cookie = (100..<120).map { UInt8($0) }
        let request = HostileRecord.message(3, sequence: 0, [0xfe, 0xfd, UInt8(cookie.count)] + cookie)
        client.handle(request.span.bytes, from: DTLSPair.address, now: DTLSPair.start, into: &queue)
        #expect(queue.count == 0)
        let deadline = client.pollTimeout()
        let later = try #require(deadline)
        client.handleTimeout(now: later, to: DTLSPair.address, into: &queue)
        queue.removeAll()
        client.handle(request.span.bytes, from: DTLSPair.address, now: later, into: &queue)
        try #require(queue.count == 1)
        let hello = queue.withBytes(at: 0) { $0.withUnsafeBytes { Array($0) } }
        #expect(hello[18] == 1, "the second message of the client")
        #expect(hello.indices.contains { hello[$0...].starts(with: cookie) })
    }

    @Test func `A server that hears only nonsense keeps little, and not for long`() throws {
        var generator = SplitMix64(seed: 1)
        let before = CAllocations_live()
        var pair = try DTLSPair(client: alice, server: bob)
        pair.path = { $0.index == 0 ? [$0] : [] }
        pair.start()
        pair.run(for: .milliseconds(20))
        var queue = TransmitQueue(capacity: 64)
        let answered = CAllocations_live() - before
        for round in 0..<20_000 {
            let record = nonsense(round, using: &generator)
            pair.now += .milliseconds(1)
            pair.server.handle(record.span.bytes, from: DTLSPair.address, now: pair.now, into: &queue)
            queue.removeAll()
        }
        let flooded = CAllocations_live() - before
        #expect(answered < 400_000)
        // The flood was some 20 MB. What is kept of it depends on the version of OpenSSL, and on how malloc rounds up.
        #expect(flooded - answered < 256_000)
        pair.run()
        #expect(pair.server.state == .failed)
        let took = pair.now - DTLSPair.start
        #expect(took < .seconds(26))
    }

    private func nonsense(_ round: Int, using generator: inout SplitMix64) -> [UInt8] {
        switch round % 4 {
        case 0: HostileRecord.record(23, epoch: 1, [UInt8](repeating: 9, count: 1_900))
        case 1:
            HostileRecord.message(
                [11, 15, 16].randomElement(using: &generator) ?? 11,
                sequence: .random(in: 0...12, using: &generator),
                length: .random(in: 1_000...8_192, using: &generator),
                offset: .random(in: 0...999, using: &generator),
                [1]
            )
        case 2:
            HostileRecord.message(
                1,
                sequence: 0,
                length: .random(in: 1_000...8_192, using: &generator),
                [1, 2, 3]
            )
        default: HostileRecord.all.randomElement(using: &generator) ?? []
        }
    }
}
