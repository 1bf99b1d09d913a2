internal import Foundation
internal import Wire

/// The lines that are printed.
enum Table {
    static func printHead() {
        Swift.print(
            "case                    viewers  packets/s  ns/packet   % core   lost %  recovered  reordered  dup"
                + "   p50 ms   p99 ms   max ms  switches/s  MiB  generator %"
        )
    }

    static func print(_ measurement: Measurement) {
        let m = measurement
        Swift.print(
            String(
                format:
                    "%@ %7d %10.0f %10.0f %8.1f %8.3f %10d %10d %4d %8.2f %8.2f %8.2f %11.0f %4.0f %12.0f",
                m.name.padding(toLength: 23, withPad: " ", startingAt: 0),
                m.viewers,
                Double(m.packets) / m.seconds,
                m.nanosecondsPerPacket,
                100 * m.load,
                100 * m.loss,
                m.recovered,
                m.reordered,
                m.duplicates,
                milliseconds(m.p50),
                milliseconds(m.p99),
                milliseconds(m.longest),
                Double(m.voluntarySwitches + m.forcedSwitches) / m.seconds,
                Double(m.memory) / 1_048_576,
                100 * Double(m.generatorCPU) / m.seconds / 1e9
            )
        )
        fflush(nil)
    }

    /// Medians and spread of several runs, and how many times as much each costs as the first.
    static func printRatios(_ runs: [(name: String, measurements: [Measurement])]) {
        guard let first = runs.first?.measurements.map(\.nanosecondsPerPacket), !first.isEmpty else { return }
        Swift.print(
            "                          median ns/packet (lowest … highest)   of the room's, pair by pair (lowest … highest)"
        )
        for (name, measurements) in runs {
            let costs = measurements.map(\.nanosecondsPerPacket)
            let ratios = zip(costs, first).map { $0 / $1 }
            let (cost, ratio) = (costs.sorted(), ratios.sorted())
            Swift.print(
                String(
                    format: "%@ %10.0f (%.0f … %.0f)                     × %.2f (%.2f … %.2f)",
                    name.padding(toLength: 23, withPad: " ", startingAt: 0),
                    median(cost),
                    cost[0],
                    cost[cost.count - 1],
                    median(ratio),
                    ratio[0],
                    ratio[ratio.count - 1]
                )
            )
        }
    }

    private static func median(_ sorted: [Double]) -> Double {
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    static func kibibytes(_ bytes: Double) -> Int { Int((bytes / 1_024).rounded()) }

    static func milliseconds(_ interval: Interval) -> Double { Double(interval.nanoseconds) / 1e6 }
}
