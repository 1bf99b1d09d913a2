package import Wire

/// All that a token has to pass before it lets somebody in: how often its address has tried, signature and time, whether
/// it was withdrawn, whether it has been used.
///
/// Refusals are counted, never entries: many people behind one address who come in harm nobody.
package struct TokenDoor: Sendable {
    package var verifier: TokenVerifier
    /// Set only to what it was before, or to what another door has remembered.
    package var memory: TokenMemory
    private var addresses: GuessAllowance<NetworkShare>
    /// Tokens that are signed rightly and refused for something else: somebody's old link, tried again and again.
    private var tokens: GuessAllowance<Identifier>

    package init(
        _ verifier: TokenVerifier,
        memory: TokenMemory = TokenMemory(),
        addresses: GuessAllowance<NetworkShare> = GuessAllowance(),
        tokens: GuessAllowance<Identifier> = GuessAllowance()
    ) {
        self.verifier = verifier
        self.memory = memory
        self.addresses = addresses
        self.tokens = tokens
    }

    /// Lets somebody in, or says why not.
    ///
    /// - Parameters:
    ///   - share: Where it comes from; `nil` if that is not known.
    ///   - isReturn: By their resume secret somebody is known to be in already: a token that was used, or has expired
    ///     meanwhile, will do.
    ///   - seconds: Since 1970.
    ///   - now: On the monotonic clock.
    package mutating func enter(
        _ text: String,
        from share: NetworkShare?,
        isReturn: Bool = false,
        at seconds: Int64,
        now: Instant
    ) throws(TokenRefusal) -> JoinToken {
        // Whoever has proved to be in does not suffer from what their neighbours do, or others with their link.
        if !isReturn, let share { try Self.ask(addresses, share, now) }
        let token: JoinToken
        do throws(TokenRefusal) {
            token = try verifier.verify(text, at: seconds, isReturn: isReturn)
        } catch {
            if let share, error.isGuess { addresses.handleFailure(of: share, now: now) }
            throw error
        }
        if !isReturn, let id = token.id { try Self.ask(tokens, id, now) }
        do throws(TokenRefusal) {
            guard !memory.withdrawn.contain(token) else { throw .withdrawn }
            if token.isOneUse, !isReturn, let id = token.id {
                try memory.spent.spend(id, until: token.expires + verifier.leeway, now: seconds)
            }
            return token
        } catch {
            if let id = token.id { tokens.handleFailure(of: id, now: now) }
            throw error
        }
    }

    /// Looks at a token that is not used up by it: of somebody who tests their devices before they come in.
    ///
    /// - Parameters: As ``enter(_:from:isReturn:at:now:)``.
    package mutating func look(
        at text: String,
        from share: NetworkShare?,
        at seconds: Int64,
        now: Instant
    ) throws(TokenRefusal) {
        if let share { try Self.ask(addresses, share, now) }
        do throws(TokenRefusal) {
            guard !memory.withdrawn.contain(try verifier.verify(text, at: seconds)) else { throw .withdrawn }
        } catch {
            if let share, error.isGuess { addresses.handleFailure(of: share, now: now) }
            throw error
        }
    }

    /// Withdraws; returns which of those who are in the room have to be disconnected.
    ///
    /// - Parameters:
    ///   - present: By whatever they are known, the tokens of those in the room.
    ///   - seconds: Since 1970.
    package mutating func withdraw<ID>(
        _ withdrawal: WithdrawnTokens.Withdrawal,
        at seconds: Int64,
        present: [ID: JoinToken]
    ) throws(WithdrawnTokens.Full) -> [ID] {
        try memory.withdrawn.withdraw(withdrawal, now: seconds)
        return present.filter { memory.withdrawn.contain($0.value) }.map(\.key)
    }

    private static func ask<Source>(
        _ allowance: GuessAllowance<Source>,
        _ source: Source,
        _ now: Instant
    ) throws(TokenRefusal) {
        let wait = allowance.wait(of: source, now: now)
        guard wait > .zero else { return }
        throw .tooManyTries(seconds: (wait.nanoseconds - 1) / 1_000_000_000 + 1)
    }
}
