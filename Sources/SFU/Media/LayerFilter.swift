internal import WebRTC
internal import Wire

/// Thins one encoding out to some of its layers for one consumer, as its codec has it.
///
/// A codec without layers passes through.
struct LayerFilter {
    /// What becomes of a packet.
    struct Verdict {
        var numbers: PayloadNumbers
        /// The marker of the RTP header.
        var isMarked: Bool
    }

    private var spatial = Int.max
    private var temporal = Int.max
    private var av1: AV1LayerFilter?
    private var vp8: VP8LayerFilter?
    private var vp9: VP9LayerFilter?

    /// Whether the target can only be reached by a key frame.
    var needsKeyFrame: Bool { vp9?.needsKeyFrame ?? av1?.needsKeyFrame ?? false }
    /// The layers that are forwarded now, of a stream that has as many; `nil` where the codec has none.
    var spatialLayer: Int? { vp9?.currentSpatialLayer ?? av1?.currentLayers?.spatial }
    var temporalLayer: Int? {
        vp8?.currentTemporalLayer ?? vp9?.currentTemporalLayer ?? av1?.currentLayers?.temporal
    }

    /// The highest layers wanted.
    mutating func setTarget(spatial: Int, temporal: Int) {
        self.spatial = spatial
        self.temporal = temporal
        av1?.targetSpatialLayer = min(spatial, 3)
        av1?.targetTemporalLayer = min(temporal, 7)
        vp8?.targetTemporalLayer = min(temporal, 3)
        vp9?.targetSpatialLayer = min(spatial, 7)
        vp9?.targetTemporalLayer = min(temporal, 7)
    }

    /// Another source goes on with its next packet, which begins a key frame.
    mutating func resynchronise() {
        av1?.resynchronise()
        vp8?.resynchronise()
        vp9?.resynchronise()
    }

    /// What becomes of a packet; `nil`: it is left out.
    mutating func handle(_ packet: ReceivedPacket, of stream: RTPStream) -> Verdict? {
        let isMarked = packet.header.isMarked
        switch packet.descriptor {
        case .none: return Verdict(numbers: .unchanged, isMarked: isMarked)
        case .av1:
            guard let descriptor = stream.dependencies?[packet.header.sequenceNumber] else { return nil }
            if av1 == nil {
                av1 = AV1LayerFilter(frameNumber: descriptor.frameNumber &- 1)
                setTarget(spatial: spatial, temporal: temporal)
            }
            return av1?.handle(descriptor, isMarked: isMarked).map {
                Verdict(numbers: .av1($0), isMarked: $0.isMarked)
            }
        case .vp8(let descriptor):
            if vp8 == nil {
                // Such that the first source's numbers stay what they are: nothing need be written until
                // frames are left out.
                vp8 = VP8LayerFilter(
                    pictureID: (descriptor.pictureID ?? 0) &- 1,
                    temporalBaseIndex: (descriptor.temporalBaseIndex ?? 0) &- 1
                )
                setTarget(spatial: spatial, temporal: temporal)
            }
            return vp8?.handle(descriptor).map {
                Verdict(numbers: PayloadNumbers($0, descriptor), isMarked: isMarked)
            }
        case .vp9(let descriptor):
            if vp9 == nil {
                vp9 = VP9LayerFilter(
                    pictureID: (descriptor.pictureID ?? 0) &- 1,
                    temporalBaseIndex: (descriptor.temporalBaseIndex ?? 0) &- 1
                )
                setTarget(spatial: spatial, temporal: temporal)
            }
            return vp9?.handle(descriptor, isMarked: isMarked).map {
                Verdict(numbers: PayloadNumbers($0, descriptor), isMarked: $0.isMarked)
            }
        }
    }

    /// The same of a packet that is sent again.
    func verdict(_ header: RTPHeader, in packet: RawSpan, of stream: RTPStream) -> Verdict? {
        let isMarked = header.isMarked
        switch stream.descriptor(of: header, in: packet) {
        case .none: return Verdict(numbers: .unchanged, isMarked: isMarked)
        case .av1:
            guard let descriptor = stream.dependencies?[header.sequenceNumber] else { return nil }
            return av1?.numbers(of: descriptor, isMarked: isMarked).map {
                Verdict(numbers: .av1($0), isMarked: $0.isMarked)
            }
        case .vp8(let descriptor):
            return vp8?.numbers(of: descriptor).map {
                Verdict(numbers: PayloadNumbers($0, descriptor), isMarked: isMarked)
            }
        case .vp9(let descriptor):
            return vp9?.numbers(of: descriptor, isMarked: isMarked).map {
                Verdict(numbers: PayloadNumbers($0, descriptor), isMarked: $0.isMarked)
            }
        }
    }
}
