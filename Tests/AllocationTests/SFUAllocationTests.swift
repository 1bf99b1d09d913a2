import CAllocations
import SFU
import Testing
import Wire

/// Nothing is allocated for a packet on its way through the Worker, once everybody is connected.
@Suite(.enabled(if: !_isDebugAssertConfiguration(), "code that is not optimised allocates"))
struct SFUAllocationTests {
    private static let packets = 800
    /// Packets after which what keeps note of them has grown as large as it gets.
    private static let before = 1_200
    private static let viewers = 10

    @Test func forwardingFromAPlainSourceAllocatesNothing() throws {
        let room = try AllocationRoom(viewers: Self.viewers)
        let source = try room.makePlainSource()
        let datagrams = room.plainDatagrams(Self.packets + Self.before)
        var allocations: UInt = 0
        for (number, datagram) in datagrams.enumerated() {
            if number == Self.before { allocations = CAllocations_count() }
            room.advance()
            room.core.handlePlain(datagram.span.bytes, at: source, from: AllocationRoom.source, now: room.now)
            room.forward()
        }
        allocations = CAllocations_count() - allocations
        #expect(allocations == 0)
        #expect(room.sent >= Self.packets * Self.viewers)
    }

    @Test func forwardingFromACameraAllocatesNothing() throws {
        let room = try AllocationRoom(viewers: Self.viewers + 1)
        let datagrams = try room.cameraDatagrams(Self.packets + Self.before)
        var allocations: UInt = 0
        for number in datagrams.indices {
            if number == Self.before { allocations = CAllocations_count() }
            var bytes = datagrams[number]
            // The copy that decryption in place needs; the kernel's buffer has no such cost.
            let copied = CAllocations_count()
            var span = bytes.mutableSpan
            var raw = span.mutableBytes
            allocations += number >= Self.before ? CAllocations_count() - copied : 0
            room.advance()
            room.core.handle(&raw, from: room.address(of: 0), now: room.now, into: &room.queue)
            room.forward()
        }
        allocations = CAllocations_count() - allocations
        #expect(allocations == 0)
        #expect(room.sent >= Self.packets * Self.viewers)
    }
}
