import IO
import Testing
import Wire

/// A host with several addresses answers from the one that was asked.
@Suite struct LocalAddressTests {
    private static let second = SocketAddress(ipv4: 0x7f00_0002, port: 0)
    private static let first = SocketAddress(ipv4: 0x7f00_0001, port: 0)
    private static let six = SocketAddress(high: 0, low: 1, port: 0)

    /// One that listens everywhere and answers where it was asked, and somebody who asks it at `address`.
    private func ask(
        _ address: SocketAddress,
        room: inout UDPSocket,
        datagrams: Int = 1,
        size: Int = 1
    ) throws -> (sources: Set<SocketAddress>, count: Int) {
        var asker = try UDPSocket(boundTo: address == Self.six ? Self.six : Self.first)
        var queue = TransmitQueue(capacity: 128)
        var port = address
        port.port = room.localAddress.port
        queue.append(to: port) { $0.append(1 as UInt8) }
        asker.flush(&queue)
        let arrived = room.receive()
        #expect(arrived == 1)
        let source = room.withDatagram(at: 0) { _, source in source }
        for _ in 0..<datagrams {
            queue.append(to: source) { $0.append(repeating: 7, count: size, as: UInt8.self) }
        }
        room.flush(&queue)
        var sources: Set<SocketAddress> = []
        var count = 0
        while case let arrived = asker.receive(), arrived > 0 {
            for index in 0..<arrived { sources.insert(asker.withDatagram(at: index) { _, source in source }) }
            count += arrived
        }
        return (sources, count)
    }

    @Test(arguments: [first, second, six])
    func theAnswerLeavesFromWhereTheQuestionCame(_ address: SocketAddress) throws {
        var room = try UDPSocket(answersWhereAsked: true)
        var expected = address
        expected.port = room.localAddress.port
        let got = try ask(address, room: &room)
        #expect(got.sources == [expected])
    }

    /// A burst is cut by the kernel, and leaves from there, too.
    @Test(arguments: [first, second, six])
    func aBurstDoes(_ address: SocketAddress) throws {
        var room = try UDPSocket(answersWhereAsked: true)
        var expected = address
        expected.port = room.localAddress.port
        let got = try ask(address, room: &room, datagrams: 60, size: 1_000)
        #expect(got.sources == [expected])
        #expect(got.count == 60)
        let messages = room.counters.messages
        #expect(messages == 1)
    }

    @Test func aSocketOfIPv4AloneDoes() throws {
        var room = try UDPSocket(boundTo: SocketAddress(ipv4: 0, port: 0), answersWhereAsked: true)
        var expected = Self.second
        expected.port = room.localAddress.port
        let got = try ask(Self.second, room: &room)
        #expect(got.sources == [expected])
    }

    /// The same peer at two of the addresses is two paths, each with its own burst.
    @Test func eachOfTwoAddressesKeepsItsNumber() throws {
        var room = try UDPSocket(answersWhereAsked: true)
        var asker = try UDPSocket(boundTo: Self.first)
        var queue = TransmitQueue(capacity: 128)
        var seen: [SocketAddress] = []
        for address in [Self.second, Self.first, Self.second] {
            var port = address
            port.port = room.localAddress.port
            queue.append(to: port) { $0.append(1 as UInt8) }
            asker.flush(&queue)
            let arrived = room.receive()
            #expect(arrived == 1)
            seen.append(room.withDatagram(at: 0) { _, source in source })
        }
        #expect(seen[0] == seen[2] && seen[0] != seen[1])
        #expect(seen[0].port == seen[1].port && seen[0].ipv4 == seen[1].ipv4)
        for source in seen { queue.append(to: source) { $0.append(2 as UInt8) } }
        room.flush(&queue)
        let messages = room.counters.messages
        #expect(messages == 3)
        let count = asker.receive()
        let answers = (0..<count).map { asker.withDatagram(at: $0) { _, source in source.ipv4 } }
        #expect(answers == [Self.second.ipv4, Self.first.ipv4, Self.second.ipv4])
    }

    /// A program here can ask at as many addresses as it likes; the room goes on answering.
    @Test func ofManyLoopbackAddressesFewAreKept() throws {
        var room = try UDPSocket(answersWhereAsked: true)
        var asker = try UDPSocket(boundTo: Self.first)
        var queue = TransmitQueue(capacity: 128)
        var numbers: Set<UInt16> = []
        for last in 1...100 as ClosedRange<UInt32> {
            queue.append(to: SocketAddress(ipv4: 0x7f00_0100 | last, port: room.localAddress.port)) {
                $0.append(1 as UInt8)
            }
            asker.flush(&queue)
            let arrived = room.receive()
            #expect(arrived == 1)
            numbers.insert(room.withDatagram(at: 0) { _, source in source.via })
        }
        #expect(numbers.count == 33 && numbers.contains(0))
    }
}
