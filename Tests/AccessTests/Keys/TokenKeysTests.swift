import Access
import Testing
import Wire

@Suite struct TokenKeysTests {
    @Test func aSecretIsLongAndNoPublicKey() throws {
        _ = try TokenKey(secret: [UInt8](repeating: 1, count: 32))
        #expect(throws: UnusableKey.self) { try TokenKey(secret: [UInt8](repeating: 1, count: 31)) }
        let der = try #require(Base64.decode(KnownKeys.base64(of: KnownKeys.p256PEM)))
        let certificate = try #require(Base64.decode(KnownKeys.base64(of: KnownKeys.certificatePEM)))
        for known in [
            Array(KnownKeys.p256PEM.utf8), Array(KnownKeys.ed25519PEM.utf8), Array(KnownKeys.ed25519.utf8),
            der, certificate,
        ] {
            let error = #expect(throws: UnusableKey.self) { try TokenKey(secret: known) }
            #expect(try #require(error).description.contains("public key"))
        }
    }

    @Test func aFileIsPEMOrJSON() throws {
        #expect(try keys(KnownKeys.p256PEM + KnownKeys.ed25519PEM).keys.map(\.algorithm) == [.es256, .edDSA])
        #expect(try keys("\n " + KnownKeys.p256).keys.map(\.algorithm) == [.es256])
        let set = try keys(#"{"keys":[\#(named(KnownKeys.p256, "one")),\#(KnownKeys.ed25519Private)]}"#)
        #expect(set.keys.map(\.id) == ["one", nil])
        #expect(set.keys.map(\.canSign) == [false, true])
        #expect(set.ignored.isEmpty)
    }

    /// RFC 7517 §5: a set may have keys for others.
    @Test func keysOfASetThatAreForSomethingElseArePassedOver() throws {
        let set = try keys(
            """
            {"keys":[{"kty":"RSA"},7,\(with(KnownKeys.p256, #""use":"enc""#)),\(with(KnownKeys.p256, #""alg":"ES384""#)),
            \(with(KnownKeys.p256, #""key_ops":["deriveKey"]"#)),\(with(KnownKeys.p256, #""kid":1"#)),
            {"kty":"oct","k":"\(KnownKeys.secret)"},
            \(with(KnownKeys.ed25519, #""use":"sig","alg":"EdDSA","key_ops":["verify"],"kid":"good""#))]}
            """
        )
        #expect(set.keys.map(\.id) == ["good"])
        #expect(set.ignored.count == 7)
        #expect(set.ignored.allSatisfy { $0.hasPrefix("key ") })
        #expect(set.ignored[6].contains("secret"))
    }

    @Test(arguments: [
        ("{", "not JSON"), (#"{"keys":1}"#, "array"), (#"{"keys":[]}"#, "no key in it"),
        (#"{"keys":[{"kty":"RSA"}]}"#, "key 1 is passed over"), (#"{"kty":"RSA"}"#, "kty"),
        (#"{"keys":[],"keys":[]}"#, "twice"), ("nothing", "no key in it"),
    ])
    func aFileWithoutAKeyIsRefusedInWords(_ file: String, _ words: String) throws {
        try refuse(file, words)
    }

    @Test func whatAFileMayHaveIsBounded() throws {
        try refuse(String(repeating: " ", count: 262_145), "256 KiB")
        let set = Array(repeating: KnownKeys.ed25519, count: 65).joined(separator: ",")
        try refuse(#"{"keys":[\#(set)]}"#, "at most 64")
        let most = String(repeating: KnownKeys.ed25519PEM, count: 64)
        #expect(try keys(most).keys.count == 64)
        try refuse(most + KnownKeys.ed25519PEM, "more than 64")
    }

    private func refuse(_ file: String, _ words: String) throws {
        let error = #expect(throws: UnusableKey.self) { try keys(file) }
        #expect(try #require(error).description.contains(words))
    }

    private func keys(_ file: String) throws -> TokenKeys { try TokenKeys(file: Array(file.utf8)) }
    private func with(_ jwk: String, _ members: String) -> String { jwk.dropLast() + ",\(members)}" }
    private func named(_ jwk: String, _ id: String) -> String { with(jwk, #""kid":"\#(id)""#) }
}
