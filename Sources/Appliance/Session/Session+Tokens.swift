package import Access
package import Audit
internal import IO
internal import Wire

/// What is shown to join, and who does not get in by it any more.
extension Session {
    /// Refuses a token, or all that somebody was given so far, from now on, and ends the connections of whoever is here
    /// by one.
    ///
    /// - Parameter actor: Who does that.
    package func withdraw(
        _ withdrawal: WithdrawnTokens.Withdrawal,
        by actor: AuditActor = .api
    ) async throws(WithdrawnTokens.Full) {
        let people = try door.withdraw(withdrawal, present: roster.membership.tokens)
        switch withdrawal {
        case .id(let id): audit.append(.tokenWithdrawn(id: id, by: actor))
        case .subject(let subject): audit.append(.subjectWithdrawn(subject, by: actor))
        }
        await reception.dismiss(people)
    }

    /// What a token of the clinic's back end says, which need not be one to join with.
    package func authorize(
        _ token: String,
        from share: NetworkShare?
    ) throws(TokenRefusal) -> JoinToken {
        try door.authorize(token, from: share, now: .now())
    }

    /// The keys that tokens are checked by have changed; who is in the room stays.
    package func setKeys(_ keys: TokenKeys) { door.keys = keys }
}
