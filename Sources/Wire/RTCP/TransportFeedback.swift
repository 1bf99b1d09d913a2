/// Says when each packet of a transport arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
///
/// ```
/// |      base sequence number     |      packet status count      |
/// |                 reference time                | fb pkt. count |
/// |          packet chunk         |         packet chunk          |
/// |         …                     |  recv delta   |  recv delta   |
/// ```
/// The reference time counts 64 ms, a delta 250 µs.
public struct TransportFeedback: Hashable, Sendable {
    public var base: SequenceNumber
    /// How many packets are reported on, from ``base``.
    public var count: Int
    /// On the receiver's clock, modulo 2^24 × 64 ms.
    public var reference: Interval
    /// Counts feedback messages.
    public var feedbackCount: UInt8

    private let chunks: Range<Int>

    /// Reads the header of the message in `feedback`; its packets are read by ``forEachPacket(in:_:)``.
    public init(_ feedback: RTCPFeedback, in compound: RawSpan) throws(RTCPParseError) {
        let start = feedback.control.lowerBound
        guard feedback.control.count >= 8, let base = compound.bigEndian(UInt16.self, at: start),
            let count = compound.bigEndian(UInt16.self, at: start + 2),
            let word = compound.bigEndian(UInt32.self, at: start + 4)
        else { throw RTCPParseError() }
        self.base = SequenceNumber(base)
        self.count = Int(count)
        // 24 bits, signed.
        reference = .milliseconds(64) * Int64(Int32(bitPattern: word) >> 8)
        feedbackCount = UInt8(truncatingIfNeeded: word)
        chunks = (start + 8)..<feedback.control.upperBound
    }

    /// Calls `body` with each packet in order: when it arrived on the receiver's clock, or `nil` if it did
    /// not.
    public func forEachPacket(
        in compound: RawSpan,
        _ body: (SequenceNumber, Interval?) -> Void
    ) throws(RTCPParseError) {
        // The deltas follow the chunks, so the chunks are walked once to find their end.
        var deltaOffset = chunks.lowerBound
        var left = count
        while left > 0 {
            guard deltaOffset + 2 <= chunks.upperBound,
                let chunk = compound.bigEndian(UInt16.self, at: deltaOffset)
            else { throw RTCPParseError() }
            let length = Self.length(of: chunk)
            guard length > 0 else { throw RTCPParseError() }
            left -= length
            deltaOffset += 2
        }

        var offset = chunks.lowerBound
        var index = 0
        var time = reference
        while index < count, let chunk = compound.bigEndian(UInt16.self, at: offset) {
            offset += 2
            for position in 0..<min(Self.length(of: chunk), count - index) {
                let number = base.advanced(by: index)
                index += 1
                switch Self.symbol(at: position, of: chunk) {
                case 1:
                    guard deltaOffset < chunks.upperBound,
                        let delta = compound.bigEndian(UInt8.self, at: deltaOffset)
                    else { throw RTCPParseError() }
                    deltaOffset += 1
                    time = time + .microseconds(250) * Int64(delta)
                    body(number, time)
                case 2:
                    guard deltaOffset + 2 <= chunks.upperBound,
                        let delta = compound.bigEndian(Int16.self, at: deltaOffset)
                    else { throw RTCPParseError() }
                    deltaOffset += 2
                    time = time + .microseconds(250) * Int64(delta)
                    body(number, time)
                default:
                    body(number, nil)
                }
            }
        }
    }

    /// How many packets a chunk speaks of.
    private static func length(of chunk: UInt16) -> Int {
        if chunk & 0x8000 == 0 { return Int(chunk & 0x1fff) }
        return chunk & 0x4000 == 0 ? 14 : 7
    }

    /// 0: not received; 1: small delta; 2: large delta.
    private static func symbol(at position: Int, of chunk: UInt16) -> UInt16 {
        if chunk & 0x8000 == 0 { return chunk >> 13 & 3 }
        if chunk & 0x4000 == 0 { return chunk >> UInt16(13 - position) & 1 }
        return chunk >> UInt16(2 * (6 - position)) & 3
    }
}
