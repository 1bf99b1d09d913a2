/// Which rights each role has, unless a token or the clinician says otherwise.
package struct RightsTable: Hashable, Sendable {
    private var rights: [Role: Rights] = [
        .caregiver: [.see, .hear, .speak, .camera, .chat],
        .client: [.see, .hear, .speak, .camera, .chat, .pointer, .keyboard],
        .clinician: .all,
        .observer: [.see, .hear],
    ]

    package init() {}

    package subscript(role: Role) -> Rights { rights[role] ?? [] }

    /// What a token's bearer may do; what it takes is gone, also if it gives it.
    ///
    /// Nothing for a token that is for the API alone.
    package func rights(of token: JoinToken) -> Rights {
        guard let role = token.role else { return [] }
        return self[role].union(token.given).subtracting(token.taken)
    }

    /// Changes a role's rights as a setting says.
    ///
    /// - Parameter setting: The rights that it has (`see hear chat`), or what is different from those it has now
    ///   (`+record -chat`), with spaces or commas between; `none` for none.
    /// - Throws: ``UnusableRights``, and nothing is changed.
    package mutating func set(_ role: Role, from setting: String) throws(UnusableRights) {
        let words = setting.split { $0 == "," || $0.isWhitespace }
        guard !words.isEmpty else {
            throw UnusableRights("is empty; write none if \(role.rawValue)s may do nothing")
        }
        guard words != ["none"] else {
            rights[role] = []
            return
        }
        let signs = words.map { $0.first == "+" || $0.first == "-" }
        guard Set(signs).count == 1 else {
            throw UnusableRights(
                "has words with and without + or -; write either all rights, or what is different"
            )
        }
        let isChange = signs[0]
        var changed = isChange ? self[role] : []
        for word in words {
            let name = String(isChange ? word.dropFirst() : word)
            guard let right = Rights(names: [name]) else {
                let all = Rights.all.names.joined(separator: ", ")
                throw UnusableRights("has “\(name)”, which is no right; there are \(all)")
            }
            if word.first == "-" { changed.subtract(right) } else { changed.formUnion(right) }
        }
        rights[role] = changed
    }
}

/// What is wrong with a role's setting, in words that go on after its name.
package struct UnusableRights: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ words: String) {
        description = words
    }
}
