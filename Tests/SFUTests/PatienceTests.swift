import SFU
import Testing
import Wire

/// What many viewers report may wait; what anybody sends or says may not.
@Suite struct PatienceTests {
    private let start = Instant(nanoseconds: 10_000_000_000)

    @Test func aCrowdsReportsWaitAFewMilliseconds() throws {
        var patience = Patience()
        patience.handle(.rtcp)
        patience.endReceiving(isCrowd: true, now: start)
        let until = try #require(patience.until)
        #expect(until > start)
        #expect(until <= start + .milliseconds(10))
    }

    @Test func aFewPeoplesDoNot() {
        var patience = Patience()
        patience.handle(.rtcp)
        patience.endReceiving(isCrowd: false, now: start)
        #expect(patience.until == nil)
    }

    @Test(arguments: [PacketKind.rtp, .dtls])
    func nothingWaitsAsLongAsSomebodySpeaksOrDrives(kind: PacketKind) {
        var patience = Patience()
        var now = start
        for _ in 0..<50 {
            patience.handle(.rtcp)
            patience.handle(kind)
            patience.endReceiving(isCrowd: true, now: now)
            #expect(patience.until == nil)
            now += .milliseconds(20)
            patience.handle(.rtcp)
            patience.endReceiving(isCrowd: true, now: now)
            #expect(patience.until == nil)
            now += .milliseconds(20)
        }
        now += .milliseconds(200)
        patience.handle(.rtcp)
        patience.endReceiving(isCrowd: true, now: now)
        #expect(patience.until != nil)
    }

    @Test func aCheckOfThePathWaitsLikeAReport() {
        var patience = Patience()
        patience.handle(.stun)
        patience.endReceiving(isCrowd: true, now: start)
        #expect(patience.until != nil)
    }
}
