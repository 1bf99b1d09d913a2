public import Wire

/// Thins a stream with dependency descriptors out to one of its decode targets for one consumer (AV1 RTP
/// specification, Appendix A.7), and lets its frame numbers go on across switches between sources.
///
/// Set the targets at any time; call ``handle(_:isMarked:)`` for each packet in the order of arrival, once,
/// and ``numbers(of:isMarked:)`` for one that is sent again. Ask for a key frame while ``needsKeyFrame`` is
/// set. Call ``resynchronise()`` before the first packet of another source, which begins a key frame.
public struct AV1LayerFilter: Sendable {
    /// What becomes of a packet in the stream of the consumer.
    public struct Numbers: Hashable, Sendable {
        public var frameNumber: UInt16
        /// The decode targets that the consumer gets, a bit for each; `nil` if it has got all that the source
        /// makes since the last structure: once it was told of fewer, it goes on to be told.
        public var activeDecodeTargets: UInt32?
        /// The marker of the RTP header: whether the packet is the last one of its time.
        public var isMarked: Bool
    }

    /// The highest spatial layer wanted: 0…3.
    public var targetSpatialLayer = 3
    /// The highest temporal layer wanted: 0…7.
    public var targetTemporalLayer = 7

    /// Whether the target can only be reached by a key frame.
    public private(set) var needsKeyFrame = false

    private var structure: FrameDependencyStructure?
    private var active: UInt32 = 0
    private var delivered: UInt32 = 0
    /// Whether the consumer was told of fewer targets than the source makes.
    private var isRestricted = false
    /// The decode target forwarded now: an index into the structure's.
    private var current = 0
    /// A bit for each chain of which the consumer has every frame.
    private var intact: UInt32 = 0
    private var lastSpatialLayer = 0
    private var counter = PictureCounter()
    private var history = [Frame](repeating: Frame(), count: Self.memory)
    private var offset: UInt16?
    private var first = 0
    private var newest: UInt16

    private struct Frame {
        var number = Int.min
        var isForwarded = false
        /// The spatial layer whose end is that of all frames of the time.
        var limit = 0
    }

    public init(frameNumber: UInt16 = 0) {
        newest = frameNumber
    }

    /// The layers that are forwarded now; `nil` before the first key frame.
    public var currentLayers: (spatial: Int, temporal: Int)? {
        guard let structure, structure.decodeTargets.indices.contains(current) else { return nil }
        let target = structure.decodeTargets[current]
        return (target.spatialLayer, target.temporalLayer)
    }

    /// Another source, or the same one restarted, goes on with its next packet.
    public mutating func resynchronise() {
        structure = nil
        offset = nil
    }

    /// The numbers under which to forward a packet, or `nil` to leave it out: everything before the first key
    /// frame.
    ///
    /// - Parameter isMarked: The marker of its RTP header.
    public mutating func handle(_ descriptor: DependencyDescriptor, isMarked: Bool) -> Numbers? {
        if offset == nil {
            guard descriptor.structure != nil else { return nil }
            offset = newest &+ 1 &- descriptor.frameNumber
            first = Int(descriptor.frameNumber)
            counter = PictureCounter()
            for index in history.indices { history[index].number = .min }
        }
        let number = counter.extended(descriptor.frameNumber, bits: 16)
        let isNew = counter.note(number)
        // The packet with the structure may have been overtaken by others of its frame.
        if isNew || descriptor.structure != nil && number == counter.newest {
            takeOver(descriptor)
            let isForwarded = decide(number, descriptor.dependencies)
            remember(number, isForwarded)
            lastSpatialLayer = descriptor.dependencies.spatialLayer
            if isForwarded { newest = descriptor.frameNumber &+ (offset ?? 0) }
        } else if history[number & Self.slots].number != number {
            // A frame that newer ones have overtaken, which have decided about the target already.
            guard let last = counter.newest, number >= first, last - number < Self.memory else { return nil }
            remember(number, descriptor.dependencies.indication(current) != .notPresent)
        }
        return numbers(of: descriptor, isMarked: isMarked)
    }

    /// The numbers of a packet of a frame that was handled before, or `nil` if it was left out or is too long
    /// ago.
    public func numbers(of descriptor: DependencyDescriptor, isMarked: Bool) -> Numbers? {
        let number = counter.extended(descriptor.frameNumber, bits: 16)
        let frame = history[number & Self.slots]
        guard let offset, frame.number == number, frame.isForwarded else { return nil }
        return Numbers(
            frameNumber: descriptor.frameNumber &+ offset,
            activeDecodeTargets: isRestricted ? delivered : nil,
            isMarked: isMarked || descriptor.endsFrame && descriptor.dependencies.spatialLayer == frame.limit
        )
    }

    // MARK: Frames

    /// What the newest frame says of the stream.
    private mutating func takeOver(_ descriptor: DependencyDescriptor) {
        if let attached = descriptor.structure {
            structure = attached
            isRestricted = false
            intact = 0
            current = wantedTarget(attached, descriptor.activeDecodeTargets ?? attached.allDecodeTargets)
            needsKeyFrame = false
            lastSpatialLayer = Int.max
        }
        if let told = descriptor.activeDecodeTargets { active = told }
    }

    /// The newest frame: whether to forward it, after a switch to the target wanted if it allows one.
    private mutating func decide(_ number: Int, _ frame: FrameDependencies) -> Bool {
        guard let structure else { return false }
        for chain in 0..<structure.chains {
            let difference = frame.chainDifference(chain)
            if difference == 0 {
                intact |= 1 << UInt32(chain)
            } else if isLeftOut(number - difference) {
                intact &= ~(1 << UInt32(chain))
            }
        }
        // A frame that was left out is missing for ever; one that was lost may still come.
        let isDecodable = !frame.frameDifferences.contains { isLeftOut(number - $0) }
        let wanted = wantedTarget(structure, active)
        // All frames of one time go to the same target: its last one carries the marker.
        if wanted != current, frame.spatialLayer <= lastSpatialLayer {
            let allows: Bool
            if let chain = structure.decodeTargets[wanted].chain {
                allows = intact & 1 << UInt32(chain) != 0
            } else {
                allows =
                    frame.indication(wanted) == .switching && isDecodable
                    || isSubset(wanted, of: current, structure)
            }
            if allows { current = wanted }
        }
        needsKeyFrame = wanted != current
        delivered = deliveredTargets(structure)
        if delivered != active { isRestricted = true }
        return frame.indication(current) != .notPresent && isDecodable
    }

    /// The best of the `active` targets that the wanted layers allow, or else the least of them.
    private func wantedTarget(_ structure: FrameDependencyStructure, _ active: UInt32) -> Int {
        var best: Int?
        var least: Int?
        for (index, target) in structure.decodeTargets.enumerated() where active & 1 << UInt32(index) != 0 {
            let rank = target.spatialLayer << 4 | target.temporalLayer
            if rank < least.map({ rankOf($0, structure) }) ?? .max { least = index }
            guard target.spatialLayer <= targetSpatialLayer, target.temporalLayer <= targetTemporalLayer
            else { continue }
            if rank > best.map({ rankOf($0, structure) }) ?? -1 { best = index }
        }
        return best ?? least ?? 0
    }

    private func rankOf(_ index: Int, _ structure: FrameDependencyStructure) -> Int {
        structure.decodeTargets[index].spatialLayer << 4 | structure.decodeTargets[index].temporalLayer
    }

    /// Whether every kind of frame that the target `lesser` needs belongs to `other` as well.
    private func isSubset(_ lesser: Int, of other: Int, _ structure: FrameDependencyStructure) -> Bool {
        structure.templates.allSatisfy {
            $0.indication(lesser) == .notPresent || $0.indication(other) != .notPresent
        }
    }

    /// The active targets that are part of the current one.
    private func deliveredTargets(_ structure: FrameDependencyStructure) -> UInt32 {
        let highest = structure.decodeTargets[current]
        var delivered: UInt32 = 0
        for (index, target) in structure.decodeTargets.enumerated()
        where target.spatialLayer <= highest.spatialLayer && target.temporalLayer <= highest.temporalLayer {
            delivered |= 1 << UInt32(index)
        }
        return delivered & active
    }

    private mutating func remember(_ number: Int, _ isForwarded: Bool) {
        history[number & Self.slots] = Frame(
            number: number,
            isForwarded: isForwarded,
            limit: currentLayers?.spatial ?? 0
        )
    }

    private func isLeftOut(_ number: Int) -> Bool {
        let frame = history[number & Self.slots]
        return frame.number == number && !frame.isForwarded
    }

    /// Frames behind the newest that are remembered: a power of two, and more than chains look back.
    private static let memory = 512
    private static let slots = memory - 1
}
