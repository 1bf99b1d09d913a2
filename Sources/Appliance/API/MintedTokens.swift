package import Access

/// The tokens that were made here, to be listed and withdrawn; without the signature, which nobody can make again.
package struct MintedTokens: Sendable {
    private var tokens: [Identifier: JoinToken] = [:]
    private let capacity: Int

    package init(capacity: Int = 16_384) {
        self.capacity = capacity
    }

    package var count: Int { tokens.count }

    /// Those that have not expired, the one that expires first in front.
    ///
    /// - Parameter now: Seconds since 1970.
    package func valid(at now: Int64) -> [JoinToken] {
        tokens.values.filter { $0.expires > now }
            .sorted { ($0.expires, $0.id?.text ?? "") < ($1.expires, $1.id?.text ?? "") }
    }

    /// Remembers one that has an identifier; `false` if no more can be.
    package mutating func add(_ token: JoinToken, now: Int64) -> Bool {
        guard let id = token.id else { return false }
        if tokens.count >= capacity { tokens = tokens.filter { $0.value.expires > now } }
        guard tokens.count < capacity else { return false }
        tokens[id] = token
        return true
    }

    /// Forgets what has been withdrawn.
    package mutating func remove(_ withdrawal: WithdrawnTokens.Withdrawal) {
        switch withdrawal {
        case .id(let id): tokens[id] = nil
        case .subject(let subject): tokens = tokens.filter { $0.value.subject != subject }
        }
    }
}
