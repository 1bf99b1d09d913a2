import Appliance
import Testing
import Wire

/// How fast one page is listened to, on a virtual clock.
@Suite struct MessagePaceTests {
    /// Whatever is sent, in which way ever, is acted on at a bounded rate.
    @Test(arguments: MessagePace.Kind.allCases) func aFloodIsReadAsFastAsPagesTalk(_ kind: MessagePace.Kind) {
        var pace = MessagePace()
        var now = Instant(nanoseconds: 0)
        var acted = 0
        while now < Instant(nanoseconds: 30_000_000_000) {
            now = now + pace.wait(for: kind, length: 60, now: now) + .microseconds(50)
            acted += 1
        }
        #expect(acted <= 60 + 30 * 15)
        #expect(acted >= 20 + 30 * 2)
    }

    @Test func floodsOfEveryKindAtOnceAreBoundedTogether() {
        var pace = MessagePace()
        var now = Instant(nanoseconds: 0)
        var acted = 0
        while now < Instant(nanoseconds: 30_000_000_000) {
            for kind in MessagePace.Kind.allCases {
                now = now + pace.wait(for: kind, length: 60, now: now)
                acted += 1
            }
            now = now + .microseconds(50)
        }
        #expect(acted <= 200 + 30 * 40)
    }

    @Test func aLargeMessageCountsAsMany() {
        var pace = MessagePace()
        var now = Instant(nanoseconds: 0)
        var bytes = 0
        while now < Instant(nanoseconds: 10_000_000_000) {
            now = now + pace.wait(for: .views, length: 262_144, now: now) + .microseconds(50)
            bytes += 262_144
        }
        #expect(bytes < 6 << 20)
    }

    /// Fourteen people who come with cameras within seconds, to a page that is laid out anew each time.
    @Test func aPageIsNeverHeldBack() {
        var pace = MessagePace()
        var now = Instant(nanoseconds: 0)
        var messages: [(MessagePace.Kind, Int)] = [(.state, 300), (.negotiation, 6_000)]
        for _ in 0..<14 { messages += [(.negotiation, 40_000), (.views, 900), (.views, 900), (.state, 60)] }
        messages += [(.control, 30), (.ping, 15), (.ping, 15)]
        for (kind, length) in messages {
            #expect(pace.wait(for: kind, length: length, now: now) == .zero)
            now = now + .milliseconds(50)
        }
    }
}
