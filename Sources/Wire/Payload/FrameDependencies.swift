/// What a frame is to each decode target and chain of its stream, and what it depends on
/// (AV1 RTP specification §A.8, `frame_dependency_definition`).
///
/// A *decode target* is a set of frames that can be decoded without the others; a *chain* is the frames that
/// a group of decode targets cannot do without.
public struct FrameDependencies: Hashable, Sendable {
    /// What a frame is to a decode target (table A.1).
    public enum Indication: UInt8, Hashable, Sendable {
        case notPresent = 0
        /// No later frame of the target depends on it.
        case discardable = 1
        /// Whoever can decode it can go over to the target with it.
        case switching = 2
        case required = 3
    }

    public var spatialLayer: Int
    public var temporalLayer: Int

    // Packed, so that a packet's descriptor is a plain value: 32 × 2 bits and 32 × 8 bits.
    private var indications: UInt64 = 0
    private var chains = SIMD32<UInt8>()

    init(spatialLayer: Int, temporalLayer: Int) {
        self.spatialLayer = spatialLayer
        self.temporalLayer = temporalLayer
    }

    /// What the frame is to the decode target `index`, 0…31.
    public func indication(_ index: Int) -> Indication {
        // Two bits have four values.
        Indication(rawValue: UInt8(truncatingIfNeeded: indications >> UInt64(2 * index) & 3)) ?? .required
    }

    /// How many frames back those lie that the frame depends on: at most eight, 1…4 096 each.
    public internal(set) var frameDifferences = FrameDifferences()

    /// How many frames back the previous frame of the chain `index`, 0…31, lies: 0…255; 0 if the chain begins
    /// here.
    public func chainDifference(_ index: Int) -> Int { Int(chains[index & 31]) }

    mutating func readIndications(_ count: Int, from reader: inout BitReader) {
        indications = 0
        for index in 0..<count { indications |= UInt64(reader.read(2)) << UInt64(2 * index) }
    }

    mutating func readChainDifferences(_ count: Int, bits: Int, from reader: inout BitReader) {
        for index in 0..<count { chains[index] = UInt8(truncatingIfNeeded: reader.read(bits)) }
    }
}

/// How many frames back those lie that a frame depends on.
public struct FrameDifferences: Hashable, Sendable, RandomAccessCollection {
    // A value without an allocation.
    private var packed = SIMD8<UInt16>()
    public private(set) var endIndex = 0
    public var startIndex: Int { 0 }

    public subscript(index: Int) -> Int {
        precondition(indices.contains(index), "an index comes from `indices`")
        return Int(packed[index])
    }

    /// False if there are eight already: AV1 has seven references.
    mutating func append(_ difference: Int) -> Bool {
        guard endIndex < 8 else { return false }
        packed[endIndex] = UInt16(truncatingIfNeeded: difference)
        endIndex += 1
        return true
    }
}
