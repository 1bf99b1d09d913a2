/// What a chunk is for (RFC 9260 §3.2, RFC 3758, RFC 6525).
public struct SCTPChunkType: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    public static let data = Self(rawValue: 0)
    public static let initiation = Self(rawValue: 1)
    public static let initiationAck = Self(rawValue: 2)
    public static let sack = Self(rawValue: 3)
    public static let heartbeat = Self(rawValue: 4)
    public static let heartbeatAck = Self(rawValue: 5)
    public static let abort = Self(rawValue: 6)
    public static let shutdown = Self(rawValue: 7)
    public static let shutdownAck = Self(rawValue: 8)
    public static let error = Self(rawValue: 9)
    public static let cookieEcho = Self(rawValue: 10)
    public static let cookieAck = Self(rawValue: 11)
    public static let shutdownComplete = Self(rawValue: 14)
    public static let reconfiguration = Self(rawValue: 130)
    public static let forwardTSN = Self(rawValue: 192)

    /// Whether a receiver that does not know the type goes on with the next chunk (highest bit).
    public var isSkippedIfUnknown: Bool { rawValue & 0x80 != 0 }
    /// Whether a receiver that does not know the type reports it (second highest bit).
    public var isReportedIfUnknown: Bool { rawValue & 0x40 != 0 }
}

/// One chunk of a packet (RFC 9260 §3.2).
///
/// ```
/// |   Chunk Type  |  Chunk Flags  |         Chunk Length          |
/// |                          Chunk Value                          |
/// ```
public struct SCTPChunk: Hashable, Sendable {
    public var type: SCTPChunkType
    public var flags: UInt8
    /// Where the value lies in the packet, without header and padding.
    public var value: Range<Int>

    public init(type: SCTPChunkType, flags: UInt8, value: Range<Int>) {
        self.type = type
        self.flags = flags
        self.value = value
    }

    /// Header and value, without padding.
    public var bytes: Range<Int> { (value.lowerBound - Self.headerLength)..<value.upperBound }

    /// In bytes.
    public static let headerLength = 4
}

/// Walks the chunks of a packet.
public struct SCTPChunks: Sendable {
    private var offset = SCTPPacket.headerLength

    public init() {}

    /// Whether no chunk is left in `packet`.
    public func isAtEnd(of packet: RawSpan) -> Bool { offset >= packet.byteCount }

    /// The next chunk of `packet`, or `nil` after the last.
    ///
    /// The padding of the last chunk may be missing (RFC 9260 §3.2: receivers are lenient).
    public mutating func next(in packet: RawSpan) throws(SCTPParseError) -> SCTPChunk? {
        guard offset < packet.byteCount else { return nil }
        guard let type = packet.bigEndian(UInt8.self, at: offset),
            let flags = packet.bigEndian(UInt8.self, at: offset + 1),
            let length = packet.bigEndian(UInt16.self, at: offset + 2).map(Int.init),
            length >= SCTPChunk.headerLength, length <= packet.byteCount - offset
        else { throw SCTPParseError() }
        defer { offset += paddedLength(length) }
        return SCTPChunk(
            type: SCTPChunkType(rawValue: type),
            flags: flags,
            value: (offset + SCTPChunk.headerLength)..<(offset + length)
        )
    }
}

extension OutputRawSpan {
    /// Appends a chunk's header and returns where it starts, for ``finishSCTPChunk(from:)``.
    @_lifetime(self: copy self)
    public mutating func beginSCTPChunk(_ type: SCTPChunkType, flags: UInt8 = 0) -> Int {
        let start = byteCount
        append(bigEndian: type.rawValue)
        append(bigEndian: flags)
        append(bigEndian: UInt16(0))
        return start
    }

    /// Writes the length of the chunk or parameter that starts at `start`, and pads it to four bytes.
    @_lifetime(self: copy self)
    public mutating func finishSCTPChunk(from start: Int) {
        overwrite(bigEndian: UInt16(byteCount - start), at: start + 2)
        while byteCount % 4 != 0 { append(bigEndian: UInt8(0)) }
    }

    /// Appends a chunk without a value.
    @_lifetime(self: copy self)
    public mutating func appendEmptySCTPChunk(_ type: SCTPChunkType, flags: UInt8 = 0) {
        finishSCTPChunk(from: beginSCTPChunk(type, flags: flags))
    }
}

/// `length` rounded up to a multiple of four bytes.
func paddedLength(_ length: Int) -> Int { (length + 3) & ~3 }
