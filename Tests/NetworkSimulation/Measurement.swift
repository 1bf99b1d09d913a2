package import Wire

/// What a scenario has shown; `nil` where it does not apply.
package struct Measurement: Hashable, Sendable {
    /// Until the estimate was near what the path carries, for good or at first, as the scenario says.
    package var convergence: Interval?
    /// Of what the link could carry, 0…1.
    package var utilisation: Double?
    /// What 95 % of the datagrams waited at most in front of the link, and the longest wait.
    package var usualWait: Interval?
    package var longestWait: Interval?
    /// The longest time without a new picture.
    package var freeze: Interval?
    /// From the end of a disturbance to the first new picture.
    package var recovery: Interval?
    /// Jain's index of what two got, 0.5…1; or the least share that anybody kept of what they had
    /// undisturbed.
    package var fairness: Double?

    /// Of waits in any order.
    package static func quantile(_ share: Double, of waits: [Interval]) -> Interval {
        guard !waits.isEmpty else { return .zero }
        let sorted = waits.sorted()
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    /// Jain's fairness index: 1 if all are equal.
    package static func fairness(_ shares: [Double]) -> Double {
        let sum = shares.reduce(0, +)
        let squares = shares.reduce(0) { $0 + $1 * $1 }
        return squares > 0 ? sum * sum / (Double(shares.count) * squares) : 0
    }
}
