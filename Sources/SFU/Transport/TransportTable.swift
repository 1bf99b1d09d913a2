internal import Wire

/// The transports of one Worker in order of making, and, side by side, what the walks over all of them read.
///
/// There is one walk for each occasion, whatever the kind: egresses when there is something to forward, deadlines
/// when time has passed, publishers for what was received.
struct TransportTable {
    private(set) var all: [Transport] = []
    /// Of each of ``all``, at the same place.
    private(set) var egresses: [Egress] = []
    /// Those that have a producer.
    private(set) var publishers: [Transport] = []
    /// How many have a consumer.
    private(set) var viewers = 0
    private var byID: [TransportID: Transport] = [:]
    let deadlines: TransportDeadlines

    init(deadlines: TransportDeadlines) { self.deadlines = deadlines }

    var count: Int { all.count }

    subscript(id: TransportID) -> Transport? { byID[id] }

    mutating func add(_ transport: Transport) {
        transport.egress.place = deadlines.append()
        all.append(transport)
        egresses.append(transport.egress)
        byID[transport.id] = transport
    }

    mutating func remove(_ transport: Transport) {
        guard byID.removeValue(forKey: transport.id) != nil else { return }
        let index = transport.egress.place
        all.remove(at: index)
        egresses.remove(at: index)
        deadlines.remove(at: index)
        transport.egress.place = TransportDeadlines.nowhere
        for place in index..<egresses.count { egresses[place].place = place }
        noteProducers()
        noteConsumers()
    }

    /// A producer has come or gone.
    mutating func noteProducers() { publishers = all.filter { !$0.producers.isEmpty } }

    /// A consumer has come or gone.
    mutating func noteConsumers() { viewers = egresses.count { !$0.consumers.isEmpty } }
}
