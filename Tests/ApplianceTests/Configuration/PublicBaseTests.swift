import Appliance
import Testing

@Suite struct PublicBaseTests {
    @Test(arguments: [
        ("https://rooms.example.org/s/42/", "https://rooms.example.org", "/s/42"),
        ("https://Rooms.Example.org/s/42", "https://rooms.example.org", "/s/42"),
        ("HTTPS://rooms.example.org:443", "https://rooms.example.org", ""),
        ("https://rooms.example.org:8443//a//", "https://rooms.example.org:8443", "/a"),
        ("http://192.0.2.7:80/", "http://192.0.2.7", ""),
        ("https://[2001:db8::7]/x/", "https://[2001:db8::7]", "/x"),
    ])
    func anAddressIsAnOriginAndAPrefix(_ text: String, _ origin: String, _ prefix: String) throws {
        let base = try PublicBase(text)
        #expect(base.origin == origin)
        #expect(base.prefix == prefix)
        #expect(base.description == origin + prefix + "/")
    }

    @Test(arguments: [
        "", "rooms.example.org", "wss://rooms.example.org", "https://", "https:///s", "https://a/?q",
        "https://a/#x",
        "https://a@b/", "https://a b/", "https://a/../b", "https://a/é", "https://a/api/", "https://a/room",
        "https://a/\"",
    ])
    func whatIsNoSuchAddressIsRefused(_ text: String) {
        #expect(throws: PublicBase.Problem.self) { try PublicBase(text) }
    }

    @Test(arguments: [
        (["http.base": "rooms.example.org"], "http.base"), (["http.tls": "off"], "http.tls"),
        (["http.tls": "maybe"], "http.tls"), (["http.forwarded": "x"], "http.forwarded"),
        (["http.proxy.protocol": "on"], "http.proxy.protocol"),
        (
            ["http.tls": "off", "http.proxies": "192.0.2.7", "tls.certificate": "a", "tls.key": "b"],
            "http.tls"
        ),
    ])
    func aSettingThatCannotWorkIsRefused(_ flags: [String: String], _ key: String) async {
        let error = await #expect(throws: ConfigurationError.self) {
            _ = try await Configuration.load(flags: flags, file: nil, environment: [:])
        }
        #expect(error?.key == key)
    }

    @Test func plainHTTPOnAnyAddressIsForThoseWhoNameTheirProxy() async throws {
        let flags = ["http.host": "0.0.0.0", "http.tls": "off", "http.proxies": "192.0.2.7"]
        let configuration = try await Configuration.load(flags: flags, file: nil, environment: [:])
        #expect(!configuration.usesTLS)
    }
}
