public import Wire

/// Thins a VP9 stream out to some of its spatial and temporal layers for one consumer (RFC 9628 §3), and lets
/// its numbers go on across switches between sources.
///
/// Unlike VP8's, picture ids keep the gaps of pictures left out: references count them. Where the spatial
/// layers depend on one another in key pictures alone (K-SVC), the lower ones are left out of the other
/// pictures.
///
/// Set the targets at any time; call ``handle(_:isMarked:)`` for each packet in the order of arrival, once,
/// and ``numbers(of:isMarked:)`` for one that is sent again. Ask for a key frame while ``needsKeyFrame`` is
/// set. Call ``resynchronise()`` before the first packet of another source.
public struct VP9LayerFilter: Sendable {
    /// The highest spatial layer wanted.
    ///
    /// 0…7. Less takes effect with the next picture, unless the lower layers were left out before; more with
    /// the next key picture, or with the layer's first frame if the source only now adds it.
    public var targetSpatialLayer = 7
    /// The highest temporal layer wanted.
    ///
    /// 0…7. Less takes effect with the next picture, more at the next switching-up point.
    public var targetTemporalLayer = 7

    /// The spatial layer shown now.
    public private(set) var currentSpatialLayer = 0
    public private(set) var currentTemporalLayer = 0
    /// Whether the target can only be reached by a key picture, or the layer shown has ended.
    public private(set) var needsKeyFrame = false

    private var counter = PictureCounter()
    private var history = [Picture](repeating: Picture(), count: Self.memory)
    private var first = 0
    private var pictureOffset = 0
    private var temporalBaseOffset: UInt8?
    private var newest = VP9FrameNumbers(pictureID: 0, temporalBaseIndex: 0, isMarked: false)
    private var isSynchronised = false

    /// A bit for each spatial layer of which the consumer has every frame since one that stood for itself.
    private var intact: UInt8 = 0
    /// Whether the source sends layers above the one shown, which are left out.
    private var leavesOutHigher = false
    private var isKeySVC = false
    private var mayRaiseTemporal = false

    private struct Picture {
        var number = Int.min
        var isForwarded = false
        /// The layer whose end is the picture's.
        var limit = 0
        /// A bit for each spatial layer.
        var decided: UInt8 = 0
        var forwarded: UInt8 = 0
    }

    public init(pictureID: UInt16 = 0, temporalBaseIndex: UInt8 = 0) {
        newest.pictureID = pictureID
        newest.temporalBaseIndex = temporalBaseIndex
    }

    /// Another source, or the same one restarted, goes on with its next packet; it should begin a key frame.
    public mutating func resynchronise() {
        isSynchronised = false
    }

    /// The numbers under which to forward a packet, or `nil` to leave it out.
    ///
    /// - Parameter isMarked: The marker of its RTP header.
    public mutating func handle(_ descriptor: VP9PayloadDescriptor, isMarked: Bool) -> VP9FrameNumbers? {
        if !isSynchronised { takeOn(descriptor) }
        if temporalBaseOffset == nil, let index = descriptor.temporalBaseIndex {
            temporalBaseOffset = newest.temporalBaseIndex &+ 1 &- index
        }
        // Layers cannot be told apart into pictures without their ids: such a stream goes through as it is.
        guard let id = descriptor.pictureID else {
            newest = numbered(descriptor, newest.pictureID, isMarked)
            return newest
        }
        let number = counter.extended(id, bits: descriptor.isLongPictureID ? 15 : 7)
        let isNew = counter.note(number)
        if isNew {
            history[number & Self.slots] = begin(number, descriptor)
        } else if history[number & Self.slots].number != number {
            // A picture that newer ones have overtaken: forwarded if it belongs to the layers forwarded now.
            guard let last = counter.newest, number >= first, last - number < Self.memory else { return nil }
            let isForwarded = Int(descriptor.temporalLayer ?? 0) <= currentTemporalLayer
            history[number & Self.slots] = Picture(
                number: number,
                isForwarded: isForwarded,
                limit: currentSpatialLayer
            )
        }
        var picture = history[number & Self.slots]
        decide(descriptor, in: &picture)
        history[number & Self.slots] = picture
        if isMarked, number == counter.newest { end(picture, descriptor) }
        guard let numbers = numbers(of: descriptor, isMarked: isMarked) else { return nil }
        if isNew { newest = numbers }
        return numbers
    }

    /// The numbers of a packet of a frame that was handled before, or `nil` if it was left out or is too long
    /// ago.
    public func numbers(of descriptor: VP9PayloadDescriptor, isMarked: Bool) -> VP9FrameNumbers? {
        guard let id = descriptor.pictureID else { return numbered(descriptor, newest.pictureID, isMarked) }
        let number = counter.extended(id, bits: descriptor.isLongPictureID ? 15 : 7)
        let picture = history[number & Self.slots]
        let layer = descriptor.spatialLayer ?? 0
        guard picture.number == number, picture.forwarded & 1 << layer != 0 else { return nil }
        return numbered(
            descriptor,
            UInt16(truncatingIfNeeded: number + pictureOffset),
            isMarked || descriptor.endsFrame && descriptor.spatialLayer != nil && Int(layer) == picture.limit
        )
    }

    // MARK: Pictures

    /// The newest picture: whether its temporal layer is wanted, and up to which spatial layer.
    private mutating func begin(_ number: Int, _ descriptor: VP9PayloadDescriptor) -> Picture {
        let layer = Int(descriptor.temporalLayer ?? 0)
        if descriptor.isInKeyPictureBase || mayRaiseTemporal || currentTemporalLayer > targetTemporalLayer {
            currentTemporalLayer = targetTemporalLayer
        } else if layer == currentTemporalLayer + 1, layer <= targetTemporalLayer,
            descriptor.isSwitchingUpPoint
        {
            // Senders set the bit too on a picture that itself needs lower layers alone.
            currentTemporalLayer = layer
        }
        let isForwarded = layer <= currentTemporalLayer
        mayRaiseTemporal = isForwarded && descriptor.isSwitchingUpPoint

        if targetSpatialLayer < currentSpatialLayer {
            if intact & 1 << UInt8(targetSpatialLayer) != 0 {
                currentSpatialLayer = targetSpatialLayer
                leavesOutHigher = true
            } else {
                needsKeyFrame = true
            }
        }
        if targetSpatialLayer == currentSpatialLayer { needsKeyFrame = false }
        let limit = leavesOutHigher ? currentSpatialLayer : max(currentSpatialLayer, targetSpatialLayer)
        return Picture(number: number, isForwarded: isForwarded, limit: limit)
    }

    /// A frame of which no packet was seen before: whether to forward it.
    private mutating func decide(_ descriptor: VP9PayloadDescriptor, in picture: inout Picture) {
        let layer = descriptor.spatialLayer ?? 0
        let bit: UInt8 = 1 << layer
        guard picture.decided & bit == 0 else { return }
        picture.decided |= bit
        guard picture.isForwarded else { return }
        let isNewest = picture.number == counter.newest
        if isNewest, descriptor.isInKeyPictureBase {
            // Whatever the consumer lacks, the decoder starts anew, and each frame raises it by one layer.
            currentSpatialLayer = max(0, 7 - picture.forwarded.leadingZeroBitCount)
            picture.limit = targetSpatialLayer
            intact = picture.forwarded
            leavesOutHigher = false
            needsKeyFrame = false
        }
        if descriptor.isInterPicturePredicted, layer > 0 { isKeySVC = !descriptor.isInterLayerPredicted }

        let standsForItself =
            !descriptor.isInterPicturePredicted
            && (!descriptor.isInterLayerPredicted || picture.forwarded & bit >> 1 != 0)
        let isWanted: Bool
        if Int(layer) > picture.limit {
            isWanted = false
        } else if Int(layer) > currentSpatialLayer {
            isWanted = standsForItself
            if isNewest, isWanted { currentSpatialLayer = Int(layer) }
            if !isWanted { needsKeyFrame = true }
        } else {
            isWanted = Int(layer) == currentSpatialLayer || !(isKeySVC && descriptor.isUnusedByUpperLayers)
        }
        if isWanted {
            picture.forwarded |= bit
            if standsForItself { intact |= bit }
        } else {
            intact &= ~bit
            if Int(layer) > currentSpatialLayer { leavesOutHigher = true }
        }
        if leavesOutHigher, targetSpatialLayer > currentSpatialLayer { needsKeyFrame = true }
    }

    /// The source ended the newest picture.
    private mutating func end(_ picture: Picture, _ descriptor: VP9PayloadDescriptor) {
        let highest = Int(descriptor.spatialLayer ?? 0)
        if highest <= currentSpatialLayer { leavesOutHigher = false }
        // The source has stopped the layer shown, and those below it were left out: nothing can be shown.
        if picture.isForwarded, picture.forwarded == 0 { needsKeyFrame = true }
    }

    // MARK: Numbers

    /// The numbers of the new source go on from those of the last.
    private mutating func takeOn(_ descriptor: VP9PayloadDescriptor) {
        isSynchronised = true
        counter = PictureCounter()
        for index in history.indices { history[index].number = .min }
        temporalBaseOffset = nil
        currentTemporalLayer = targetTemporalLayer
        currentSpatialLayer = 0
        intact = 1
        leavesOutHigher = false
        isKeySVC = false
        mayRaiseTemporal = false
        needsKeyFrame = false
        guard let picture = descriptor.pictureID else { return }
        first = Int(picture)
        pictureOffset = Int(newest.pictureID) + 1 - Int(picture)
    }

    private func numbered(
        _ descriptor: VP9PayloadDescriptor,
        _ pictureID: UInt16,
        _ isMarked: Bool
    ) -> VP9FrameNumbers {
        VP9FrameNumbers(
            pictureID: pictureID & 0x7fff,
            temporalBaseIndex: descriptor.temporalBaseIndex.map { $0 &+ (temporalBaseOffset ?? 0) }
                ?? newest.temporalBaseIndex,
            isMarked: isMarked
        )
    }

    /// Pictures behind the newest that can be sent again: a power of two, and four seconds at 30 Hz.
    private static let memory = 128
    private static let slots = memory - 1
}
