/// The consumers of one Worker by their names: those of a pipe transport have one name for several, one for each
/// encoding.
struct ConsumerTable {
    private var byID: [ConsumerID: Consumer] = [:]
    private var pipes: [ConsumerID: [Consumer]] = [:]

    var count: Int { byID.count }

    mutating func add(_ consumer: Consumer) { byID[consumer.id] = consumer }

    /// - Parameter members: One for each encoding, lowest first; each is added by itself, too.
    mutating func add(_ members: [Consumer], as pipe: ConsumerID) { pipes[pipe] = members }

    mutating func remove(_ consumer: Consumer) {
        byID[consumer.id] = nil
        if let pipe = consumer.pipe { pipes[pipe] = nil }
    }

    /// The one of this name that is not a pipe's.
    subscript(id: ConsumerID) -> Consumer? { byID[id] }

    /// What a pipe transport sends of one producer: each of its encodings by itself.
    func pipe(_ id: ConsumerID) -> [Consumer]? { pipes[id] }

    /// All that go by this name; empty: none.
    func named(_ id: ConsumerID) -> [Consumer] { pipes[id] ?? byID[id].map { [$0] } ?? [] }
}
