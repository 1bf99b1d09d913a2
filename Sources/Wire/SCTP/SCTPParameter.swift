/// A parameter of a chunk, or a cause of an error, which look alike (RFC 9260 §3.2.1, §3.3.10).
///
/// ```
/// |        Parameter Type         |       Parameter Length        |
/// |                        Parameter Value                        |
/// ```
public struct SCTPParameter: Hashable, Sendable {
    public var type: UInt16
    /// Where the value lies in the packet, without header and padding.
    public var value: Range<Int>

    /// Header and value, without padding.
    public var bytes: Range<Int> { (value.lowerBound - 4)..<value.upperBound }

    /// Whether a receiver that does not know the type goes on with the next parameter (highest bit).
    public var isSkippedIfUnknown: Bool { type & 0x8000 != 0 }
    /// Whether a receiver that does not know the type reports it (second highest bit).
    public var isReportedIfUnknown: Bool { type & 0x4000 != 0 }
}

/// Walks the parameters, or causes, in a part of a packet.
public struct SCTPParameterList: Sendable {
    private var remaining: Range<Int>

    public init(in range: Range<Int>) {
        remaining = range
    }

    public mutating func next(in packet: RawSpan) throws(SCTPParseError) -> SCTPParameter? {
        let start = remaining.lowerBound
        // Fewer than four bytes are the padding of the last parameter.
        guard remaining.count >= 4 else { return nil }
        guard let type = packet.bigEndian(UInt16.self, at: start),
            let length = packet.bigEndian(UInt16.self, at: start + 2).map(Int.init),
            length >= 4, length <= remaining.count
        else { throw SCTPParseError() }
        remaining = min(start + paddedLength(length), remaining.upperBound)..<remaining.upperBound
        return SCTPParameter(type: type, value: (start + 4)..<(start + length))
    }
}

extension OutputRawSpan {
    /// Appends a parameter's header and returns where it starts, for ``finishSCTPChunk(from:)``.
    @_lifetime(self: copy self)
    public mutating func beginSCTPParameter(_ type: UInt16) -> Int {
        let start = byteCount
        append(bigEndian: type)
        append(bigEndian: UInt16(0))
        return start
    }

    /// Finishes a chunk together with its last parameter, whose padding the chunk's length leaves out (RFC
    /// 9260 §3.2).
    @_lifetime(self: copy self)
    public mutating func finishSCTPChunk(from chunk: Int, withParameterFrom parameter: Int) {
        overwrite(bigEndian: UInt16(byteCount - parameter), at: parameter + 2)
        finishSCTPChunk(from: chunk)
    }

    /// Appends a whole parameter or cause.
    @_lifetime(self: copy self)
    public mutating func appendSCTPParameter(_ type: UInt16, copying value: RawSpan) {
        let start = beginSCTPParameter(type)
        append(copying: value)
        finishSCTPChunk(from: start)
    }
}
