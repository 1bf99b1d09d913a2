/// How the frames of a scalable stream depend on one another, as the dependency descriptor announces it with
/// each key frame (AV1 RTP specification §A.8, `template_dependency_structure`).
public struct FrameDependencyStructure: Hashable, Sendable {
    /// The largest size of a frame, in pixels: 1…65 536.
    public struct Resolution: Hashable, Sendable {
        public var width: Int
        public var height: Int

        public init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// The layers that a decode target shows.
    public struct DecodeTarget: Hashable, Sendable {
        public var spatialLayer: Int
        public var temporalLayer: Int
        /// The chain that protects it; `nil` if the structure has none.
        public var chain: Int?

        public init(spatialLayer: Int, temporalLayer: Int, chain: Int?) {
            self.spatialLayer = spatialLayer
            self.temporalLayer = temporalLayer
            self.chain = chain
        }
    }

    /// The id of the first template: 0…63.
    public var templateIDOffset: Int
    /// The kinds of frame: 1…64.
    public var templates: [FrameDependencies]
    /// 1…32, in any order.
    public var decodeTargets: [DecodeTarget]
    /// 0…32.
    public var chains: Int
    /// For each spatial layer; empty if not told.
    public var resolutions: [Resolution]

    /// What frames of the template `id` have in common, or `nil` if the structure has none of this id:
    /// another structure is meant, which was lost.
    public func template(_ id: Int) -> FrameDependencies? {
        let index = (id - templateIDOffset + 64) % 64
        return templates.indices.contains(index) ? templates[index] : nil
    }

    /// A bit for each decode target.
    public var allDecodeTargets: UInt32 { .max >> UInt32(32 - decodeTargets.count) }

    /// `nil` if a template has more than eight references, or if there are more templates or layers than
    /// possible.
    ///
    /// Whether the bytes sufficed, the reader tells.
    init?(_ reader: inout BitReader) {
        templateIDOffset = reader.read(6)
        let targetCount = reader.read(5) + 1
        guard let layers = Self.readLayers(&reader) else { return nil }
        templates = layers
        for index in templates.indices { templates[index].readIndications(targetCount, from: &reader) }
        for index in templates.indices {
            while reader.readFlag() {
                guard templates[index].frameDifferences.append(reader.read(4) + 1) else { return nil }
            }
        }
        chains = reader.readNonSymmetric(targetCount + 1)
        decodeTargets = []
        for index in 0..<targetCount {
            var target = DecodeTarget(spatialLayer: 0, temporalLayer: 0, chain: nil)
            for template in templates where template.indication(index) != .notPresent {
                target.spatialLayer = max(target.spatialLayer, template.spatialLayer)
                target.temporalLayer = max(target.temporalLayer, template.temporalLayer)
            }
            if chains > 0 { target.chain = reader.readNonSymmetric(chains) }
            decodeTargets.append(target)
        }
        if chains > 0 {
            for index in templates.indices {
                templates[index].readChainDifferences(chains, bits: 4, from: &reader)
            }
        }
        resolutions = []
        guard reader.readFlag(), let highest = templates.last?.spatialLayer else { return }
        for _ in 0...highest {
            resolutions.append(Resolution(width: reader.read(16) + 1, height: reader.read(16) + 1))
        }
    }

    /// `template_layers`: the layers of one template after another, each told by how it differs from the
    /// last.
    private static func readLayers(_ reader: inout BitReader) -> [FrameDependencies]? {
        var templates: [FrameDependencies] = []
        var spatial = 0
        var temporal = 0
        // Ids have six bits; AV1 has eight temporal and four spatial layers.
        while templates.count < 64, temporal < 8, spatial < 4 {
            templates.append(FrameDependencies(spatialLayer: spatial, temporalLayer: temporal))
            switch reader.read(2) {
            case 0: break
            case 1: temporal += 1
            case 2:
                temporal = 0
                spatial += 1
            default: return templates
            }
        }
        return nil
    }
}
