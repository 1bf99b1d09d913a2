import Access
import Testing
import Wire

@Suite struct TokenVerifierTests {
    private let now = Signer.now

    @Test(arguments: SignatureAlgorithm.allCases)
    func whatIsSignedComesBack(_ algorithm: SignatureAlgorithm) throws {
        let signer = try Signer(algorithm)
        let token = JoinToken(
            room: try identifier("room-1"),
            subject: try identifier("parent@home.example"),
            name: "Zoë \"Z\" 李",
            role: .caregiver,
            given: [.pointer, .fileIn],
            taken: [.chat],
            expires: now + 60,
            notBefore: now - 5,
            issued: now,
            id: .random(),
            isOneUse: true,
            isAdmin: true
        )
        #expect(try signer.verifier.verify(token.signed(with: signer.key), at: now) == token)
        let least = try signer.token()
        #expect(try signer.verifier.verify(least.signed(with: signer.key), at: now) == least)
    }

    /// With what a clinic's own library makes of it: times with fractions, more claims, an audience.
    @Test func claimsOfOthersAreUnderstood() throws {
        let signer = try Signer()
        let token = try signer.verifier.verify(
            signer.sign(
                #"""
                {"iss":"clinic","aud":["other","deskroom"],"room":"room-1","sub":"a|b","exp":1.8000036e9,"iat":1799999999.5,
                "scope":"openid admin","email_verified":true}
                """#
            ),
            at: now
        )
        #expect(token.isAdmin && token.role == nil && token.expires == now + 3_600 && token.issued == now - 1)
        #expect(RightsTable().rights(of: token) == [])
    }

    @Test func eachForgeryIsRefused() throws {
        let signer = try Signer(.es256)
        let text = try signer.token().signed(with: signer.key)
        let parts = text.split(separator: ".").map(String.init)
        let claims = Base64URL.encode(
            Array(#"{"room":"room-1","sub":"me","role":"clinician","exp":1900000000}"#.utf8)
        )
        let none = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
        let hs256 = Base64URL.encode(Array(#"{"alg":"HS256"}"#.utf8))
        #expect(try signer.verifier.verify(text, at: now) == signer.token())

        try refuse("\(parts[0]).\(claims).\(parts[2])", .forged, by: signer)
        try refuse("\(none).\(claims).", .unsupported, by: signer)
        try refuse("\(none).\(claims).\(parts[2])", .unsupported, by: signer)
        try refuse("\(hs256).\(claims).\(parts[2])", .wrongAlgorithm, by: signer)
        try refuse(try Signer(.es256).token().signed(with: Signer(.es256).key), .forged, by: signer)
        try refuse(try Signer(.hs256).token().signed(with: Signer(.hs256).key), .wrongAlgorithm, by: signer)
        try refuse(text + "." + parts[2], .damaged, by: signer)
        try refuse(String(text.dropLast()), nil, by: signer)
        try refuse(text + String(repeating: "A", count: 4_096), .tooLong, by: signer)
        try refuse("", .damaged, by: signer)
    }

    /// RFC 8725 §2.1: whoever knows the public key signs with it as if it were a secret.
    @Test func aPublicKeyIsNoSecret() throws {
        let pair = try AsymmetricKey.generate(.es256)
        let verifier = TokenVerifier(
            room: try identifier("room-1"),
            keys: try TokenKeys(file: Array(pair.publicPEM.utf8))
        )
        let der = try #require(Base64.decode(KnownKeys.base64(of: pair.publicPEM)))
        for secret in [
            Array(pair.publicPEM.utf8), Array(pair.publicPEM.utf8.dropLast()), der, Array(der.suffix(65)),
        ] {
            let content =
                Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "."
                + Base64URL.encode(try payload())
            let text = content + "." + Base64URL.encode(HMAC.sha256(of: Array(content.utf8), secret))
            let refusal = #expect(throws: TokenRefusal.self) { try verifier.verify(text, at: now) }
            #expect(refusal == .wrongAlgorithm)
        }
        // And a room that has a secret, too, does not try the public key as one.
        let both = TokenVerifier(
            room: try identifier("room-1"),
            keys: TokenKeys([TokenKey(pair), try Signer(.hs256).key])
        )
        let content =
            Base64URL.encode(Array(#"{"alg":"HS256"}"#.utf8)) + "." + Base64URL.encode(try payload())
        let text =
            content + "." + Base64URL.encode(HMAC.sha256(of: Array(content.utf8), Array(pair.publicPEM.utf8)))
        #expect(throws: TokenRefusal.forged) { try both.verify(text, at: now) }
    }

    @Test func timesAreKeptWithinTheLeeway() throws {
        let signer = try Signer()
        var token = try signer.token()
        token.notBefore = now + 100
        token.expires = now + 200
        let text = try token.signed(with: signer.key)
        for (second, refusal) in [
            (69, .notYetValid(seconds: 1)), (-3_530, .notYetValid(seconds: 3_600)), (70, nil), (100, nil),
            (229, nil),
            (230, .expired), (100_000, .expired),
        ] as [(Int64, TokenRefusal?)] {
            if let refusal {
                #expect(throws: refusal) { try signer.verifier.verify(text, at: now + second) }
            } else {
                #expect(try signer.verifier.verify(text, at: now + second) == token)
            }
        }
        // Whoever is in stays in.
        #expect(try signer.verifier.verify(text, at: now + 100_000, isReturn: true) == token)
        token.notBefore = nil
        token.issued = now + 31
        try refuse(try token.signed(with: signer.key), .notYetValid(seconds: 1), by: signer)
    }

    @Test func aTokenForAnotherRoomIsRefused() throws {
        let signer = try Signer()
        var token = try signer.token()
        token.room = try identifier("room-2")
        try refuse(try token.signed(with: signer.key), .otherRoom, by: signer)
        try refuse(
            try signer.sign(#"{"aud":"mail","room":"room-1","sub":"a","role":"client","exp":1900000000}"#),
            .otherAudience,
            by: signer
        )
    }

    /// Signed rightly, and yet not understood in one way only.
    @Test(arguments: [
        ("room", #""sub":"a","role":"client","exp":1900000000"#),
        ("room", #""room":"","sub":"a","role":"client","exp":1900000000"#),
        ("room", #""room":["room-1"],"sub":"a","role":"client","exp":1900000000"#),
        ("sub", #""room":"room-1","role":"client","exp":1900000000"#),
        ("sub", #""room":"room-1","sub":"two words","role":"client","exp":1900000000"#),
        ("role", #""room":"room-1","sub":"a","exp":1900000000"#),
        ("role", #""room":"room-1","sub":"a","role":"admin","exp":1900000000"#),
        ("role", #""room":"room-1","sub":"a","role":null,"exp":1900000000"#),
        ("exp", #""room":"room-1","sub":"a","role":"client""#),
        ("exp", #""room":"room-1","sub":"a","role":"client","exp":"1900000000""#),
        ("exp", #""room":"room-1","sub":"a","role":"client","exp":1e300"#),
        ("exp", #""room":"room-1","sub":"a","role":"client","exp":-1"#),
        ("nbf", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"nbf":true"#),
        ("iat", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"iat":null"#),
        ("jti", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"jti":7"#),
        ("jti", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"once":true"#),
        ("once", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"jti":"x","once":1"#),
        ("give", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"give":["fly"]"#),
        ("take", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"take":"chat""#),
        ("scope", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"scope":["admin"]"#),
        ("name", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"name":{}"#),
        ("aud", #""room":"room-1","sub":"a","role":"client","exp":1900000000,"aud":7"#),
    ])
    func aClaimThatIsMissingOrOfAnotherKindIsNamed(_ claim: String, _ claims: String) throws {
        let signer = try Signer()
        try refuse(try signer.sign("{\(claims)}"), .badClaim(claim), by: signer)
    }

    @Test func adminIsAWordOfTheScopeAndNothingLess() throws {
        let signer = try Signer()
        for scope in ["administrator", "adminx admi", "", "ADMIN"] {
            let token = try signer.verifier.verify(
                signer.sign(
                    #"{"room":"room-1","sub":"a","role":"client","exp":1900000000,"scope":"\#(scope)"}"#
                ),
                at: now
            )
            #expect(!token.isAdmin)
        }
    }

    @Test func aTokenThatNobodyWouldReadIsNotMade() throws {
        let signer = try Signer()
        var token = try signer.token()
        token.name = String(repeating: "x", count: 4_096)
        #expect(throws: UnusableKey.self) { try token.signed(with: signer.key) }
        let key = try TokenKeys(file: Array(AsymmetricKey.generate().publicPEM.utf8)).keys[0]
        #expect(throws: UnusableKey.self) { try signer.token().signed(with: key) }
    }

    /// A client's claims as they are signed.
    private func payload() throws -> [UInt8] {
        let signer = try Signer()
        return try JSONWebSignature(parsing: signer.token().signed(with: signer.key)).payload
    }

    private func refuse(_ text: String, _ expected: TokenRefusal?, by signer: Signer) throws {
        let refusal = #expect(throws: TokenRefusal.self) { try signer.verifier.verify(text, at: now) }
        guard let refusal else { return }
        if let expected { #expect(refusal == expected) }
        let words = String(describing: refusal)
        #expect(!words.contains("room-1") && !words.contains("client-17"))
    }
}
