package import Wire

/// Which TSNs have arrived: what a SACK tells (RFC 9260 §3.3.4).
package struct ReceivedTSNs: Sendable {
    package enum Outcome: Sendable {
        case duplicate
        case new
        /// Too far ahead, or one gap too many: as good as lost.
        case refused
    }

    /// Everything up to and with this number has arrived.
    package private(set) var cumulative: TSN
    /// Numbers that arrived more than once since the last SACK.
    package private(set) var duplicates: [TSN] = []

    /// Runs beyond the cumulative TSN, ascending and apart.
    private var runs: [(first: TSN, last: TSN)] = []

    /// - Parameter cumulative: One less than the peer's initial TSN.
    package init(cumulative: TSN) {
        self.cumulative = cumulative
    }

    /// The runs beyond the cumulative TSN, as distances from it.
    package var gaps: some Collection<ClosedRange<Int>> {
        runs.lazy.map { cumulative.distance(to: $0.first)...cumulative.distance(to: $0.last) }
    }

    /// The highest number that has arrived.
    package var highest: TSN { runs.last?.last ?? cumulative }

    package mutating func insert(_ tsn: TSN) -> Outcome {
        let distance = cumulative.distance(to: tsn)
        guard distance > 0 else { return duplicate(tsn) }
        guard distance <= Self.maximumDistance else { return .refused }
        if distance == 1, runs.isEmpty {
            cumulative = tsn
            return .new
        }
        // From the end: new numbers are usually the highest.
        var index = runs.count
        while index > 0, !tsn.isNewer(than: runs[index - 1].last) {
            index -= 1
            if !runs[index].first.isNewer(than: tsn) { return duplicate(tsn) }
        }
        let follows = index > 0 && runs[index - 1].last.advanced(by: 1) == tsn
        let precedes = index < runs.count && tsn.advanced(by: 1) == runs[index].first
        switch (follows, precedes) {
        case (true, true):
            runs[index - 1].last = runs[index].last
            runs.remove(at: index)
        case (true, false): runs[index - 1].last = tsn
        case (false, true): runs[index].first = tsn
        case (false, false):
            guard runs.count < Self.maximumRuns || distance == 1 else { return .refused }
            runs.insert((tsn, tsn), at: index)
        }
        absorb()
        return .new
    }

    /// Counts everything up to `tsn` as arrived (RFC 3758 §3.6); returns whether that was news.
    package mutating func advance(to tsn: TSN) -> Bool {
        guard tsn.isNewer(than: cumulative) else { return false }
        cumulative = tsn
        runs.removeAll { !$0.last.isNewer(than: tsn) }
        if let first = runs.first, !first.first.isNewer(than: tsn) { runs[0].first = tsn.advanced(by: 1) }
        absorb()
        return true
    }

    /// Forgets the duplicates: a SACK has reported them.
    package mutating func clearDuplicates() {
        duplicates.removeAll(keepingCapacity: true)
    }

    private mutating func absorb() {
        guard let first = runs.first, first.first == cumulative.advanced(by: 1) else { return }
        cumulative = first.last
        runs.removeFirst()
    }

    private mutating func duplicate(_ tsn: TSN) -> Outcome {
        if duplicates.count < Self.maximumDuplicates { duplicates.append(tsn) }
        return .duplicate
    }

    /// Bounds what a peer that leaves holes can make us keep; far beyond what the receive window lets it
    /// send.
    private static let maximumDistance = 8_192
    /// All of them fit in one SACK.
    private static let maximumRuns = 200
    private static let maximumDuplicates = 16
}
