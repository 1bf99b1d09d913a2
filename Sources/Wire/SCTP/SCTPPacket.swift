/// The bytes are not a valid SCTP packet, chunk or parameter.
public struct SCTPParseError: Error, Hashable, Sendable {
    public init() {}
}

/// The common header of an SCTP packet (RFC 9260 §3.1).
///
/// ```
/// |     Source Port Number        |     Destination Port Number   |
/// |                      Verification Tag                         |
/// |                           Checksum                            |
/// ```
public struct SCTPPacket: Hashable, Sendable {
    public var sourcePort: UInt16
    public var destinationPort: UInt16
    public var verificationTag: UInt32

    public init(sourcePort: UInt16, destinationPort: UInt16, verificationTag: UInt32) {
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.verificationTag = verificationTag
    }

    /// Reads the header and verifies the checksum; the chunks are read by ``SCTPChunks``.
    public init(parsing packet: RawSpan) throws(SCTPParseError) {
        guard packet.byteCount >= Self.headerLength,
            let sourcePort = packet.bigEndian(UInt16.self, at: 0),
            let destinationPort = packet.bigEndian(UInt16.self, at: 2),
            let verificationTag = packet.bigEndian(UInt32.self, at: 4),
            // The checksum alone travels with its least significant byte first (RFC 9260 Appendix A).
            packet.bigEndian(UInt32.self, at: 8)?.byteSwapped == CRC32c.checksum(ofPacket: packet)
        else { throw SCTPParseError() }
        self.init(sourcePort: sourcePort, destinationPort: destinationPort, verificationTag: verificationTag)
    }

    /// Appends the header with an empty checksum to `out`, which is empty; ``seal(_:)`` completes the packet.
    public func write(into out: inout OutputRawSpan) {
        out.append(bigEndian: sourcePort)
        out.append(bigEndian: destinationPort)
        out.append(bigEndian: verificationTag)
        out.append(bigEndian: UInt32(0))
    }

    /// Writes the checksum of the finished packet, which is all that `packet` holds.
    public static func seal(_ packet: inout OutputRawSpan) {
        packet.overwrite(bigEndian: CRC32c.checksum(ofPacket: packet.bytes).byteSwapped, at: 8)
    }

    /// In bytes.
    public static let headerLength = 12
}
