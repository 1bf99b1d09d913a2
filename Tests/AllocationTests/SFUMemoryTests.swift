import CAllocations
import SFU
import Testing

/// What a viewer costs in memory for as long as they stay.
@Suite(.enabled(if: !_isDebugAssertConfiguration(), "optimised code is what is measured"))
struct SFUMemoryTests {
    private static let viewers = 10

    /// Of somebody who sees the desk; some 36 KiB of it are OpenSSL's.
    @Test func aViewersConnectionAndConsumerTake96KiBAtMost() throws {
        let room = try AllocationRoom(viewers: Self.viewers)
        let source = try room.makePlainSource()
        for datagram in room.plainDatagrams(200) {
            room.measure {
                room.core.handlePlain(
                    datagram.span.bytes,
                    at: source,
                    from: AllocationRoom.source,
                    now: room.now
                )
                room.forward()
            }
        }
        let each = room.memory / Self.viewers
        #expect(each > 0)
        #expect(each <= 96 << 10)
    }

    /// With what its path needs: the pacer, and what is remembered of packets that were sent.
    @Test func aConsumerTakes48KiBAtMost() throws {
        let room = try AllocationRoom(viewers: Self.viewers)
        let before = room.memory
        let source = try room.makePlainSource()
        for datagram in room.plainDatagrams(200) {
            room.measure {
                room.core.handlePlain(
                    datagram.span.bytes,
                    at: source,
                    from: AllocationRoom.source,
                    now: room.now
                )
                room.forward()
            }
        }
        let each = (room.memory - before) / Self.viewers
        #expect(each > 0)
        #expect(each <= 48 << 10)
    }

    @Test func viewersWhoComeAndGoLeaveNothingBehind() throws {
        let room = try AllocationRoom(viewers: Self.viewers)
        _ = try room.makePlainSource()
        for _ in 0..<3 { try room.churn() }
        let before = room.memory
        for _ in 0..<10 { try room.churn() }
        // Tables may have grown by an entry.
        #expect(abs(room.memory - before) <= 4 << 10)
    }
}
