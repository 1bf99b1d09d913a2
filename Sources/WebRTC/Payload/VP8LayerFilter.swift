public import Wire

/// Thins a VP8 stream out to some of its temporal layers for one consumer, and numbers the frames that are
/// left without gaps, across switches between the streams of a simulcast too (RFC 7741 §4.2).
///
/// A receiver takes a missing picture id for a lost frame and waits for it, so the gaps that dropping makes
/// are closed. Set ``targetTemporalLayer`` at any time; call ``handle(_:)`` for each packet in the order of
/// arrival, once, and ``numbers(of:)`` for one that is sent again. Call ``resynchronise()`` before the first
/// packet of another source.
public struct VP8LayerFilter: Sendable {
    /// The highest layer wanted.
    ///
    /// 0…3. Less takes effect with the next frame, more with the next frame of the layer that needs nothing
    /// the consumer lacks: a layer sync or a key frame.
    public var targetTemporalLayer = 3

    /// A bit for each layer of which the consumer has every frame since its sync.
    private var intact: UInt8 = 0xf
    private var counter = PictureCounter()
    private var first = 0
    private var skipped = 0
    private var history = [Frame](repeating: Frame(), count: Self.memory)
    private var newest = VP8FrameNumbers(pictureID: 0, temporalBaseIndex: 0, keyIndex: 0)
    private var isSynchronised = false
    private var temporalBaseOffset: UInt8?
    private var keyOffset: UInt8?

    private struct Frame {
        var number = Int.min
        /// How many frames had been left out before it.
        var skipped = 0
        var isForwarded = false
    }

    /// - Parameters:
    ///   - pictureID: The number before the first frame's.
    ///   - temporalBaseIndex: The index before the first frame's.
    public init(pictureID: UInt16 = 0, temporalBaseIndex: UInt8 = 0) {
        newest.pictureID = pictureID
        newest.temporalBaseIndex = temporalBaseIndex
    }

    /// The highest layer that is forwarded now.
    public var currentTemporalLayer: Int { min(targetTemporalLayer, (~intact).trailingZeroBitCount - 1) }

    /// Another source, or the same one restarted, goes on with its next packet; it should begin a key frame.
    public mutating func resynchronise() {
        isSynchronised = false
    }

    /// The numbers under which to forward a packet, or `nil` to leave it out.
    public mutating func handle(_ descriptor: VP8PayloadDescriptor) -> VP8FrameNumbers? {
        if !isSynchronised { takeOn(descriptor) }
        learnOffsets(descriptor)
        let layer = Int(descriptor.temporalLayer ?? 0)
        guard let picture = descriptor.pictureID else {
            guard isWanted(layer, descriptor) else { return nil }
            return numbered(descriptor, newest.pictureID)
        }
        let number = counter.extended(picture, bits: descriptor.isLongPictureID ? 15 : 7)
        if descriptor.startsKeyFrame, number >= counter.newest ?? number { intact = 0xf }
        if counter.note(number) {
            let isForwarded = isWanted(layer, descriptor)
            history[number & Self.slots] = Frame(number: number, skipped: skipped, isForwarded: isForwarded)
            guard isForwarded else {
                skipped += 1
                intact &= (1 << UInt8(layer)) - 1
                return nil
            }
            newest = numbered(descriptor, UInt16(truncatingIfNeeded: number - skipped))
            return newest
        }
        if history[number & Self.slots].number != number {
            guard let late = lateFrame(number, layer) else { return nil }
            history[number & Self.slots] = late
        }
        return numbers(of: descriptor)
    }

    /// The numbers of a packet of a frame that was handled before, or `nil` if it was left out or is too long
    /// ago.
    public func numbers(of descriptor: VP8PayloadDescriptor) -> VP8FrameNumbers? {
        guard let picture = descriptor.pictureID else { return numbered(descriptor, newest.pictureID) }
        let number = counter.extended(picture, bits: descriptor.isLongPictureID ? 15 : 7)
        let frame = history[number & Self.slots]
        guard frame.number == number, frame.isForwarded else { return nil }
        return numbered(descriptor, UInt16(truncatingIfNeeded: number - frame.skipped))
    }

    /// The newest frame: whether to forward it.
    ///
    /// The base layer always goes through; a layer above it needs a sync, after which each layer goes on as
    /// long as all below it are whole.
    private mutating func isWanted(_ layer: Int, _ descriptor: VP8PayloadDescriptor) -> Bool {
        guard layer > 0 else { return true }
        guard layer <= targetTemporalLayer else { return false }
        if descriptor.isLayerSync { intact |= 1 << UInt8(layer) }
        let needed: UInt8 = (2 << UInt8(layer)) - 1
        return descriptor.isLayerSync || intact & needed == needed
    }

    /// A frame that newer ones have overtaken altogether: they left room for its number.
    private func lateFrame(_ number: Int, _ layer: Int) -> Frame? {
        guard let newest = counter.newest, number >= first, newest - number < Self.memory else { return nil }
        for next in number + 1...newest {
            let frame = history[next & Self.slots]
            guard frame.number == next else { continue }
            return Frame(number: number, skipped: frame.skipped, isForwarded: layer <= currentTemporalLayer)
        }
        return nil
    }

    /// The numbers of the new source go on from those of the last.
    private mutating func takeOn(_ descriptor: VP8PayloadDescriptor) {
        isSynchronised = true
        intact = 0xf
        counter = PictureCounter()
        for index in history.indices { history[index].number = .min }
        temporalBaseOffset = nil
        keyOffset = nil
        guard let picture = descriptor.pictureID else { return }
        first = Int(picture)
        skipped = Int(picture) - Int(newest.pictureID) - 1
    }

    /// The first index of each kind that a source shows goes on from the last one's.
    private mutating func learnOffsets(_ descriptor: VP8PayloadDescriptor) {
        if temporalBaseOffset == nil, let index = descriptor.temporalBaseIndex {
            temporalBaseOffset = newest.temporalBaseIndex &+ 1 &- index
        }
        if keyOffset == nil, let index = descriptor.keyIndex { keyOffset = newest.keyIndex &+ 1 &- index }
    }

    private func numbered(_ descriptor: VP8PayloadDescriptor, _ pictureID: UInt16) -> VP8FrameNumbers {
        VP8FrameNumbers(
            pictureID: pictureID & 0x7fff,
            temporalBaseIndex: descriptor.temporalBaseIndex.map { $0 &+ (temporalBaseOffset ?? 0) }
                ?? newest.temporalBaseIndex,
            keyIndex: descriptor.keyIndex.map { ($0 &+ (keyOffset ?? 0)) & 0x1f } ?? newest.keyIndex
        )
    }

    /// Frames behind the newest that can be sent again: a power of two, and four seconds at 30 Hz.
    private static let memory = 128
    private static let slots = memory - 1
}
