import Testing
import WebRTC
import Wire

@Suite struct SentPacketHistoryTests {
    @Test func aPacketIsReportedOnceAndALostOneMayStillArrive() {
        var history = SentPacketHistory()
        let now = Instant(nanoseconds: 5)
        history.record(65_535, size: 1_200, now: now)
        history.record(0, size: 100, probe: 3, now: now)
        #expect(history.bytesInFlight == 1_300)

        let lost = history.handle(65_535, arrival: nil)
        #expect(lost == PacketResult(sent: now, arrival: nil, size: 1_200))
        let stillLost = history.handle(65_535, arrival: nil)
        #expect(stillLost == nil, "one loss counts once, however often it is told")
        let late = history.handle(65_535, arrival: .milliseconds(9))
        #expect(late == PacketResult(sent: now, arrival: .milliseconds(9), size: 1_200, wasMissing: true))
        let again = history.handle(65_535, arrival: .milliseconds(9))
        #expect(again == nil)
        let probed = history.handle(0, arrival: .zero)
        #expect(probed?.probe == 3)
        let unknown = history.handle(77, arrival: .zero)
        #expect(unknown == nil)
        #expect(history.bytesInFlight == 0)
    }

    @Test func aSecondOfPacketsIsRememberedHoweverManyAreOpen() {
        var history = SentPacketHistory()
        var now = Instant(nanoseconds: 0)
        // Across the wrap of the numbers, without any feedback.
        let first: UInt16 = 65_000
        for step in 0..<1_900 {
            history.record(first &+ UInt16(step), size: 100, ssrc: UInt32(step), now: now)
            now = now + .microseconds(500)
        }
        #expect(history.bytesInFlight == 190_000)
        for step in 0..<1_900 {
            let result = history.handle(first &+ UInt16(step), arrival: .zero)
            #expect(result?.ssrc == UInt32(step))
        }
        #expect(history.bytesInFlight == 0)
    }

    @Test func withoutFeedbackTheOldestAreForgotten() {
        var history = SentPacketHistory()
        var now = Instant(nanoseconds: 0)
        for step in 0..<10_000 {
            history.record(UInt16(step), size: 100, now: now)
            now = now + .milliseconds(1)
        }
        #expect(history.bytesInFlight <= 2_048 * 100)
        let newest = history.handle(9_999, arrival: .zero)
        #expect(newest != nil)
        let old = history.handle(5_000, arrival: .zero)
        #expect(old == nil)
    }
}
