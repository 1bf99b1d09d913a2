/// The setting that somebody meant, by how few letters it differs from what they wrote.
package enum NearestName {
    /// `nil` if nothing is near.
    package static func setting(to name: String) -> Setting? {
        let wanted = letters(of: name)
        // A long name must not cost more than it is worth.
        guard !wanted.isEmpty, wanted.count <= longest else { return nil }
        let found = SettingsTable.all
            .map { (setting: $0, distance: distance(wanted, letters(of: $0.key))) }
            .min { $0.distance < $1.distance }
        guard let found, found.distance <= max(2, wanted.count / 4) else { return nil }
        return found.setting
    }

    /// The letters without case, separators and prefix.
    private static func letters(of name: String) -> [UInt8] {
        let letters = name.lowercased().utf8.filter { $0.isLowercaseLetterOrDigit }
        let prefix = Array("deskroom".utf8)
        return letters.starts(with: prefix) ? Array(letters.dropFirst(prefix.count)) : Array(letters)
    }

    /// How many letters have to be put in, left out, replaced or swapped with their neighbour (Damerau 1964; none is
    /// touched twice).
    package static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...other.count)
        for (row, letter) in one.enumerated() {
            var next = [row + 1]
            for (column, wanted) in other.enumerated() {
                var cost = min(last[column + 1], next[column]) + 1
                cost = min(cost, last[column] + (letter == wanted ? 0 : 1))
                if row > 0, column > 0, letter == other[column - 1], one[row - 1] == wanted {
                    cost = min(cost, before[column - 1] + 1)
                }
                next.append(cost)
            }
            (before, last) = (last, next)
        }
        return last[other.count]
    }

    private static let longest = 64
}

extension UInt8 {
    fileprivate var isLowercaseLetterOrDigit: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
