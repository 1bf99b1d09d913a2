import IO
import Testing
import Wire

@Suite struct UDPSocketTests {
    private static let loopback = SocketAddress(ipv4: 0x7f00_0001, port: 0)
    private static let loopback6 = SocketAddress(high: 0, low: 1, port: 0)

    /// Every datagram waiting at `socket`, and where the first came from.
    private func drain(_ socket: inout UDPSocket) -> (datagrams: [[UInt8]], source: SocketAddress?) {
        var datagrams: [[UInt8]] = []
        var source: SocketAddress?
        while case let count = socket.receive(), count > 0 {
            for index in 0..<count {
                let (bytes, from) = socket.withDatagram(at: index) { bytes, from in
                    (bytes.bytes.withUnsafeBytes { Array($0) }, from)
                }
                datagrams.append(bytes)
                source = source ?? from
            }
        }
        return (datagrams, source)
    }

    @Test(arguments: [loopback, loopback6])
    func datagramsArriveInOrderWithTheirSource(_ address: SocketAddress) throws {
        var receiver = try UDPSocket(boundTo: address)
        var sender = try UDPSocket(boundTo: address)
        var queue = TransmitQueue(capacity: 256)
        for byte in 0..<100 as Range<UInt8> {
            queue.append(to: receiver.localAddress) {
                $0.append(repeating: byte, count: 1 + Int(byte) % 7, as: UInt8.self)
            }
        }

        sender.flush(&queue)

        let (datagrams, source) = drain(&receiver)
        let isEmptied = queue.isEmpty
        #expect(isEmptied)
        #expect(datagrams == (0..<100 as Range<UInt8>).map { [UInt8](repeating: $0, count: 1 + Int($0) % 7) })
        let expected = sender.localAddress
        #expect(source == expected)
    }

    @Test func oneSocketServesIPv4AndIPv6() throws {
        var room = try UDPSocket()
        var four = try UDPSocket(boundTo: Self.loopback)
        var six = try UDPSocket(boundTo: Self.loopback6)
        var queue = TransmitQueue(capacity: 4)
        queue.append(to: SocketAddress(ipv4: 0x7f00_0001, port: room.localAddress.port)) {
            $0.append(4 as UInt8)
        }
        four.flush(&queue)
        queue.append(to: SocketAddress(high: 0, low: 1, port: room.localAddress.port)) {
            $0.append(6 as UInt8)
        }
        six.flush(&queue)

        let count = room.receive()
        #expect(count == 2)
        let sources = (0..<2).map { room.withDatagram(at: $0) { _, from in from } }
        let expected = [four.localAddress, six.localAddress]
        #expect(sources == expected)

        for source in sources { queue.append(to: source) { $0.append(1 as UInt8) } }
        room.flush(&queue)
        let fromFour = drain(&four)
        #expect(fromFour.datagrams == [[1]])
        let fromSix = drain(&six)
        #expect(fromSix.datagrams == [[1]])
    }

    @Test func aBurstOfEqualDatagramsToOnePeerIsOneSystemCall() throws {
        var receiver = try UDPSocket(boundTo: Self.loopback)
        var sender = try UDPSocket(boundTo: Self.loopback)
        var queue = TransmitQueue(capacity: 256)
        for byte in 0..<30 as Range<UInt8> {
            queue.append(to: receiver.localAddress) {
                $0.append(repeating: byte, count: 1_200, as: UInt8.self)
            }
        }
        queue.append(to: receiver.localAddress) { $0.append(repeating: 30, count: 77, as: UInt8.self) }

        sender.flush(&queue)

        let counters = sender.counters
        #expect(counters.sendCalls == 1)
        #expect(counters.sent == 31)
        let fromReceiver = drain(&receiver)
        #expect(fromReceiver.datagrams.map(\.count) == Array(repeating: 1_200, count: 30) + [77])
    }

    @Test func anUnreachablePeerCostsTheOthersNothing() throws {
        var receiver = try UDPSocket(boundTo: Self.loopback)
        var sender = try UDPSocket(boundTo: Self.loopback)
        var queue = TransmitQueue(capacity: 8)
        queue.append(to: receiver.localAddress) { $0.append(1 as UInt8) }
        queue.append(to: SocketAddress(ipv4: 0x7f00_0001, port: 0)) { $0.append(2 as UInt8) }
        queue.append(to: receiver.localAddress) { $0.append(3 as UInt8) }

        sender.flush(&queue)

        let fromReceiver = drain(&receiver)
        #expect(fromReceiver.datagrams == [[1], [3]])
        let counters = sender.counters
        #expect(counters.unsent == 1)
        #expect(counters.sent == 2)
    }

    @Test func aDatagramLongerThanTheBufferIsCountedAndDropped() throws {
        var receiver = try UDPSocket(boundTo: Self.loopback)
        var sender = try UDPSocket(boundTo: Self.loopback)
        // Two queue slots sent as one run whose segment size is the first datagram's length cannot exceed
        // 1500 bytes, so a larger datagram comes from a plain socket.
        let oversized = [UInt8](repeating: 7, count: 3_000)
        #expect(sendPlain(oversized, to: receiver.localAddress))
        var queue = TransmitQueue(capacity: 2)
        queue.append(to: receiver.localAddress) { $0.append(1 as UInt8) }
        sender.flush(&queue)

        let fromReceiver = drain(&receiver)
        #expect(fromReceiver.datagrams == [[1]])
        let counters = receiver.counters
        #expect(counters.oversized == 1)
    }

    @Test func aTakenPortIsAnError() throws {
        let first = try UDPSocket(boundTo: Self.loopback)
        let port = first.localAddress.port
        #expect(throws: SystemError.self) {
            _ = try UDPSocket(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: port)).localAddress
        }
        _ = first.localAddress
    }
}
