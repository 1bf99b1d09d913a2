/// How many allocations there are, in all and for each person (RFC 8656 §7.2, error 486).
///
/// ``take(_:)`` each once before it is made, and ``giveBack(_:)`` when it is over.
package struct TURNQuota: Sendable {
    package struct Limits: Hashable, Sendable {
        package var total: Int
        /// A page has two connections, and for a while two more whenever their paths are looked for anew; a browser makes an
        /// allocation for each of its interfaces.
        package var perPerson: Int

        package init(total: Int, perPerson: Int = 24) {
            self.total = total
            self.perPerson = perPerson
        }
    }

    private let limits: Limits
    private var counts: [String: Int] = [:]
    package private(set) var count = 0

    package init(_ limits: Limits) {
        self.limits = limits
    }

    /// Returns whether there is room for one more.
    package mutating func take(_ person: String) -> Bool {
        let own = counts[person] ?? 0
        guard count < limits.total, own < limits.perPerson else { return false }
        counts[person] = own + 1
        count += 1
        return true
    }

    package mutating func giveBack(_ person: String) {
        guard let own = counts[person] else { return }
        counts[person] = own > 1 ? own - 1 : nil
        count -= 1
    }
}
