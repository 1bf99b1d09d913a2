package import Access

/// What somebody in the room has switched on and off of a person's rights; it holds whatever their token says.
package struct RightsSwitches: Codable, Hashable, Sendable {
    package private(set) var given: Rights = []
    package private(set) var taken: Rights = []

    package init() {}

    package mutating func give(_ rights: Rights) {
        given.formUnion(rights)
        taken.subtract(rights)
    }

    package mutating func take(_ rights: Rights) {
        taken.formUnion(rights)
        given.subtract(rights)
    }

    /// What is left of rights, and what is added to them.
    package func applied(to rights: Rights) -> Rights { rights.union(given).subtracting(taken) }
}
