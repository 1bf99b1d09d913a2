/// What things cost, in the currency of whoever asks.
package struct Prices: Hashable {
    /// For an hour of a core with its 4 GB.
    package var coreHour = 0.04
    /// For a GB that leaves to the Internet.
    package var gigabyteOut = 0.08
    /// For a GB from one zone to another.
    package var gigabyteAcross = 0.01

    package init() {}

    /// - Parameter text: The three numbers, with commas between; none below 0.
    package init?(parsing text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard numbers.count == 3, let core = numbers[0], let out = numbers[1], let across = numbers[2],
            [core, out, across].allSatisfy({ $0 >= 0 && $0.isFinite })
        else { return nil }
        coreHour = core
        gigabyteOut = out
        gigabyteAcross = across
    }

    /// What the network costs for an hour of a session in which the desk moves all the time and every camera is on.
    ///
    /// - Parameter isCentral: One SFU for all, elsewhere than the desks: each desk goes there once, from another zone two times in
    ///   three. With edge rooms near the people the desk goes to as many of them as there are people, at most three.
    package func networkHour(people: Int, _ layout: Layout) -> Double {
        let hour = 3_600.0 / 8 / 1_000
        let out = SessionCost(people: people).rate * hour * gigabyteOut
        switch layout {
        case .oneRoom: return out
        case .central: return out + 2.5 * 2 / 3 * hour * gigabyteAcross
        case .edges:
            let edges = Double(min(3, people))
            // Each edge gets the desk, and the cameras of whoever is at another.
            let cameras = 0.5 * Double(people) * (edges - 1)
            return out + (2.5 * edges + cameras) * hour * gigabyteOut
        }
    }

    /// Where packets are forwarded.
    package enum Layout: String, CaseIterable {
        case oneRoom = "one SFU in each container"
        case central = "one central SFU"
        case edges = "a central SFU and rooms at three edges"
    }
}
