import Appliance
import Testing

@Suite struct WebhookSignatureTests {
    /// The bytes 0…31.
    private static let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    /// By Python: base64(hmac.new(bytes(range(32)), b"msg_1.1674087231.{}", sha256)).
    @Test func itIsWhatStandardWebhooksSays() throws {
        let signature = try #require(WebhookSignature(secret: Self.secret))
        #expect(
            signature.header(id: "msg_1", time: 1_674_087_231, body: Array("{}".utf8))
                == "v1,BxU1mYCBV2ldG2HAG6MnEv0UJfY6XIfbCpPpj/9VI/Y="
        )
    }

    @Test(arguments: ["", "short", "whsec_!!!", "whsec_AAEC"])
    func aSecretThatCanBeGuessedIsNone(_ secret: String) {
        #expect(WebhookSignature(secret: secret) == nil)
    }

    @Test(arguments: [
        ("https://back.example/hook?a=1", "back.example", 443, "/hook?a=1", true),
        ("https://[2001:db8::1]:8443", "2001:db8::1", 8_443, "/", true),
        ("http://127.0.0.1:9000/x", "127.0.0.1", 9_000, "/x", false),
        ("http://localhost/", "localhost", 80, "/", false),
    ])
    func addressesAreRead(
        _ text: String,
        _ host: String,
        _ port: Int,
        _ path: String,
        _ isSecure: Bool
    ) throws {
        let address = try #require(WebhookAddress(text))
        #expect(address.host == host && address.port == port)
        #expect(address.path == path && address.isSecure == isSecure)
    }

    @Test(arguments: [
        "http://back.example/", "ftp://127.0.0.1/", "https://me:secret@back.example/", "https:///x",
        "back.example",
        "https://back.example/#x", "",
    ])
    func whatWouldShowEventsToOthersIsNoAddress(_ text: String) {
        #expect(WebhookAddress(text) == nil)
    }
}
