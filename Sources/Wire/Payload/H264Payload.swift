/// Tells key frames in RTP payloads that carry H.264 (RFC 6184).
public enum H264Payload {
    /// Whether a key frame begins in `payload`: it carries, or starts, a sequence parameter set.
    ///
    /// Not an IDR slice: a frame may have several, and a decoder that starts anew needs the parameter sets,
    /// which WebRTC senders repeat in front of every IDR frame. Looks at a single NAL unit, every unit of a
    /// STAP-A, and the first fragment of a FU-A.
    public static func startsKeyFrame(_ payload: RawSpan) -> Bool {
        guard let indicator = payload.bigEndian(UInt8.self, at: 0) else { return false }
        switch indicator & 0x1f {
        case sequenceParameterSet: return true
        case aggregation:
            var offset = 1
            while let length = payload.bigEndian(UInt16.self, at: offset),
                let unit = payload.bigEndian(UInt8.self, at: offset + 2), length > 0
            {
                if unit & 0x1f == sequenceParameterSet { return true }
                offset += 2 + Int(length)
            }
            return false
        case fragmentation:
            guard let header = payload.bigEndian(UInt8.self, at: 1), header & 0x80 != 0 else { return false }
            return header & 0x1f == sequenceParameterSet
        default: return false
        }
    }

    private static let sequenceParameterSet: UInt8 = 7
    private static let aggregation: UInt8 = 24
    private static let fragmentation: UInt8 = 28
}
