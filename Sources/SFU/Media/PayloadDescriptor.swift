internal import Wire

/// What a packet's payload says of the layer and frame that it belongs to.
enum PayloadDescriptor {
    /// Nothing, or nothing that matters for forwarding.
    case none
    /// It is in the packet's header: see ``RTPStream/dependencies``.
    case av1
    case vp8(VP8PayloadDescriptor)
    case vp9(VP9PayloadDescriptor)

    init(_ codec: RTPCodec, _ payload: RawSpan) {
        switch codec {
        case .vp8: self = VP8PayloadDescriptor(payload).map { .vp8($0) } ?? .none
        case .vp9: self = VP9PayloadDescriptor(payload).map { .vp9($0) } ?? .none
        case .av1, .h264, .opus, .red, .rtx: self = .none
        }
    }

    /// 0 if it is not told.
    var temporalLayer: Int {
        switch self {
        case .none, .av1: 0
        case .vp8(let descriptor): Int(descriptor.temporalLayer ?? 0)
        case .vp9(let descriptor): Int(descriptor.temporalLayer ?? 0)
        }
    }

    /// 0 if it is not told.
    var spatialLayer: Int {
        if case .vp9(let descriptor) = self { Int(descriptor.spatialLayer ?? 0) } else { 0 }
    }

    /// Whether a key frame begins in `payload`, which this was read from.
    func startsKeyFrame(_ codec: RTPCodec, _ payload: RawSpan) -> Bool {
        switch codec {
        // N: the first packet of a coded video sequence (AV1 RTP specification §4.4).
        case .av1: payload.bigEndian(UInt8.self, at: 0).map { $0 & 0x08 != 0 } ?? false
        case .h264: H264Payload.startsKeyFrame(payload)
        case .opus, .red, .rtx: true
        case .vp8, .vp9:
            switch self {
            case .none, .av1: false
            case .vp8(let descriptor): descriptor.startsKeyFrame
            case .vp9(let descriptor): descriptor.startsKeyFrame
            }
        }
    }
}
