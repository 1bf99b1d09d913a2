/// Asks for packets again (RFC 4585 §6.2.1).
///
/// ```
/// |            PID                |             BLP               |
/// ```
/// PID is a lost packet; bit n of BLP says that PID+n+1 is lost too.
public enum GenericNACK {
    /// Calls `body` with each lost packet's number; `body` is not called for more than 17 packets an item.
    public static func forEachLost(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        _ body: (SequenceNumber) -> Void
    ) throws(RTCPParseError) {
        guard feedback.control.count % 4 == 0, !feedback.control.isEmpty else { throw RTCPParseError() }
        var offset = feedback.control.lowerBound
        while offset < feedback.control.upperBound, let item = compound.bigEndian(UInt32.self, at: offset) {
            let first = SequenceNumber(UInt16(truncatingIfNeeded: item >> 16))
            body(first)
            for bit in 0..<16 where item & 1 << bit != 0 { body(first.advanced(by: bit + 1)) }
            offset += 4
        }
    }

    /// Appends one message that asks for every number of `lost`, which is in ascending order.
    public static func write(
        _ lost: Span<SequenceNumber>,
        from sender: UInt32,
        about media: UInt32,
        into out: inout OutputRawSpan
    ) {
        guard !lost.isEmpty else { return }
        let start = out.byteCount
        out.appendRTCPHeader(RTCPType.transportFeedback, count: RTCPType.genericNACK, words: 0)
        out.append(bigEndian: sender)
        out.append(bigEndian: media)
        var index = 0
        while index < lost.count {
            let first = lost[index]
            var mask: UInt16 = 0
            index += 1
            while index < lost.count, case let distance = first.distance(to: lost[index]), 1...16 ~= distance
            {
                mask |= 1 << (distance - 1)
                index += 1
            }
            out.append(bigEndian: first.rawValue)
            out.append(bigEndian: mask)
        }
        out.overwrite(bigEndian: UInt16((out.byteCount - start) / 4 - 1), at: start + 2)
    }
}
