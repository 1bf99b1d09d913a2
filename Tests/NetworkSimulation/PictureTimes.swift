package import Participant
package import Wire

/// When a viewer saw new pictures: each frame once all of its packets are there and all frames before it,
/// since the last key frame, are too.
package struct PictureTimes {
    package private(set) var times: [Instant] = []

    /// What has come of one encoding.
    private struct Encoding {
        var frames: [Int: (count: Int, expected: Int, isKeyFrame: Bool)] = [:]
        var shown = -1

        mutating func show(_ number: Int) {
            for old in max(0, shown)..<max(number, max(0, shown)) { frames[old] = nil }
            shown = number
        }
    }

    package init(_ arrivals: [ReceivedStream.Arrival]) {
        var encodings: [UInt8: Encoding] = [:]
        var current: UInt8?
        for arrival in arrivals {
            guard let stamp = arrival.stamp else { continue }
            let number = Int(stamp.frame)
            var encoding = encodings[stamp.encoding] ?? Encoding()
            defer { encodings[stamp.encoding] = encoding }
            guard number > encoding.shown else { continue }
            var frame = encoding.frames[number] ?? (0, Int(stamp.count), stamp.isKeyFrame)
            frame.count += 1
            encoding.frames[number] = frame
            guard frame.count == frame.expected else { continue }
            if frame.isKeyFrame {
                current = stamp.encoding
                encoding.show(number)
                times.append(arrival.at)
            }
            guard current == stamp.encoding else { continue }
            while let next = encoding.frames[encoding.shown + 1], next.count == next.expected {
                encoding.show(encoding.shown + 1)
                times.append(arrival.at)
            }
        }
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
