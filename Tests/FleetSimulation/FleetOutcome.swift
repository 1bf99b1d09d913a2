/// What a run has shown.
package struct FleetOutcome {
    /// Seconds that each session waited, in the order in which they got a server.
    package var waits: [Double] = []
    /// Core hours of all nodes, and those that sessions were on by their share of the node's places.
    package var coreHours = 0.0
    package var usedCoreHours = 0.0
    /// The most at one time.
    package var peakSessions = 0
    package var peakNodes = 0
    /// Hours of sessions, and hours of nodes that were up.
    package var sessionHours = 0.0
    package var nodeHours = 0.0
    /// Sessions that lost their server, and how long it took each to get another one.
    package var interrupted = 0
    package var recoveries: [Double] = []
    /// What there was, every five minutes.
    package var samples: [Sample] = []

    package struct Sample {
        /// Seconds.
        package var time: Double
        package var sessions: Int
        package var ready: Int
        package var places: Int
    }

    /// The share of sessions that waited at all.
    package var waiting: Double {
        waits.isEmpty ? 0 : Double(waits.count { $0 > 0 }) / Double(waits.count)
    }

    package var meanWait: Double { waits.isEmpty ? 0 : waits.reduce(0, +) / Double(waits.count) }

    /// Seconds, 0 if nobody came.
    ///
    /// - Parameter share: 0 to 1.
    package static func percentile(_ share: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }

    package var sessionsPerNode: Double { nodeHours == 0 ? 0 : sessionHours / nodeHours }

    /// Core hours that were paid for and not used, for each hour of a session.
    package var idleCoreHours: Double {
        sessionHours == 0 ? 0 : (coreHours - usedCoreHours) / sessionHours
    }
}
