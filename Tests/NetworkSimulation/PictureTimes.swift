package import Participant
package import Wire

/// When a viewer saw new pictures: each frame once all of its packets are there and all frames before it,
/// since the last key frame, are too.
package struct PictureTimes {
    package private(set) var times: [Instant] = []

    package init(_ arrivals: [ReceivedStream.Arrival]) {
        var frames: [Int: (count: Int, expected: Int, isKeyFrame: Bool)] = [:]
        var shown = -1
        for arrival in arrivals {
            guard let stamp = arrival.stamp else { continue }
            let number = Int(stamp.frame)
            guard number > shown else { continue }
            var frame = frames[number] ?? (0, Int(stamp.count), stamp.isKeyFrame)
            frame.count += 1
            frames[number] = frame
            guard frame.count == frame.expected else { continue }
            if frame.isKeyFrame { show(number, &shown, &frames, at: arrival.at) }
            while let next = frames[shown + 1], next.count == next.expected {
                show(shown + 1, &shown, &frames, at: arrival.at)
            }
        }
    }

    private mutating func show(
        _ number: Int,
        _ shown: inout Int,
        _ frames: inout [Int: (count: Int, expected: Int, isKeyFrame: Bool)],
        at now: Instant
    ) {
        for old in shown..<number where old >= 0 { frames[old] = nil }
        shown = number
        times.append(now)
    }

    /// The longest time without a new picture between two instants.
    package func longestFreeze(from start: Instant, to end: Instant) -> Interval {
        var last = start
        var longest = Interval.zero
        for time in times where time > start && time <= end {
            longest = max(longest, time - last)
            last = time
        }
        return max(longest, end - last)
    }

    /// Pictures between two instants.
    package func count(from start: Instant, to end: Instant) -> Int {
        times.count { $0 > start && $0 <= end }
    }

    /// How long after `start` a new picture came; `nil`: none did.
    package func recovery(after start: Instant) -> Interval? {
        times.first { $0 > start }.map { $0 - start }
    }
}
