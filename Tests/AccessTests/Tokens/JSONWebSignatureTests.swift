import Access
import TestSupport
import Testing
import Wire

/// The standards' examples, and everything that is not quite like them.
@Suite struct JSONWebSignatureTests {
    /// RFC 7515 appendix A.1.
    private static let hs256 = """
        eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvb\
        S9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
        """
    /// RFC 7515 appendix A.3.
    private static let es256 = """
        eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf\
        Q.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q
        """
    /// RFC 8037 appendix A.4.
    private static let edDSA = """
        eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4i\
        ylGjg5BhVsPt9g7sVvpAr_MuM0KAg
        """

    private static func examples() throws -> [(text: String, keys: TokenKeys)] {
        let secret = try TokenKey(secret: #require(Base64URL.decode(KnownKeys.secret)))
        return [
            (hs256, TokenKeys([secret])), (es256, try TokenKeys(file: Array(KnownKeys.p256.utf8))),
            (edDSA, try TokenKeys(file: Array(KnownKeys.ed25519.utf8))),
        ]
    }

    @Test func theExamplesOfTheStandardsAreConfirmed() throws {
        for (text, keys) in try Self.examples() { try keys.verify(JSONWebSignature(parsing: text)) }
        let payload = try JSONWebSignature(parsing: Self.es256).payload
        #expect(try JSONObject(parsing: payload)["exp"] == .integer(1_300_819_380))
        #expect(try JSONWebSignature(parsing: Self.edDSA).payload == Array("Example of Ed25519 signing".utf8))
    }

    /// RFC 8037's signature is the only one that its key makes.
    @Test func signingTheExampleMakesItsSignature() throws {
        let key = try AsymmetricKey(jwk: JSONObject(parsing: Array(KnownKeys.ed25519Private.utf8)))
        let parts = Self.edDSA.split(separator: ".")
        #expect(try Base64URL.encode(key.sign(Array("\(parts[0]).\(parts[1])".utf8))) == parts[2])
    }

    @Test func noKeyConfirmsWhatAnotherHasSigned() throws {
        let examples = try Self.examples()
        for (index, example) in examples.enumerated() {
            for (other, wrong) in examples.enumerated() where other != index {
                #expect(throws: TokenRefusal.wrongAlgorithm) {
                    try wrong.keys.verify(JSONWebSignature(parsing: example.text))
                }
            }
            let stranger = try TokenKeys([
                TokenKey(secret: [UInt8](repeating: 7, count: 32)), TokenKey(.generate(.es256)),
                TokenKey(.generate()),
            ])
            #expect(throws: TokenRefusal.forged) {
                try stranger.verify(JSONWebSignature(parsing: example.text))
            }
        }
    }

    @Test func everyTruncationIsRefused() throws {
        for (text, keys) in try Self.examples() {
            for count in 0..<text.utf8.count {
                #expect(throws: TokenRefusal.self) {
                    try keys.verify(JSONWebSignature(parsing: String(text.prefix(count))))
                }
            }
        }
    }

    /// Every other text that stands for the same bytes, too.
    @Test func everyChangedCharacterIsRefused() throws {
        for (text, keys) in try Self.examples() {
            let characters = Array(text.utf8)
            for index in characters.indices {
                for other in "A_-.=+ é".utf8 where other != characters[index] {
                    var changed = characters
                    changed[index] = other
                    #expect(throws: TokenRefusal.self) {
                        try keys.verify(JSONWebSignature(parsing: String(decoding: changed, as: UTF8.self)))
                    }
                }
            }
            for more in [text + "=", text + ".", "." + text, text + "A", " " + text, text + "\n"] {
                #expect(throws: TokenRefusal.self) { try keys.verify(JSONWebSignature(parsing: more)) }
            }
        }
    }

    @Test(arguments: [
        (#"{"alg":"none"}"#, TokenRefusal.unsupported), (#"{"alg":"NONE"}"#, .unsupported),
        (#"{"alg":""}"#, .unsupported), (#"{"alg":"HS512"}"#, .unsupported),
        (#"{"alg":"hs256"}"#, .unsupported),
        (#"{"alg":"RS256"}"#, .unsupported), (#"{}"#, .damaged), (#"{"alg":null}"#, .damaged),
        (#"{"alg":1}"#, .damaged),
        (#"["HS256"]"#, .damaged), (#"{"alg":"HS256","alg":"none"}"#, .damaged),
        (#"{"alg":"HS256","crit":["exp"],"exp":1}"#, .unsupported),
        (#"{"alg":"HS256","crit":[]}"#, .unsupported),
        (#"{"alg":"HS256","b64":false,"crit":["b64"]}"#, .unsupported),
        (#"{"alg":"HS256","typ":"at+jwt"}"#, .unsupported), (#"{"alg":"HS256","typ":"JOSE"}"#, .unsupported),
        (#"{"alg":"HS256","typ":1}"#, .unsupported), (#"{"alg":"HS256","kid":1}"#, .damaged),
        (#"{"alg":"HS256","kid":"other"}"#, .unknownKey), (#"{"alg":"ES256","kid":"mine"}"#, .wrongAlgorithm),
    ])
    func aHeaderThatIsNotOursIsRefused(_ header: String, _ refusal: TokenRefusal) throws {
        let key = try TokenKey(secret: Array("a secret of more than 32 characters".utf8), id: "mine")
        let keys = TokenKeys([key])
        // Signed by the right key all the same, and not at all.
        let token = try hmac(of: header, key)
        let unsigned = token[...(token.lastIndex(of: ".") ?? token.startIndex)]
        for text in [token, String(unsigned)] {
            #expect(throws: refusal) { try keys.verify(JSONWebSignature(parsing: text)) }
        }
    }

    @Test(arguments: [
        #"{"alg":"HS256"}"#, #"{"alg":"HS256","typ":"jwt"}"#, #"{"alg":"HS256","typ":"application/JWT"}"#,
        #"{"alg":"HS256","kid":"mine"}"#, #"{"alg":"HS256","jku":"https://elsewhere.example","x5c":[]}"#,
    ])
    func aHeaderThatSaysTheSameInOtherWordsIsTaken(_ header: String) throws {
        let key = try TokenKey(secret: Array("a secret of more than 32 characters".utf8), id: "mine")
        try TokenKeys([key]).verify(JSONWebSignature(parsing: hmac(of: header, key)))
    }

    @Test func theNameOfAKeyChoosesAmongThoseThatHaveOne() throws {
        let one = try AsymmetricKey.generate(), two = try AsymmetricKey.generate()
        let token = try JSONWebSignature.sign(JSONObject([:]), with: TokenKey(one, id: "one"))
        let signature = try JSONWebSignature(parsing: token)
        try TokenKeys([TokenKey(two, id: "two"), TokenKey(one, id: "one")]).verify(signature)
        try TokenKeys([TokenKey(two), TokenKey(one)]).verify(signature)
        #expect(throws: TokenRefusal.unknownKey) {
            try TokenKeys([TokenKey(one, id: "two")]).verify(signature)
        }
        #expect(throws: TokenRefusal.forged) { try TokenKeys([TokenKey(two, id: "one")]).verify(signature) }
        #expect(throws: TokenRefusal.unknownKey) { try TokenKeys([]).verify(signature) }
    }

    @Test func whatIsLongerThanAnAddressIsNotLookedAt() {
        #expect(throws: TokenRefusal.tooLong) {
            try JSONWebSignature(parsing: String(repeating: "A", count: JSONWebSignature.longest + 1))
        }
        #expect(throws: TokenRefusal.damaged) {
            try JSONWebSignature(parsing: String(repeating: ".", count: JSONWebSignature.longest))
        }
    }

    @Test func arbitraryTextIsRefused() {
        var numbers = SplitMix64(seed: 2)
        for _ in 0..<20_000 {
            let bytes = numbers.bytes(upTo: 60)
            let parts = [bytes, numbers.bytes(upTo: 9), numbers.bytes(upTo: 9)].map { Base64URL.encode($0) }
            for text in [String(decoding: bytes, as: UTF8.self), parts.joined(separator: ".")] {
                #expect((try? JSONWebSignature(parsing: text)) == nil)
            }
        }
    }

    /// A token with a header of our choosing.
    private func hmac(of header: String, _ key: TokenKey) throws -> String {
        let content = Base64URL.encode(Array(header.utf8)) + ".e30"
        return content + "." + Base64URL.encode(try key.sign(Array(content.utf8)))
    }
}
