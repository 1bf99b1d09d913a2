/// Tokens that are refused although they are signed rightly and have not expired.
///
/// They are remembered as long as the room lives: nobody here knows when the last token of a subject expires.
package struct WithdrawnTokens: Codable, Hashable, Sendable {
    package enum Withdrawal: Hashable, Sendable {
        /// The token with this identifier.
        case id(Identifier)
        /// All tokens of this subject that have been made so far; later ones are good.
        case subject(Identifier)
    }

    /// No more can be remembered.
    package struct Full: Error, Hashable, Sendable, CustomStringConvertible {
        package init() {}

        package var description: String {
            "No more tokens can be withdrawn in this session: change the key they are signed with, or end the session."
        }
    }

    private var ids: Set<Identifier> = []
    /// By subject, the second of the last withdrawal.
    private var subjects: [Identifier: Int64] = [:]
    private var capacity = Self.most

    /// - Parameter capacity: Identifiers and subjects that are remembered, each at most 128 bytes.
    package init(capacity: Int = Self.most) {
        self.capacity = capacity
    }

    package var count: Int { ids.count + subjects.count }

    /// Withdraws; who is in the room by a token that ``contain(_:)`` has to be disconnected by the caller.
    ///
    /// - Parameter now: Seconds since 1970.
    package mutating func withdraw(_ withdrawal: Withdrawal, now: Int64) throws(Full) {
        let isKnown =
            switch withdrawal {
            case .id(let id): ids.contains(id)
            case .subject(let subject): subjects[subject] != nil
            }
        guard isKnown || count < capacity else { throw Full() }
        switch withdrawal {
        case .id(let id): ids.insert(id)
        case .subject(let subject): subjects[subject] = max(now, subjects[subject] ?? now)
        }
    }

    /// Whether a token has been withdrawn.
    package func contain(_ token: JoinToken) -> Bool {
        if let id = token.id, ids.contains(id) { return true }
        guard let moment = subjects[token.subject] else { return false }
        // One that does not say when it was made may have been made before.
        return token.issued.map { $0 <= moment } ?? true
    }

    /// How many are remembered says whoever remembers them.
    private enum CodingKeys: CodingKey { case ids, subjects }

    /// As ``SpentTokens/most``.
    package static let most = 4_096
}
