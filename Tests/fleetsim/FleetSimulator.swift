internal import ArgumentParser
internal import FleetSimulation

/// Prints the tables of docs/scaling.md; the same seed prints the same bytes.
@main struct FleetSimulator: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleetsim",
        abstract: "Simulates a day of a fleet of rooms."
    )

    @Option(help: "Where chance begins.") var seed: UInt64 = 1
    @Option(help: "Sessions of the day, 1 to 100000.") var sessions = 3_000
    @Option(help: "For an hour of a core, a GB to the Internet, a GB between zones; with commas between.")
    var prices = "0.04,0.08,0.01"
    @Flag(help: "Draw the day of the schedule policy, in the place of the tables.") var svg = false

    func validate() throws {
        guard (1...100_000).contains(sessions) else {
            throw ValidationError("“\(sessions)” is not a number of sessions from 1 to 100000")
        }
        guard Prices(parsing: prices) != nil else {
            throw ValidationError("“\(prices)” is not three prices with commas between, as 0.04,0.08,0.01")
        }
    }

    func run() throws {
        let report = FleetReport(seed: seed, sessions: sessions, prices: Prices(parsing: prices) ?? Prices())
        guard svg else {
            print(report.text(), terminator: "")
            return
        }
        print(FleetCurves(report.outcome(report.policies[4].policy)).svg, terminator: "")
    }
}
