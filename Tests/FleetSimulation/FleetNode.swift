/// A machine of a run.
struct FleetNode {
    let kind: NodeKind
    let zone: Int
    /// Whether it takes servers yet.
    var isUp = false
    var isGone = false
    var hasImage = false
    /// Servers on it, whatever they do.
    var servers = 0
    /// Since when nothing is on it.
    var emptySince: Double?
    /// When it was ordered: from then on it costs.
    let since: Double
    /// One that stays for ever.
    let isKept: Bool

    var places: Int { kind.places }
    var isOpen: Bool { isUp && !isGone && servers < places }
}

/// A server of a run, that is one container.
struct FleetServer {
    enum State {
        case unscheduled, starting, ready, gone
        /// In use, with what it is used for.
        case allocated(Demand.Wish, since: Double)
    }

    var state = State.unscheduled
    var node: Int?
}
