extension TransportFeedback {
    /// Appends a feedback message about the packets from `base` on.
    ///
    /// - Parameters:
    ///   - arrivals: When each packet arrived on our clock, in order of sequence number; `nil` if it did not.
    ///     At least one has arrived; at most ``maximumCount`` are written, and fewer if two lie more than 8 s
    ///     apart.
    /// - Returns: How many packets the message covers.
    @discardableResult
    public static func write(
        _ arrivals: Span<Interval?>,
        base: SequenceNumber,
        feedbackCount: UInt8,
        from sender: UInt32,
        about media: UInt32,
        into out: inout OutputRawSpan
    ) -> Int {
        var first: Interval?
        for index in arrivals.indices where first == nil { first = arrivals[index] }
        guard let first else { return 0 }
        let reference = first.nanoseconds / 64_000_000
        let covered = coverage(arrivals, from: reference)

        let start = out.byteCount
        out.appendRTCPHeader(RTCPType.transportFeedback, count: RTCPType.transportWideCC, words: 0)
        out.append(bigEndian: sender)
        out.append(bigEndian: media)
        out.append(bigEndian: base.rawValue)
        out.append(bigEndian: UInt16(covered))
        out.append(bigEndian: UInt32(truncatingIfNeeded: reference) << 8 | UInt32(feedbackCount))

        // Two-bit status vectors: seven packets a chunk.
        var time = reference * 256
        for chunk in stride(from: 0, to: covered, by: 7) {
            var bits: UInt16 = 0xc000
            for position in 0..<7 where chunk + position < covered {
                guard let arrival = arrivals[chunk + position] else { continue }
                let delta = ticks(arrival) - time
                time += delta
                bits |= (0...255 ~= delta ? 1 : 2) << UInt16(2 * (6 - position))
            }
            out.append(bigEndian: bits)
        }
        time = reference * 256
        for index in 0..<covered {
            guard let arrival = arrivals[index] else { continue }
            let delta = ticks(arrival) - time
            time += delta
            if 0...255 ~= delta { out.append(UInt8(delta)) } else { out.append(bigEndian: Int16(delta)) }
        }
        while (out.byteCount - start) % 4 != 0 { out.append(0 as UInt8) }
        out.overwrite(bigEndian: UInt16((out.byteCount - start) / 4 - 1), at: start + 2)
        return covered
    }

    /// What one message of ours covers at most: it then fits in 1 200 bytes whatever the deltas.
    public static let maximumCount = 400

    /// How many of `arrivals` can be written: each delta has to fit in 16 bits.
    private static func coverage(_ arrivals: Span<Interval?>, from reference: Int64) -> Int {
        var time = reference * 256
        for index in 0..<min(arrivals.count, maximumCount) {
            guard let arrival = arrivals[index] else { continue }
            let delta = ticks(arrival) - time
            guard Int64(Int16.min)...Int64(Int16.max) ~= delta else { return index }
            time += delta
        }
        return min(arrivals.count, maximumCount)
    }

    /// 250 µs each.
    private static func ticks(_ time: Interval) -> Int64 { time.nanoseconds / 250_000 }
}
