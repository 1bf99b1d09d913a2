/// Tells the receiver to stop waiting for abandoned chunks (RFC 3758 §3.2).
///
/// ```
/// |                      New Cumulative TSN                       |
/// |         Stream-1              |       Stream Sequence-1       |
/// |                               …                               |
/// ```
public struct SCTPForwardTSN: Hashable, Sendable {
    /// The last sequence number abandoned on an ordered stream.
    public struct Skip: Hashable, Sendable {
        public var stream: UInt16
        public var streamSequence: SequenceNumber

        public init(stream: UInt16, streamSequence: SequenceNumber) {
            self.stream = stream
            self.streamSequence = streamSequence
        }
    }

    public var cumulativeTSN: TSN
    public var skipCount: Int

    private var skips: Int

    public init(_ chunk: SCTPChunk, in packet: RawSpan) throws(SCTPParseError) {
        guard chunk.value.count >= 4, chunk.value.count % 4 == 0,
            let cumulativeTSN = packet.bigEndian(UInt32.self, at: chunk.value.lowerBound)
        else { throw SCTPParseError() }
        self.cumulativeTSN = TSN(cumulativeTSN)
        skips = chunk.value.lowerBound + 4
        skipCount = (chunk.value.count - 4) / 4
    }

    /// - Parameter index: Less than ``skipCount``.
    public func skip(at index: Int, in packet: RawSpan) -> Skip? {
        guard let stream = packet.bigEndian(UInt16.self, at: skips + 4 * index),
            let sequence = packet.bigEndian(UInt16.self, at: skips + 4 * index + 2)
        else { return nil }
        return Skip(stream: stream, streamSequence: SequenceNumber(sequence))
    }

    public static func write(cumulativeTSN: TSN, skips: [Skip], into out: inout OutputRawSpan) {
        let start = out.beginSCTPChunk(.forwardTSN)
        out.append(bigEndian: cumulativeTSN.rawValue)
        for skip in skips {
            out.append(bigEndian: skip.stream)
            out.append(bigEndian: skip.streamSequence.rawValue)
        }
        out.finishSCTPChunk(from: start)
    }

    /// Bytes of the chunk without skips; each of them takes four more.
    public static let minimumLength = SCTPChunk.headerLength + 4
}
