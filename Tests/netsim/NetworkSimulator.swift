import NetworkSimulation
import Wire

/// Prints what every scenario shows, as the table of docs/network.md.
///
/// `netsim [seed [words]]`: the same seed prints the same bytes; of the networks, those whose names have the words in
/// them.
@main struct NetworkSimulator {
    static func main() throws {
        let seed = CommandLine.arguments.dropFirst().first.flatMap { UInt64($0) } ?? 1
        print(
            "| network | converges | used | queue 95 % | queue max | longest freeze | recovers | fairness |"
        )
        print("|---|---|---|---|---|---|---|---|")
        let words = CommandLine.arguments.dropFirst(2).joined(separator: " ")
        for scenario in Scenario.allCases where words.isEmpty || scenario.rawValue.contains(words) {
            let result = try scenario.run(seed: seed)
            let cells = [
                scenario.rawValue,
                time(result.convergence), share(result.utilisation), time(result.usualWait),
                time(result.longestWait),
                time(result.freeze), time(result.recovery), share(result.fairness),
            ]
            print("| " + cells.joined(separator: " | ") + " |")
        }
    }

    private static func time(_ interval: Interval?) -> String {
        interval.map { "\(($0.nanoseconds + 500_000) / 1_000_000) ms" } ?? ""
    }

    /// In percent, with one decimal.
    private static func share(_ value: Double?) -> String {
        guard let value else { return "" }
        let tenths = Int((value * 1_000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
