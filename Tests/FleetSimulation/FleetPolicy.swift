/// How a fleet is kept: how many servers wait, where they are put, and of which machines it is made.
package struct FleetPolicy {
    /// Servers that are ready beside those in use.
    package enum Buffer: Hashable {
        /// As a FleetAutoscaler with the policy `Buffer` and a number.
        case count(Int)
        /// In percent of all, and at least so many: `Buffer` with a percentage and `minReplicas`.
        case percent(Int, atLeast: Int)
        /// As `Schedule` policies in a `Chain`: from ten minutes before each full and half hour between `from` and `to` o'clock, and for
        /// five after it, `peak`; otherwise `rest`.
        case schedule(peak: Int, rest: Int, from: Int, to: Int)
        /// A number of servers that never changes.
        case fixed(Int)
    }

    package enum Placement: String {
        /// On the node that has most already (`scheduling: Packed`).
        case packed
        /// On the one that has fewest (`Distributed`).
        case spread
    }

    /// Of which machines the cluster autoscaler makes more.
    package enum Growth: String {
        /// Many small ones.
        case horizontal
        /// Few large ones.
        case vertical
        /// Two large ones that stay, and small ones for what is above them.
        case hybrid
    }

    package var buffer: Buffer
    package var placement = Placement.packed
    package var growth = Growth.horizontal
    package var delays = Delays()

    package init(
        _ buffer: Buffer,
        _ placement: Placement = .packed,
        _ growth: Growth = .horizontal,
        delays: Delays = Delays()
    ) {
        self.buffer = buffer
        self.placement = placement
        self.growth = growth
        self.delays = delays
    }

    /// Seconds.
    package struct Delays {
        /// From the wish for a node until it takes pods, 90 to 150 by default.
        package var boot = 90.0...150.0
        /// The first time on a node: 250 MB at 10 MB/s.
        package var pull = 25.0
        /// From a container's start until it is ready.
        package var start = 4.0
        /// Between two looks of the autoscalers (Agones: 30).
        package var sync = 30.0
        /// For which a node stays with nothing on it.
        package var idle = 600.0

        package init() {}

        /// Nothing takes time: a queue and nothing else.
        package static let none: Delays = {
            var delays = Delays()
            delays.boot = 0...0
            delays.pull = 0
            delays.start = 0
            return delays
        }()
    }

    /// How many servers there should be.
    ///
    /// - Parameters:
    ///   - wanted: Sessions that have a server or wait for one.
    ///   - time: Seconds since midnight of the first day.
    func replicas(wanted: Int, at time: Double) -> Int {
        switch buffer {
        case .count(let count):
            return wanted + count
        case .percent(let percent, let atLeast):
            // Agones: bufferSize is a share of the replicas, not of the allocated ones.
            return max(atLeast, (wanted * 100 + 99 - percent) / (100 - percent))
        case .schedule(let peak, let rest, let from, let to):
            let day = time.truncatingRemainder(dividingBy: 86_400)
            let inHalfHour = day.truncatingRemainder(dividingBy: 1_800)
            let isOpen = day >= Double(from) * 3_600 - 600 && day < Double(to) * 3_600
            return wanted + (isOpen && (inHalfHour < 300 || inHalfHour >= 1_200) ? peak : rest)
        case .fixed(let count):
            return count
        }
    }
}
