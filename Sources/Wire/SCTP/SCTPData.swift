/// A fragment of a user message (RFC 9260 §3.3.1).
///
/// ```
/// |   Type = 0    |  Res  |I|U|B|E|           Length              |
/// |                              TSN                              |
/// |      Stream Identifier S      |   Stream Sequence Number n    |
/// |                  Payload Protocol Identifier                  |
/// |                           User Data                           |
/// ```
public struct SCTPData: Hashable, Sendable {
    public var tsn: TSN
    public var stream: UInt16
    /// Meaningless if the message is unordered.
    public var streamSequence: SequenceNumber
    public var payloadProtocol: UInt32
    /// First fragment (B).
    public var isBeginning: Bool
    /// Last fragment (E).
    public var isEnding: Bool
    public var isUnordered: Bool
    /// The sender asks for a SACK without delay (I).
    public var isUrgent: Bool

    public init(
        tsn: TSN,
        stream: UInt16,
        streamSequence: SequenceNumber,
        payloadProtocol: UInt32,
        isBeginning: Bool,
        isEnding: Bool,
        isUnordered: Bool,
        isUrgent: Bool
    ) {
        self.tsn = tsn
        self.stream = stream
        self.streamSequence = streamSequence
        self.payloadProtocol = payloadProtocol
        self.isBeginning = isBeginning
        self.isEnding = isEnding
        self.isUnordered = isUnordered
        self.isUrgent = isUrgent
    }

    /// The user data follow the fixed fields: ``userData(of:)``.
    public init(_ chunk: SCTPChunk, in packet: RawSpan) throws(SCTPParseError) {
        let start = chunk.value.lowerBound
        guard chunk.value.count >= Self.fixedLength,
            let tsn = packet.bigEndian(UInt32.self, at: start),
            let stream = packet.bigEndian(UInt16.self, at: start + 4),
            let streamSequence = packet.bigEndian(UInt16.self, at: start + 6),
            let payloadProtocol = packet.bigEndian(UInt32.self, at: start + 8)
        else { throw SCTPParseError() }
        self.init(
            tsn: TSN(tsn),
            stream: stream,
            streamSequence: SequenceNumber(streamSequence),
            payloadProtocol: payloadProtocol,
            isBeginning: chunk.flags & Self.beginning != 0,
            isEnding: chunk.flags & Self.ending != 0,
            isUnordered: chunk.flags & Self.unordered != 0,
            isUrgent: chunk.flags & Self.urgent != 0
        )
    }

    /// Where the user data of a DATA chunk lie in the packet; empty in a chunk that breaks the protocol.
    public static func userData(of chunk: SCTPChunk) -> Range<Int> {
        min(chunk.value.lowerBound + fixedLength, chunk.value.upperBound)..<chunk.value.upperBound
    }

    public func write(_ userData: RawSpan, into out: inout OutputRawSpan) {
        var flags: UInt8 = 0
        if isEnding { flags |= Self.ending }
        if isBeginning { flags |= Self.beginning }
        if isUnordered { flags |= Self.unordered }
        if isUrgent { flags |= Self.urgent }
        let start = out.beginSCTPChunk(.data, flags: flags)
        out.append(bigEndian: tsn.rawValue)
        out.append(bigEndian: stream)
        out.append(bigEndian: streamSequence.rawValue)
        out.append(bigEndian: payloadProtocol)
        out.append(copying: userData)
        out.finishSCTPChunk(from: start)
    }

    /// Bytes that a chunk needs beside its user data, without padding.
    public static let overhead = SCTPChunk.headerLength + fixedLength

    private static let fixedLength = 12
    private static let ending: UInt8 = 0x01
    private static let beginning: UInt8 = 0x02
    private static let unordered: UInt8 = 0x04
    private static let urgent: UInt8 = 0x08
}
