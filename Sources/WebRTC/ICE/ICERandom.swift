/// Where an agent takes transaction identifiers and intervals from: the system's secure generator, as RFC
/// 7675 §5.1 demands, or a repeatable sequence for simulations.
struct ICERandom: RandomNumberGenerator, Sendable {
    private var state: UInt64?

    /// - Parameter seed: Where the repeatable sequence begins; `nil` for the secure generator.
    init(seed: UInt64?) {
        state = seed
    }

    mutating func next() -> UInt64 {
        guard let seed = state else {
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
        // SplitMix64.
        let next = seed &+ 0x9e37_79b9_7f4a_7c15
        state = next
        var mixed = next
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
