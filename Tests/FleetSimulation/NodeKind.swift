/// A size of machine.
package struct NodeKind: Hashable {
    package var cores: Int
    /// GB.
    package var memory: Int

    package init(cores: Int, memory: Int) {
        self.cores = cores
        self.memory = memory
    }

    /// What holds the number of sessions down.
    package enum Limit: String {
        case packets, processor, memory
    }

    /// How many sessions of so many people it holds, and what of it is used up first.
    ///
    /// A fifth of the processor and of memory is the kernel's, the cluster's and for what is not average. Each session is reckoned with
    /// four times its mean share of a processor: what a film on the desk takes for a while. One core of the kernel sends
    /// 200 000 datagrams a second, and a quarter of the cores may be busy with that.
    package func sessions(people: Int) -> (count: Int, limit: Limit) {
        let cost = SessionCost(people: people)
        let counts: [(count: Int, limit: Limit)] = [
            (Int(Double(cores) * 0.8 / (cost.processor * 4)), .processor),
            (Int(Double(memory) * 800 / (cost.memory * 2)), .memory),
            (Int(Double(cores) / 4 * 200_000 / cost.packets), .packets),
        ]
        return counts.min { $0.count < $1.count } ?? (0, .processor)
    }

    /// Servers that are put on it: sessions of three people, the size that nine in ten do not exceed by more than a few.
    package var places: Int { sessions(people: 3).count }

    package static let small = NodeKind(cores: 4, memory: 16)
    package static let large = NodeKind(cores: 32, memory: 128)
}
