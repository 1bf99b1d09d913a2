internal import Wire

extension CaptureStream {
    /// Whether the payload of an RTP packet is the beginning of a key frame; a truncated one is not.
    package func startsKeyFrame(_ payload: RawSpan) -> Bool {
        switch self {
        case .h264: Self.startsIDR(payload)
        case .opus: false
        case .vp8: Self.startsVP8KeyFrame(payload)
        }
    }

    /// RFC 6184 §5.4–5.8: an IDR slice alone, in a STAP-A, or as the first fragment of an FU-A.
    private static func startsIDR(_ payload: RawSpan) -> Bool {
        let idr: UInt8 = 5
        guard let indicator = payload.bigEndian(UInt8.self, at: 0) else { return false }
        switch indicator & 0x1f {
        case idr:
            return true
        case 24:
            var offset = 1
            while let length = payload.bigEndian(UInt16.self, at: offset) {
                if let header = payload.bigEndian(UInt8.self, at: offset + 2), header & 0x1f == idr {
                    return true
                }
                offset += 2 + Int(length)
            }
            return false
        case 28:
            guard let header = payload.bigEndian(UInt8.self, at: 1) else { return false }
            return header & 0x9f == 0x80 | idr
        default:
            return false
        }
    }

    /// RFC 7741 §4.2, §4.3: the start of the first partition, with the inverse key frame bit clear.
    private static func startsVP8KeyFrame(_ payload: RawSpan) -> Bool {
        guard let descriptor = payload.bigEndian(UInt8.self, at: 0), descriptor & 0x1f == 0x10 else {
            return false
        }
        var offset = 1
        if descriptor & 0x80 != 0 {
            guard let extensions = payload.bigEndian(UInt8.self, at: 1) else { return false }
            offset = 2
            if extensions & 0x80 != 0 {
                guard let pictureID = payload.bigEndian(UInt8.self, at: 2) else { return false }
                offset += pictureID & 0x80 != 0 ? 2 : 1
            }
            if extensions & 0x40 != 0 { offset += 1 }
            if extensions & 0x30 != 0 { offset += 1 }
        }
        return payload.bigEndian(UInt8.self, at: offset).map { $0 & 1 == 0 } ?? false
    }
}
