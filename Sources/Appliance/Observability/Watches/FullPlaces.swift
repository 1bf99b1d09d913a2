package import IO

/// Which of the places where programs make files have no room left: a machine without I/O.
package struct FullPlaces: Hashable, Sendable {
    package struct Place: Hashable, Sendable {
        /// In words, such as `the home directory`.
        package var name: String
        package var path: String

        package init(name: String, path: String) {
            self.name = name
            self.path = path
        }
    }

    package private(set) var names: [String] = []

    package init() {}

    /// Takes what is left in each place, by its name; `nil` where that is not known.
    ///
    /// - Returns: Whether others are full than before.
    package mutating func handle(_ left: [(String, FreeSpace?)]) -> Bool {
        let before = names
        names = left.compactMap { name, space in
            guard let space else { return nil }
            // Once it is full it stays so until there is room worth the name, lest it is told again and again.
            let least = before.contains(name) ? Self.enough : Self.full
            return space.bytes < least || space.files == 0 ? name : nil
        }
        return names != before
    }

    /// A sentence; `nil` if there is room everywhere.
    package var words: String? {
        names.isEmpty ? nil : "there is no room left in \(names.joined(separator: ", "))"
    }

    /// Bytes below which hardly a file can be made.
    private static let full = 65_536
    private static let enough = 131_072
}
