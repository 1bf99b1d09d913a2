/// Decides by keys, room and time alone whether a token is what it says; ``TokenDoor`` asks what else has happened.
package struct TokenVerifier: Sendable {
    /// Set anew whenever their file has changed.
    package var keys: TokenKeys
    package let room: Identifier
    /// Seconds by which the clock of whoever signs may differ from ours, in both directions.
    package let leeway: Int64

    package init(room: Identifier, keys: TokenKeys, leeway: Int64 = 30) {
        self.room = room
        self.keys = keys
        self.leeway = leeway
    }

    /// Checks the signature, then whom and which time it is for.
    ///
    /// - Parameters:
    ///   - now: Seconds since 1970.
    ///   - isReturn: Somebody who is in the room already comes back: a token that has expired meanwhile will do.
    package func verify(
        _ text: String,
        at now: Int64,
        isReturn: Bool = false
    ) throws(TokenRefusal) -> JoinToken {
        let signature = try JSONWebSignature(parsing: text)
        try keys.verify(signature)
        guard let claims = try? JSONObject(parsing: signature.payload) else { throw .damaged }
        let token = try JoinToken(claims: claims)
        guard token.room == room else { throw .otherRoom }
        let start = max(token.notBefore ?? 0, token.issued ?? 0)
        guard now >= start - leeway else { throw .notYetValid(seconds: start - leeway - now) }
        guard isReturn || now < token.expires + leeway else { throw .expired }
        return token
    }
}
