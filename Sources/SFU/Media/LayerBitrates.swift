internal import Wire

/// Bits per second of each layer of one encoding, over the last full second.
struct LayerBitrates {
    private var meters: [BitrateMeter]
    private(set) var highestSpatial = 0
    private(set) var highestTemporal = 0

    init() {
        meters = Array(repeating: BitrateMeter(), count: Self.spatialLayers * Self.temporalLayers)
    }

    mutating func handle(_ size: Int, spatial: Int, temporal: Int, now: Instant) {
        let spatial = min(spatial, Self.spatialLayers - 1)
        let temporal = min(temporal, Self.temporalLayers - 1)
        highestSpatial = max(highestSpatial, spatial)
        highestTemporal = max(highestTemporal, temporal)
        meters[spatial * Self.temporalLayers + temporal].handle(size, now: now)
    }

    /// Of all layers up to these.
    ///
    /// - Parameter now: `nil`: as it was while it came last, if nothing comes now.
    func bitsPerSecond(spatial: Int, temporal: Int, now: Instant?) -> Int {
        var sum = 0
        for layer in 0...min(spatial, highestSpatial) {
            for sublayer in 0...min(temporal, highestTemporal) {
                sum += meters[layer * Self.temporalLayers + sublayer].bitsPerSecond(at: now)
            }
        }
        return sum
    }

    private static let spatialLayers = 4
    private static let temporalLayers = 4
}
