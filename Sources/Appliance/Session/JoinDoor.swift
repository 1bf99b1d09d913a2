internal import Access
internal import RemoteControl
internal import Wire

/// What somebody has to show to join: nothing, or a token that ``TokenDoor`` lets in.
@SessionActor final class JoinDoor {
    /// `nil`: nothing.
    private var tokens: TokenDoor?
    private let memory: RoomMemory?

    /// - Parameter memory: What the room before has left, and where the next one is left which tokens are used up or withdrawn.
    init(_ tokens: TokenDoor?, memory: RoomMemory?) {
        self.tokens = tokens
        self.memory = memory
        if let left = memory?.content.tokens { self.tokens?.memory = left }
    }

    /// Set anew whenever their file has changed.
    var keys: TokenKeys {
        get { tokens?.verifier.keys ?? TokenKeys([]) }
        set { tokens?.verifier.keys = newValue }
    }

    /// Lets somebody in, or says why not; returns who they are, by the name in what they have shown if it has one.
    ///
    /// - Parameters:
    ///   - share: Where they come from.
    ///   - before: What the person was let in by whose resume secret they have.
    func enter(
        _ asked: ClientMessage.Join,
        from share: NetworkShare?,
        before: JoinToken?,
        now: Instant
    ) throws(Refusal) -> (join: ClientMessage.Join, shown: JoinToken?) {
        let shown = try check(asked.token, from: share, before: before, now: now)
        var join = asked
        if let name = try shown?.displayName { join.name = name }
        return (join, shown)
    }

    private func check(
        _ text: String?,
        from share: NetworkShare?,
        before: JoinToken?,
        now: Instant
    ) throws(Refusal) -> JoinToken? {
        guard tokens != nil else { return nil }
        guard let text else { throw Refusal(.tokenMissing) }
        do throws(TokenRefusal) {
            if let before {
                let shown = try enter(text, from: share, isReturn: true, now: now)
                if shown == before { return shown }
                // Another one counts for itself: it must not have expired, nor have been used.
            }
            return try enter(text, from: share, now: now)
        } catch {
            throw Refusal(error)
        }
    }

    /// Nobody is let in by a token for one use of which the next room would not know that it was used.
    private func enter(
        _ text: String,
        from share: NetworkShare?,
        isReturn: Bool = false,
        now: Instant
    ) throws(TokenRefusal) -> JoinToken? {
        let before = tokens?.memory
        let token = try tokens?.enter(text, from: share, isReturn: isReturn, at: Self.seconds, now: now)
        guard leave(after: before) else { throw .spentIsFull }
        return token
    }

    /// Leaves to the next room what the door has taken note of since `before`; `false`: that cannot be, and is undone.
    private func leave(after before: TokenMemory?) -> Bool {
        guard let memory, let before, let now = tokens?.memory, now != before else { return true }
        if memory.update({ $0.tokens = now }) { return true }
        tokens?.memory = before
        return false
    }

    /// Checks a token that is not shown to join.
    func authorize(_ text: String, from share: NetworkShare?, now: Instant) throws(TokenRefusal) -> JoinToken
    {
        guard let token = try enter(text, from: share, now: now) else { throw .unknownKey }
        return token
    }

    /// Whether somebody may test their connection who shows this: whoever could join by it, and it is not used up.
    func look(at text: String?, from share: NetworkShare?, now: Instant) throws(Refusal) {
        guard tokens != nil else { return }
        guard let text else { throw Refusal(.tokenMissing) }
        do throws(TokenRefusal) {
            try tokens?.look(at: text, from: share, at: Self.seconds, now: now)
        } catch {
            throw Refusal(error)
        }
    }

    /// Withdraws; returns whose connections have to end.
    func withdraw(
        _ withdrawal: WithdrawnTokens.Withdrawal,
        present: [ParticipantID: JoinToken]
    ) throws(WithdrawnTokens.Full) -> [ParticipantID] {
        let before = tokens?.memory
        let gone = try tokens?.withdraw(withdrawal, at: Self.seconds, present: present) ?? []
        guard leave(after: before) else { throw WithdrawnTokens.Full() }
        return gone
    }

    private static var seconds: Int64 { RoomClock.milliseconds / 1_000 }
}

extension JoinToken {
    /// What others see; `nil`: whatever the person says.
    var displayName: DisplayName? {
        get throws(Refusal) {
            guard let name else { return nil }
            do {
                return try DisplayName(parsing: name)
            } catch {
                throw Refusal(.tokenBadClaim, ["claim": .text("name")])
            }
        }
    }
}
