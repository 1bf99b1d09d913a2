import Testing
import WebRTC
import Wire

/// Records of a peer whose address a NAT has changed.
@Suite struct DTLSRebindingTests {
    private let alice: DTLSCertificate
    private let bob: DTLSCertificate

    init() throws {
        alice = try DTLSCertificate()
        bob = try DTLSCertificate()
    }

    @Test func `A record is known by its number and taken once`() throws {
        var pair = try connected()
        try pair.send([1], from: .client)
        try pair.send([2], from: .client)
        let records = pair.sent.suffix(2).map(\.bytes)
        var leads: [UInt64?] = []
        for record in records { leads.append(pair.server.lead(of: record.span.bytes)) }
        #expect(leads[1] == (leads[0] ?? 0) + 1)
        var taken: [Bool] = []
        for record in records + records {
            taken.append(pair.server.handleRebound(record.span.bytes))
        }
        #expect(taken == [true, true, false, false], "a replay proves nothing")
        var received: [[UInt8]] = []
        while pair.server.pollApplicationData({ record in
            received.append(record.withUnsafeBytes { [UInt8]($0) })
        }) {}
        #expect(received == [[1], [2]])
        let rest = pair.server.pollApplicationData { _ in }
        #expect(!rest)
    }

    @Test func `Whatever is changed or cut is not the peer's and ends nothing`() throws {
        var pair = try connected()
        try pair.send([UInt8](0..<50), from: .client)
        let record = try #require(pair.sent.last).bytes
        for count in record.indices {
            let cut = Array(record[..<count])
            let isTaken = pair.server.handleRebound(cut.span.bytes)
            #expect(!isTaken, "\(count) bytes")
        }
        for bit in 0..<(8 * record.count) {
            var changed = record
            changed[bit / 8] ^= 1 << (bit % 8)
            let isTaken = pair.server.handleRebound(changed.span.bytes)
            #expect(!isTaken, "bit \(bit)")
        }
        let both = record + record
        let isTakenTwice = pair.server.handleRebound(both.span.bytes)
        #expect(!isTakenTwice)
        let state = pair.server.state
        #expect(state == .connected)
        let isTaken = pair.server.handleRebound(record.span.bytes)
        #expect(isTaken)
    }

    @Test func `Only application data of the connection counts`() throws {
        var pair = try DTLSPair(client: alice, server: bob)
        pair.start()
        let early = try #require(pair.sent.first).bytes
        let before = pair.server.lead(of: early.span.bytes)
        pair.run()
        #expect(before == nil)
        for datagram in pair.sent {
            let lead = pair.server.lead(of: datagram.bytes.span.bytes)
            #expect(lead == nil)
        }
    }

    private func connected() throws -> DTLSPair {
        var pair = try DTLSPair.connected(client: alice, server: bob)
        // From here on the test delivers.
        pair.path = { _ in [] }
        return pair
    }
}
