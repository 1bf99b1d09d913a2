internal import Wire

/// What all transports of one Worker share.
struct SharedState {
    let limits: WorkerConfiguration.Limits
    /// Adds up to the wall clock, nanoseconds.
    let wallClockOffset: Int64
    let identifiers = IdentifierSource()
    let scratch = Scratch()
    let deadlines = TransportDeadlines()
    let news = TransportNews()
    let paths = PathReports()
}

/// What transports have to tell the core, in the order in which it happened.
package final class TransportNews {
    package var events: [WorkerEvent] = []
    /// Where peers have proved to be: the address table learns it.
    var provenSources: [(address: SocketAddress, transport: WebRTCTransport)] = []
    /// Whether something was granted anew, so that other encodings may be watched.
    var hasGrants = false

    package init() {}

    var isEmpty: Bool { events.isEmpty && provenSources.isEmpty && !hasGrants }

    func removeAll() {
        events.removeAll(keepingCapacity: true)
        provenSources.removeAll(keepingCapacity: true)
        hasGrants = false
    }
}

/// Numbers for everything that leaves the Worker by name.
package final class IdentifierSource {
    private var last: UInt32 = 0

    package init() {}

    func next() -> UInt32 {
        last += 1
        return last
    }
}
