internal import Glibc
internal import Wire

/// Seeded chance, in the shapes that the simulation asks for.
package struct Chance {
    private var source: SplitMix64

    package init(seed: UInt64) { source = SplitMix64(seed: seed) }

    /// At least 0, and less than 1.
    mutating func share() -> Double { Double(source.next() >> 11) * 0x1p-53 }

    mutating func exponential(mean: Double) -> Double { -mean * log(1 - share()) }

    /// Box and Muller's first one.
    mutating func normal(mean: Double, deviation: Double) -> Double {
        let radius = sqrt(-2 * log(1 - share()))
        return mean + deviation * radius * cos(2 * .pi * share())
    }

    /// One of the values, each as often as its weight says.
    mutating func choice<Value>(_ weighted: [(value: Value, weight: Double)]) -> Value {
        precondition(!weighted.isEmpty, "the tables of this target have rows")
        var left = share() * weighted.reduce(0) { $0 + $1.weight }
        for entry in weighted {
            left -= entry.weight
            if left < 0 { return entry.value }
        }
        return weighted[weighted.count - 1].value
    }
}
