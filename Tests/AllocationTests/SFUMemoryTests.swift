import CAllocations
import SFU
import Testing

/// What a viewer costs in memory for as long as they stay.
@Suite(.enabled(if: !_isDebugAssertConfiguration(), "optimised code is what is measured"))
struct SFUMemoryTests {
    private static let viewers = 10
    /// Of a source, once for all of its viewers, from its first packet on: what can be sent again.
    private static let kept = WorkerConfiguration.Limits().retransmissionBytes

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
        let each = (room.memory - Self.kept) / Self.viewers
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
        let each = (room.memory - before - Self.kept) / Self.viewers
        #expect(each > 0)
        #expect(each <= 48 << 10)
    }

    /// Of somebody who sees the desk already; two seconds of a picture at 250 packets a second, so that what grows with
    /// the packets that go by has grown.
    @Test func anotherConsumerTakes48KiBAtMost() throws {
        let room = try AllocationRoom(viewers: Self.viewers)
        let datagrams = room.plainDatagrams(500)
        func forward(_ sources: [PlainTransport]) {
            for datagram in datagrams {
                for source in sources {
                    room.measure {
                        room.core.handlePlain(
                            datagram.span.bytes,
                            at: source,
                            from: AllocationRoom.source,
                            now: room.now
                        )
                    }
                }
                room.measure { room.forward() }
                for _ in 0..<4 { room.advance() }
            }
        }
        forward([try room.makePlainSource()])
        let (before, sent) = (room.memory, room.sent)
        let more = 4
        forward(try (0..<more).map { _ in try room.makePlainSource() })
        #expect(room.sent - sent >= more * datagrams.count * Self.viewers)
        let each = (room.memory - before - more * Self.kept) / (more * Self.viewers)
        #expect(each > 0)
        #expect(each <= 48 << 10, "it takes \(each) bytes")
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
