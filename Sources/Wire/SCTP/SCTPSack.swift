/// Says which DATA chunks have arrived (RFC 9260 §3.3.4).
///
/// ```
/// |                      Cumulative TSN Ack                       |
/// |          Advertised Receiver Window Credit (a_rwnd)           |
/// | Number of Gap Ack Blocks = N  |  Number of Duplicate TSNs = M |
/// |    Gap Ack Block #1 Start     |     Gap Ack Block #1 End      |
/// |                               …                               |
/// |                       Duplicate TSN #1                        |
/// ```
public struct SCTPSack: Hashable, Sendable {
    public var cumulativeTSN: TSN
    /// In bytes.
    public var receiverWindow: UInt32
    public var gapCount: Int
    public var duplicateCount: Int

    private var gaps: Int

    public init(_ chunk: SCTPChunk, in packet: RawSpan) throws(SCTPParseError) {
        let start = chunk.value.lowerBound
        guard chunk.value.count >= Self.fixedLength,
            let cumulativeTSN = packet.bigEndian(UInt32.self, at: start),
            let receiverWindow = packet.bigEndian(UInt32.self, at: start + 4),
            let gapCount = packet.bigEndian(UInt16.self, at: start + 8),
            let duplicateCount = packet.bigEndian(UInt16.self, at: start + 10),
            chunk.value.count >= Self.fixedLength + 4 * (Int(gapCount) + Int(duplicateCount))
        else { throw SCTPParseError() }
        self.cumulativeTSN = TSN(cumulativeTSN)
        self.receiverWindow = receiverWindow
        self.gapCount = Int(gapCount)
        self.duplicateCount = Int(duplicateCount)
        gaps = start + Self.fixedLength
    }

    /// The numbers of a gap block as distances from ``cumulativeTSN``, or `nil` if it runs backwards.
    ///
    /// - Parameter index: Less than ``gapCount``.
    public func gap(at index: Int, in packet: RawSpan) -> ClosedRange<Int>? {
        guard let start = packet.bigEndian(UInt16.self, at: gaps + 4 * index),
            let end = packet.bigEndian(UInt16.self, at: gaps + 4 * index + 2), 1 <= start, start <= end
        else { return nil }
        return Int(start)...Int(end)
    }

    /// Appends a SACK; `gaps` are distances from `cumulativeTSN`, ascending, at most 65,535.
    public static func write(
        cumulativeTSN: TSN,
        receiverWindow: UInt32,
        gaps: some Collection<ClosedRange<Int>>,
        duplicates: some Collection<TSN>,
        into out: inout OutputRawSpan
    ) {
        let start = out.beginSCTPChunk(.sack)
        out.append(bigEndian: cumulativeTSN.rawValue)
        out.append(bigEndian: receiverWindow)
        out.append(bigEndian: UInt16(gaps.count))
        out.append(bigEndian: UInt16(duplicates.count))
        for gap in gaps {
            out.append(bigEndian: UInt16(gap.lowerBound))
            out.append(bigEndian: UInt16(gap.upperBound))
        }
        for duplicate in duplicates { out.append(bigEndian: duplicate.rawValue) }
        out.finishSCTPChunk(from: start)
    }

    /// Bytes of a SACK without gaps and duplicates; each of them takes four more.
    public static let minimumLength = SCTPChunk.headerLength + fixedLength

    private static let fixedLength = 12
}
