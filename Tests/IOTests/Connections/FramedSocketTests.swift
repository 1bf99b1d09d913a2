import CLinux
import Glibc
import IO
import Participant
import Testing
import Wire

@Suite struct FramedSocketTests {
    private let memory = FrameMemory()

    @Test func framesGoBothWays() throws {
        let (near, far) = try Self.connection()
        var queue = TransmitQueue(capacity: 100)
        for byte in 0..<100 as Range<UInt8> { queue.append(to: far.peer) { $0.append(byte) } }
        near.send(0..<100, of: queue, with: memory)

        let read = receive(100, at: far)

        #expect(read == (0..<100).map { [$0] })
        #expect(near.counters.sent == 100)
        #expect(near.counters.sendCalls == 2)
        #expect(!near.isBlocked)
    }

    @Test func aFrameOfOneByteSegmentsIsPutTogether() throws {
        let (near, far) = try Self.connection()
        for byte in [0, 3, 7, 8, 9, 0, 1, 5] as [UInt8] { Self.write([byte], to: near.descriptor) }
        #expect(receive(2, at: far) == [[7, 8, 9], [5]])
    }

    @Test func whatAReaderDoesNotTakeWaitsAndIsBounded() throws {
        let (near, far) = try Self.connection()
        let before = Self.fill(near, with: memory)
        #expect(near.isBlocked)
        #expect(near.waiting <= 256 << 10)
        #expect(near.counters.dropped > 0)
        #expect(near.counters.sent + near.counters.dropped == before)

        // Whole frames, in order, and all that were not dropped.
        var read: [[UInt8]] = []
        while read.count < near.counters.sent {
            near.handleWritable()
            far.receive(with: memory) { frame in
                read.append(frame.bytes.withUnsafeBytes { Array($0) })
                return true
            }
        }
        #expect(!near.isBlocked)
        #expect(read.allSatisfy { $0.count == 1_000 })
        let numbers = read.map { Int($0[0]) << 8 | Int($0[1]) }
        #expect(numbers == numbers.sorted())
        #expect(!near.isBroken && !far.isBroken)
    }

    @Test func aConnectionThatTheOtherSideEndsIsBroken() throws {
        let (near, far) = try Self.connection()
        Self.write([0, 1, 7], to: near.descriptor)
        shutdown(near.descriptor, CInt(SHUT_WR))
        #expect(receive(1, at: far) == [[7]])
        far.receive(with: memory) { _ in true }
        #expect(far.isBroken)
    }

    @Test func aConnectionThatIsResetIsBroken() throws {
        let (near, far) = try Self.connection()
        Self.reset(near.descriptor)
        Self.waitUntilReadable(far.descriptor)
        far.receive(with: memory) { _ in true }
        #expect(far.isBroken)
        var queue = TransmitQueue(capacity: 1)
        queue.append(to: far.peer) { $0.append(1 as UInt8) }
        far.send(0..<1, of: queue, with: memory)
        #expect(far.counters.sent == 0)
    }

    @Test func aFrameThatIsTooLongBreaksTheConnection() throws {
        let (near, far) = try Self.connection()
        Self.write([0, 1, 7, 0xff, 0xff], to: near.descriptor)
        #expect(receive(1, at: far) == [[7]])
        #expect(far.isBroken)
    }

    @Test func whatSomebodyElseHasReadIsTaken() throws {
        let (_, far) = try Self.connection()
        var read: [[UInt8]] = []
        ([0, 2, 1, 2, 0, 1, 3, 0] as [UInt8]).withUnsafeBytes { bytes in
            far.take(bytes, with: memory) { frame in
                read.append(frame.bytes.withUnsafeBytes { Array($0) })
                return true
            }
        }
        #expect(read == [[1, 2], [3]])
    }

    @Test func aThousandConnectionsThatSayNothingAreTakenAndClosed() throws {
        let limit = DescriptorLimit()
        guard limit.connections(atMost: 2_200) == 2_200 else { return }
        let listener = try TCPListener(boundTo: Self.loopback, port: 0)
        var clients: [CInt] = []
        var taken: [FramedSocket] = []
        for _ in 0..<1_000 {
            clients.append(try listener.localAddress.connectedDescriptor())
            while case .accepted(let socket) = listener.accept() { taken.append(socket) }
        }
        while taken.count < 1_000 {
            if case .accepted(let socket) = listener.accept() { taken.append(socket) }
        }
        #expect(Set(taken.map(\.peer)).count == 1_000)
        taken = []
        for client in clients {
            Self.waitUntilReadable(client)
            var byte: UInt8 = 0
            #expect(recv(client, &byte, 1, 0) <= 0)
            close(client)
        }
    }

    @Test func aDescriptorThatIsNoConnectionIsRefusedAndClosed() {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #expect(throws: SystemError.self) { try FramedSocket(adopting: descriptor) }
        #expect(fcntl(descriptor, F_GETFD) < 0)
    }

    // MARK: Both ends

    private static let loopback = SocketAddress(ipv4: 0x7f00_0001, port: 0)

    private static func connection() throws -> (near: FramedSocket, far: FramedSocket) {
        let listener = try TCPListener(boundTo: loopback, port: 0)
        let near = try FramedSocket(adopting: listener.localAddress.connectedDescriptor())
        while true {
            if case .accepted(let far) = listener.accept() { return (near, far) }
        }
    }

    private func receive(_ count: Int, at socket: FramedSocket) -> [[UInt8]] {
        var read: [[UInt8]] = []
        while read.count < count, !socket.isBroken {
            Self.waitUntilReadable(socket.descriptor)
            socket.receive(with: memory) { frame in
                read.append(frame.bytes.withUnsafeBytes { Array($0) })
                return true
            }
        }
        return read
    }

    /// Sends until some had to be dropped; returns how many.
    private static func fill(_ socket: FramedSocket, with memory: FrameMemory) -> Int {
        var number = 0
        var queue = TransmitQueue(capacity: 64)
        while socket.counters.dropped == 0 {
            queue.removeAll()
            for _ in 0..<64 {
                queue.append(to: socket.peer) { out in
                    out.append(bigEndian: UInt16(number))
                    out.append(repeating: 7, count: 998, as: UInt8.self)
                }
                number += 1
            }
            socket.send(0..<64, of: queue, with: memory)
        }
        return number
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) {
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func reset(_ descriptor: CInt) {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        // The object that owns it closes what it is then.
        let other = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        dup2(other, descriptor)
        close(other)
    }

    private static func waitUntilReadable(_ descriptor: CInt) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&wanted, 1, 20_000)
    }
}
