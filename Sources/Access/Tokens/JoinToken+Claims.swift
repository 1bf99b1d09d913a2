extension JoinToken {
    /// Reads the claims of a token whose signature is known to be right.
    ///
    /// - Throws: ``TokenRefusal/badClaim(_:)`` with the name of the claim, or ``TokenRefusal/otherAudience``.
    init(claims: JSONObject) throws(TokenRefusal) {
        try Self.checkAudience(claims["aud"])
        room = try Self.identifier("room", of: claims)
        subject = try Self.identifier("sub", of: claims)
        name = try Self.optional("name", of: claims) { $0.text }
        id = try Self.optional("jti", of: claims) { $0.text.flatMap(Identifier.init) }
        isOneUse =
            try Self.optional("once", of: claims) { $0 == .bool(true) || $0 == .bool(false) ? $0 : nil }
            == .bool(true)
        guard id != nil || !isOneUse else { throw .badClaim("jti") }

        let scope = try Self.optional("scope", of: claims) { $0.text }
        isAdmin = scope?.split(separator: " ").contains("admin") ?? false
        role = try Self.optional("role", of: claims) { $0.text.flatMap(Role.init) }
        guard role != nil || isAdmin else { throw .badClaim("role") }
        given = try Self.optional("give", of: claims) { $0.texts.flatMap(Rights.init(names:)) } ?? []
        taken = try Self.optional("take", of: claims) { $0.texts.flatMap(Rights.init(names:)) } ?? []

        guard let expires = try Self.optional("exp", of: claims, Self.seconds) else { throw .badClaim("exp") }
        self.expires = expires
        notBefore = try Self.optional("nbf", of: claims, Self.seconds)
        issued = try Self.optional("iat", of: claims, Self.seconds)
    }

    /// As they are signed; a member that says nothing is left out.
    var claims: JSONObject {
        JSONObject([
            "room": .string(room.text),
            "sub": .string(subject.text),
            "name": name.map { .string($0) },
            "role": role.map { .string($0.rawValue) },
            "give": given.isEmpty ? nil : .array(given.names.map { .string($0) }),
            "take": taken.isEmpty ? nil : .array(taken.names.map { .string($0) }),
            "scope": isAdmin ? .string("admin") : nil,
            "exp": .integer(expires),
            "nbf": notBefore.map { .integer($0) },
            "iat": issued.map { .integer($0) },
            "jti": id.map { .string($0.text) },
            "once": isOneUse ? .bool(true) : nil,
        ])
    }

    private static func identifier(
        _ name: StaticString,
        of claims: JSONObject
    ) throws(TokenRefusal) -> Identifier {
        let read = try optional(name, of: claims) { $0.text.flatMap(Identifier.init) }
        guard let read else { throw .badClaim(name.description) }
        return read
    }

    /// A claim that may be missing, but not be anything else than `read` takes.
    private static func optional<Value>(
        _ name: StaticString,
        of claims: JSONObject,
        _ read: (JSONValue) -> Value?
    ) throws(TokenRefusal) -> Value? {
        guard let value = claims[name.description] else { return nil }
        guard let read = read(value) else { throw .badClaim(name.description) }
        return read
    }

    /// A NumericDate (RFC 7519 §2), which may have a fraction.
    private static func seconds(_ value: JSONValue) -> Int64? {
        let seconds: Int64? =
            switch value {
            case .integer(let number): number
            case .number(let number): Int64(exactly: number.rounded(.down))
            default: nil
            }
        return seconds.flatMap { (0...latest).contains($0) ? $0 : nil }
    }

    private static func checkAudience(_ audience: JSONValue?) throws(TokenRefusal) {
        guard let audience else { return }
        let names = audience.texts ?? audience.text.map { [$0] }
        guard let names else { throw .badClaim("aud") }
        guard names.contains(Self.audience) else { throw .otherAudience }
    }

    private static let audience = "deskroom"
    /// The end of the year 9999.
    private static let latest: Int64 = 253_402_300_799
}
