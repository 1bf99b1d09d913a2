import CAllocations
import SFU
import Testing

/// What prefetching asks for is what there is: whoever makes a class larger or smaller changes the number, too.
@Suite(.enabled(if: !_isDebugAssertConfiguration(), "optimised code is what is measured"))
struct SFUObjectSizeTests {
    private let room: AllocationRoom

    init() throws {
        room = try AllocationRoom(viewers: 1)
        _ = try room.makePlainSource()
    }

    @Test func anEgressIsAsLargeAsPrefetchingTakesItFor() throws {
        let egress = try #require(room.core.transports.first).egress
        check(Egress.objectSize, size(of: egress))
    }

    @Test func whatForwardingReadsOfAnEgressEndsWherePrefetchingTakesItTo() throws {
        let egress = try #require(room.core.transports.first).egress
        check(Egress.hotSize, egress.hotEnd)
    }

    @Test func aConsumerIsAsLargeAsPrefetchingTakesItFor() throws {
        let egress = try #require(room.core.transports.first).egress
        let consumer = try #require(egress.consumers.first)
        check(Consumer.objectSize, size(of: consumer))
    }

    /// The allocator rounds up to sixteen bytes, and processors fetch sixty-four.
    private func check(_ assumed: Int, _ actual: Int) {
        #expect(assumed > actual - 16, "the object has grown to \(actual) bytes")
        #expect(assumed <= actual + 64, "the object has shrunk to \(actual) bytes")
    }

    private func size(of object: AnyObject) -> Int {
        Int(CAllocations_size(Unmanaged.passUnretained(object).toOpaque()))
    }
}
