import CAllocations
import CLinux
import IO
import Participant
import Testing
import Wire

/// Nothing is allocated for a packet that goes or comes over TCP, once the connection has been full for the first time.
@Suite(.enabled(if: !_isDebugAssertConfiguration(), "code that is not optimised allocates"))
struct ConnectionAllocationTests {
    private let memory = FrameMemory()

    @Test func aConnectionAllocatesNothingForAPacket() throws {
        let (near, far) = try Self.connection()
        var queue = TransmitQueue(capacity: 64)
        for _ in 0..<64 {
            queue.append(to: far.peer) { $0.append(repeating: 7, count: 1_200, as: UInt8.self) }
        }
        var received = 0
        // It is filled and emptied: what waits grows as large as it gets.
        fillAndEmpty(near, far, queue, &received)
        let before = CAllocations_count()
        for _ in 0..<5 { fillAndEmpty(near, far, queue, &received) }
        let allocations = CAllocations_count() - before
        #expect(allocations == 0)
        #expect(received > 1_000 && received == near.counters.sent)
    }

    private func fillAndEmpty(
        _ near: FramedSocket,
        _ far: FramedSocket,
        _ queue: borrowing TransmitQueue,
        _ received: inout Int
    ) {
        let dropped = near.counters.dropped
        while near.counters.dropped == dropped { near.send(0..<64, of: queue, with: memory) }
        while received < near.counters.sent {
            near.handleWritable()
            var count = 0
            far.receive(with: memory) { _ in
                count += 1
                return true
            }
            received += count
        }
    }

    private static func connection() throws -> (near: FramedSocket, far: FramedSocket) {
        let listener = try TCPListener(boundTo: SocketAddress(ipv4: 0x7f00_0001, port: 0), port: 0)
        let near = try FramedSocket(adopting: listener.localAddress.connectedDescriptor())
        while true {
            if case .accepted(let far) = listener.accept() { return (near, far) }
        }
    }
}
