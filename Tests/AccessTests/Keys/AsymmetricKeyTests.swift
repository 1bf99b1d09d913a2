import Access
import Testing

@Suite struct AsymmetricKeyTests {
    private let content = Array("what is signed".utf8)

    @Test(arguments: [SignatureAlgorithm.edDSA, .es256])
    func whatAKeySignsItConfirmsAndNothingElse(_ algorithm: SignatureAlgorithm) throws {
        let key = try AsymmetricKey.generate(algorithm)
        let signature = try key.sign(content)
        #expect(key.algorithm == algorithm && key.isPrivate && signature.count == 64)
        #expect(key.isValid(signature, of: content))
        #expect(!key.isValid(signature, of: content + [0]))
        #expect(try !AsymmetricKey.generate(algorithm).isValid(signature, of: content))
        for bit in 0..<(8 * signature.count) {
            var changed = signature
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.isValid(changed, of: content))
        }
        for count in [0, 1, 63] { #expect(!key.isValid(Array(signature[..<count]), of: content)) }
        #expect(!key.isValid(signature + [0], of: content))
        #expect(!key.isValid([UInt8](repeating: 0, count: 64), of: content))
    }

    @Test func aPublicKeyConfirmsAndCannotSign() throws {
        for (whole, open) in [
            (KnownKeys.p256Private, KnownKeys.p256PEM), (KnownKeys.ed25519Private, KnownKeys.ed25519PEM),
        ] {
            let signature = try jwk(whole).sign(content)
            let key = try #require(try AsymmetricKey.all(pem: Array(open.utf8)).first)
            #expect(!key.isPrivate && key.isValid(signature, of: content))
            #expect(throws: UnusableKey.self) { try key.sign(content) }
            #expect(key.publicPEM == open)
            #expect(try jwk(whole).publicPEM == open)
        }
    }

    /// In all forms of a file.
    @Test func aPEMFileMayHaveSeveralKeys() throws {
        let file =
            KnownKeys.p256PrivatePEM + "a remark\n" + KnownKeys.ed25519PEM + KnownKeys.ed25519PrivatePEM
        let keys = try AsymmetricKey.all(pem: Array(file.utf8))
        #expect(keys.map(\.algorithm) == [.es256, .edDSA, .edDSA])
        #expect(keys.map(\.isPrivate) == [true, false, true])
        #expect(keys.map(\.publicPEM) == [KnownKeys.p256PEM, KnownKeys.ed25519PEM, KnownKeys.ed25519PEM])
    }

    @Test(arguments: [
        ("", "there is no key in it"), ("what is this", "there is no key in it"),
        (KnownKeys.p384PEM, "neither"), (KnownKeys.certificatePEM, "certificate"),
        (KnownKeys.encryptedPEM, "passphrase"),
        (KnownKeys.p256PEM.replacing("PUBLIC", with: "PRIVATE"), "damaged"),
        (KnownKeys.p256PEM.replacing("PUBLIC", with: "DH"), "no key of P-256"),
    ])
    func aPEMFileThatCannotBeUsedIsRefusedInWords(_ file: String, _ words: String) throws {
        let error = #expect(throws: UnusableKey.self) { try AsymmetricKey.all(pem: Array(file.utf8)) }
        #expect(try #require(error).description.contains(words))
    }

    @Test(arguments: [
        ("{}", "kty"), (#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, "kty"),
        (#"{"kty":"oct","k":"\#(KnownKeys.secret)"}"#, "secret"),
        (KnownKeys.p256.replacing("P-256", with: "P-384"), "crv"),
        (KnownKeys.p256.replacing("\"y\"", with: "\"z\""), "“y” is not 32 bytes"),
        (KnownKeys.p256.replacing("f83O", with: "e83O"), "no point"),
        (KnownKeys.p256.replacing("f83O", with: "f83"), "“x” is not 32 bytes"),
        (KnownKeys.p256Private.replacing("jpsQ", with: "jpsR"), "belongs to another"),
        (KnownKeys.ed25519Private.replacing("nWGx", with: "nWGy"), "belongs to another"),
        (KnownKeys.ed25519.replacing("11qY", with: "11q"), "“x” is not 32 bytes"),
    ])
    func aJSONWebKeyThatIsNoneIsRefusedInWords(_ text: String, _ words: String) throws {
        let error = #expect(throws: UnusableKey.self) { try jwk(text) }
        #expect(try #require(error).description.contains(words))
    }

    private func jwk(_ text: String) throws -> AsymmetricKey {
        try AsymmetricKey(jwk: JSONObject(parsing: Array(text.utf8)))
    }
}
