import Access

/// Whoever makes the room's tokens, and a time to make them at.
struct Signer {
    let key: TokenKey

    init(_ algorithm: SignatureAlgorithm = .edDSA) throws {
        key =
            algorithm == .hs256
            ? try TokenKey(secret: Array("a secret of more than 32 characters".utf8))
            : TokenKey(try AsymmetricKey.generate(algorithm))
    }

    /// Seconds since 1970.
    static let now: Int64 = 1_800_000_000

    var verifier: TokenVerifier {
        get throws { TokenVerifier(room: try identifier("room-1"), keys: TokenKeys([key])) }
    }

    /// A client's token for an hour.
    func token(id: String? = nil, isOneUse: Bool = false) throws -> JoinToken {
        JoinToken(
            room: try identifier("room-1"),
            subject: try identifier("client-17"),
            role: .client,
            expires: Self.now + 3_600,
            issued: Self.now,
            id: try id.map { try identifier($0) },
            isOneUse: isOneUse
        )
    }

    /// Signs claims as they are, which no room would.
    func sign(_ claims: String) throws -> String {
        try JSONWebSignature.sign(JSONObject(parsing: Array(claims.utf8)), with: key)
    }
}

struct NoIdentifier: Error {}

func identifier(_ text: String) throws -> Identifier {
    guard let identifier = Identifier(text) else { throw NoIdentifier() }
    return identifier
}
