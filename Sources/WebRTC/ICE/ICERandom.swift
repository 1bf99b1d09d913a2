internal import Wire

/// Where an agent takes transaction identifiers and intervals from: the system's secure generator, as RFC
/// 7675 §5.1 demands, or a repeatable sequence for simulations.
struct ICERandom: RandomNumberGenerator, Sendable {
    private var repeatable: SplitMix64?

    /// - Parameter seed: Where the repeatable sequence begins; `nil` for the secure generator.
    init(seed: UInt64?) {
        repeatable = seed.map(SplitMix64.init)
    }

    mutating func next() -> UInt64 {
        guard var numbers = repeatable else {
            var system = SystemRandomNumberGenerator()
            return system.next()
        }
        defer { repeatable = numbers }
        return numbers.next()
    }
}
