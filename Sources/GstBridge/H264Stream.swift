internal import Wire

/// The desk as H.264: what the encoder makes, and between its pictures patches of our own (``PatchEncoder``).
///
/// Give it each picture of the encoder by ``units(of:date:)``, and ask for a ``patch(_:since:in:)`` where little has changed.
struct H264Stream {
    /// When the encoder's last picture was captured.
    private(set) var lastPicture: Instant?

    private var headers = H264Headers()
    private var patches = PatchEncoder()
    /// `frame_num` of the encoder's last picture.
    private var frameNumber = 0
    /// The number of the last picture.
    private var order = 0
    /// Of the last patch since the encoder's last picture.
    private var patchBytes = 0

    /// The NAL units to send of one picture of the encoder, a byte stream.
    mutating func units(of picture: UnsafeRawBufferPointer, date: Instant?) -> [[UInt8]] {
        lastPicture = date
        patchBytes = 0
        var isNumbered = false
        return NALUnit.ranges(in: picture).compactMap { range in
            guard let first = picture[range].first else { return nil }
            let unit = UnsafeRawBufferPointer(rebasing: picture[range])
            switch first & 0x1f {
            case Self.sequenceParameterSet:
                return NALUnit.escaped(headers.rewriteSequence(NALUnit.payload(of: unit)))
            case Self.pictureParameterSet:
                headers.read(pictureParameterSet: NALUnit.payload(of: unit))
                return Array(unit)
            case Self.keyFrame, Self.slice:
                // Of several slices all have the number of their picture.
                if !isNumbered { order = first & 0x1f == Self.keyFrame ? 0 : order + 2 }
                isNumbered = true
                return slice(unit)
            default:
                // Words of the encoder about itself.
                return nil
            }
        }
    }

    /// The NAL unit of a picture that differs from the encoder's last one in `rects`; `nil` if it is the encoder's business.
    mutating func patch(_ frame: I420Frame, since reference: I420Frame, in rects: [PixelRect]) -> [UInt8]? {
        // Each says all that is new since the encoder's last picture: they grow.
        guard headers.isKnown, patchBytes < Self.largestPatch else { return nil }
        let next = (frameNumber + 1) & ((1 << headers.frameNumberBits) - 1)
        let unit = patches.encode(
            frame,
            since: reference,
            in: rects,
            headers,
            frameNumber: next,
            order: order + 2
        )
        if let unit {
            order += 2
            patchBytes = unit.count
        }
        return unit
    }

    private mutating func slice(_ unit: UnsafeRawBufferPointer) -> [UInt8] {
        guard headers.isKnown else { return Array(unit) }
        let (payload, number) = headers.rewriteSlice(NALUnit.payload(of: unit), order: order)
        frameNumber = number
        return NALUnit.escaped(payload)
    }

    /// Whether a key frame begins with one of these.
    static func startsKeyFrame(_ units: [[UInt8]]) -> Bool {
        units.contains { $0.first.map { $0 & 0x1f } == sequenceParameterSet }
    }

    /// The payloads of the packets that carry these NAL units (RFC 6184 §5.6 to §5.8), each of at most `limit` bytes: what is
    /// small goes together, what is large in parts.
    static func payloads(of units: [[UInt8]], limit: Int) -> [[UInt8]] {
        var payloads: [[UInt8]] = []
        var together: [[UInt8]] = []
        func close() {
            if together.count > 1 {
                let importance = together.map { $0[0] & 0x60 }.max() ?? 0
                payloads.append(
                    together.reduce(into: [importance | aggregation]) { payload, unit in
                        payload += [UInt8(unit.count >> 8), UInt8(unit.count & 0xff)] + unit
                    }
                )
            } else if let unit = together.first {
                payloads.append(unit)
            }
            together = []
        }
        for unit in units where !unit.isEmpty {
            if 1 + together.reduce(2 + unit.count, { $0 + 2 + $1.count }) > limit { close() }
            if unit.count <= limit {
                together.append(unit)
                continue
            }
            close()
            var rest = unit[1...]
            var isFirst = true
            while !rest.isEmpty {
                let part = rest.prefix(limit - 2)
                rest = rest.dropFirst(part.count)
                let header = unit[0] & 0x1f | (isFirst ? 0x80 : 0) | (rest.isEmpty ? 0x40 : 0)
                payloads.append([unit[0] & 0x60 | fragmentation, header] + part)
                isFirst = false
            }
        }
        close()
        return payloads
    }

    /// Bytes: with the next one it is more than a packet.
    private static let largestPatch = 900
    private static let slice: UInt8 = 1
    private static let keyFrame: UInt8 = 5
    private static let sequenceParameterSet: UInt8 = 7
    private static let pictureParameterSet: UInt8 = 8
    private static let aggregation: UInt8 = 24
    private static let fragmentation: UInt8 = 28
}
