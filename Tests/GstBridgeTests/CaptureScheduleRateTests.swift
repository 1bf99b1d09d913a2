import GstBridge
import Testing
import Wire

/// ``CaptureSchedule`` at 30 frames a second beside clients that draw steadily, in virtual time.
@Suite struct CaptureScheduleRateTests {
    @Test(arguments: [15, 24, 25, 29.97, 30], [0, 4, 10])
    func aSteadyClientIsSoonCapturedAsItDraws(framesPerSecond: Double, jitter: Double) {
        for seed in 0..<11 as Range<UInt64> {
            let client = Client(framesPerSecond: framesPerSecond, jitter: jitter, seed: seed)
            let captures = client.captures()
            let draws = client.draws.filter { $0 >= Self.steady }
            #expect(captures.count == draws.count, "phase \(seed)")
            let longestWait = zip(captures, draws).map { $0.time - $1 }.max() ?? .zero
            #expect(longestWait < .milliseconds(1), "phase \(seed)")
        }
    }

    @Test(arguments: [33, 40, 50, 60, 1_000], [0, 4, 10])
    func aClientThatDrawsMoreOftenIsCapturedAtMostATenthMoreOftenThanAskedFor(
        framesPerSecond: Double,
        jitter: Double
    ) {
        for seed in 0..<11 as Range<UInt64> {
            let client = Client(framesPerSecond: framesPerSecond, jitter: jitter, seed: seed)
            let captures = client.captures()
            let rate = Double(captures.count) / (Double((Client.end - Self.steady).nanoseconds) / 1e9)
            #expect((29.9...32.9).contains(rate), "phase \(seed): \(rate)")
            let fullest = captures.map { first in
                captures.count { $0.time >= first.time && $0.time < first.time + .seconds(1) }
            }
            #expect(fullest.max() ?? 0 <= 34, "phase \(seed)")
        }
    }

    @Test func aClientThatDrawsTwiceAsOftenIsSeenHalfADrawingLateWhateverItsPhase() {
        for seed in 0..<11 as Range<UInt64> {
            let client = Client(framesPerSecond: 60, jitter: 4, seed: seed)
            let ages = client.captures().map(\.age).sorted()
            #expect(ages[ages.count / 2] < .milliseconds(10), "phase \(seed)")
            #expect(ages[ages.count * 95 / 100] < .milliseconds(18), "phase \(seed)")
        }
    }

    @Test func eachPartOfAPictureDrawnInPartsIsSeenWithinTwoFramesAtABoundedRate() {
        for seed in 0..<11 as Range<UInt64> {
            let client = Client(framesPerSecond: 30, jitter: 4, parts: 5, seed: seed)
            let captures = client.captures()
            #expect(captures.count <= 34 * 8, "phase \(seed)")
            let draws = client.draws.filter { $0 >= Self.steady && $0 < Self.last }
            let seen = draws.compactMap { draw in captures.first { $0.time >= draw }.map { $0.time - draw } }
            #expect(seen.count == draws.count, "phase \(seed)")
            #expect(seen.max() ?? .zero < .milliseconds(31), "phase \(seed)")
        }
    }

    /// The clients begin at second 1; from here on what they found is over.
    private static let steady = Instant(nanoseconds: 2_000_000_000)
    /// What is drawn after this may not be seen before the end.
    private static let last = Instant(nanoseconds: 9_950_000_000)
}

/// Draws without pause for a second and more, so that no frame is to spare, and then steadily until ``end``.
private struct Client {
    private(set) var draws: [Instant] = []
    static let end = Instant(nanoseconds: 10_000_000_000)

    /// - Parameter jitter: Each drawing is late by up to so many milliseconds.
    /// - Parameter parts: How many drawings, 1.5 ms apart, make a picture.
    /// - Parameter seed: Also says at what phase the client begins: 3.1 ms later for each one.
    init(framesPerSecond: Double, jitter: Double, parts: Int = 1, seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for frame in 0... {
            let due = 1_000 + 3.1 * Double(seed) + Double(frame) * 1_000 / framesPerSecond
            let first = due + (jitter > 0 ? Double.random(in: 0...jitter, using: &random) : 0)
            for part in 0..<parts {
                draws.append(Instant(nanoseconds: Int64((first + 1.5 * Double(part)) * 1e6)))
            }
            if due >= 10_000 { break }
        }
        draws.removeAll { $0 >= Self.end }
    }

    /// The captures from second 2 on, and how old the newest drawing was that they show.
    func captures() -> [(time: Instant, age: Interval)] {
        var schedule = CaptureSchedule(framesPerSecond: 30)
        // A page that is loaded, say, until the steady drawing has begun.
        let before = (0..<1_200).map { Instant(nanoseconds: $0 * 1_000_000) }
        var waiting = (before + draws).sorted()[...]
        var captures: [(time: Instant, age: Interval)] = []
        var newest = Instant(nanoseconds: 0)
        var now = newest
        while let next = waiting.first {
            now = max(now, min(next, schedule.pollTimeout(now: now) ?? next))
            if next <= now {
                newest = next
                waiting.removeFirst()
                schedule.handleChange()
            }
            while let action = schedule.pollAction(now: now, isSettled: true) {
                guard action == .capture, now.nanoseconds >= 2_000_000_000 else { continue }
                captures.append((now, now - newest))
            }
        }
        return captures
    }
}
