internal import Wire

/// What the room asks of a desk stream, in a compound RTCP packet (RFC 3550 §6.1).
///
/// The desk answers nothing else: retransmission, reports and bandwidth are the room's work.
package struct RTCPFeedback: Hashable, Sendable {
    /// Picture loss indications (RFC 4585 §6.3.1) and full intra requests (RFC 5104 §4.3.1).
    package var keyFrameRequests = 0

    /// Counts the requests for the stream `ssrc`.
    ///
    /// - Throws: ``Malformed`` if a packet's length runs past the end, or its version is not 2.
    package init(parsing bytes: RawSpan, for ssrc: UInt32) throws(Malformed) {
        do {
            try self.init(reading: bytes, for: ssrc)
        } catch {
            throw Malformed()
        }
    }

    package struct Malformed: Error, Hashable, Sendable {}

    private init(reading bytes: RawSpan, for ssrc: UInt32) throws {
        var reader = WireReader(bytes)
        while reader.remaining > 0 {
            let start = reader.offset
            let flags: UInt8 = try reader.read()
            let type: UInt8 = try reader.read()
            let length: UInt16 = try reader.read()
            guard flags >> 6 == 2 else { throw Malformed() }
            let body = try reader.skip(Int(length) * 4)
            guard type == Self.payloadSpecificFeedback else { continue }
            switch flags & 0x1f {
            case 1 where bytes.bigEndian(UInt32.self, at: start + 8) == ssrc && body.count >= 8:
                keyFrameRequests += 1
            case 4:
                // FCI entries of 8 bytes after both SSRCs: the stream that is asked, and a sequence number.
                for entry in stride(from: body.lowerBound + 8, through: body.upperBound - 8, by: 8)
                where bytes.bigEndian(UInt32.self, at: entry) == ssrc {
                    keyFrameRequests += 1
                }
            default:
                break
            }
        }
    }

    private static let payloadSpecificFeedback: UInt8 = 206
}
