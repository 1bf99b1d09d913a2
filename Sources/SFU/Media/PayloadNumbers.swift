package import WebRTC
package import Wire

/// What is written into a payload for one consumer: the numbers that differ from those it came with.
package enum PayloadNumbers {
    /// The payload goes out as it came.
    case unchanged
    /// They are in the header.
    case av1(AV1LayerFilter.Numbers)
    /// Redundant audio, whose blocks have another payload type there; or of which the primary block goes out
    /// alone.
    case red(payloadType: UInt8, isWhole: Bool)
    case vp8(VP8FrameNumbers, VP8PayloadDescriptor)
    case vp9(VP9FrameNumbers, VP9PayloadDescriptor)

    init(_ numbers: VP8FrameNumbers, _ descriptor: VP8PayloadDescriptor) {
        let isSame =
            descriptor.pictureID.map {
                $0 == numbers.pictureID & (descriptor.isLongPictureID ? 0x7fff : 0x7f)
            } ?? true
            && descriptor.temporalBaseIndex ?? numbers.temporalBaseIndex == numbers.temporalBaseIndex
            && descriptor.keyIndex ?? numbers.keyIndex == numbers.keyIndex
        self = isSame ? .unchanged : .vp8(numbers, descriptor)
    }

    init(_ numbers: VP9FrameNumbers, _ descriptor: VP9PayloadDescriptor) {
        let isSame =
            descriptor.pictureID.map {
                $0 == numbers.pictureID & (descriptor.isLongPictureID ? 0x7fff : 0x7f)
            } ?? true
            && descriptor.temporalBaseIndex ?? numbers.temporalBaseIndex == numbers.temporalBaseIndex
        self = isSame ? .unchanged : .vp9(numbers, descriptor)
    }

    /// Whether the payload goes out as it came.
    var isUnchanged: Bool {
        switch self {
        case .unchanged, .av1: true
        case .red, .vp8, .vp9: false
        }
    }

    /// Whether they are in the dependency descriptor.
    @inline(__always)
    var isDescribed: Bool {
        if case .av1 = self { true } else { false }
    }

    /// Appends `payload` with these numbers in it.
    func write(_ payload: RawSpan, into out: inout OutputRawSpan) {
        switch self {
        case .unchanged, .av1: out.append(copying: payload)
        case .red(let type, isWhole: true): RedundantAudio.write(payload, payloadType: type, into: &out)
        case .red(_, isWhole: false):
            // Of what cannot be read nothing goes out.
            if let audio = RedundantAudio(payload) {
                out.append(copying: payload.extracting(audio.primary.data))
            }
        case .vp8(let numbers, let descriptor): numbers.write(payload, descriptor, into: &out)
        case .vp9(let numbers, let descriptor): numbers.write(payload, descriptor, into: &out)
        }
    }
}
