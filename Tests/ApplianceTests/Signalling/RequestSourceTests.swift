import Access
import Appliance
import Testing

@Suite struct RequestSourceTests {
    private static let spoken: [String: [String]] = [
        "x-forwarded-for": ["203.0.113.1"], "x-forwarded-proto": ["https"],
        "x-forwarded-host": ["rooms.example.org"], "x-forwarded-prefix": ["/s/42/"],
        "forwarded": ["for=198.51.100.9;proto=http;host=other.example"],
    ]

    @Test func whatAProxyOfOursSaysIsTaken() throws {
        let source = try source("127.0.0.1", Self.spoken)
        #expect(source.share == NetworkShare(text: "203.0.113.1"))
        #expect(source.isSecure)
        #expect(source.host == "rooms.example.org")
        #expect(source.prefix == "/s/42")
        #expect(!source.hasUnknownProxy)
    }

    @Test func onlyTheHeaderThatIsSetIsTaken() throws {
        let source = try source("127.0.0.1", Self.spoken, .forwarded)
        #expect(source.share == NetworkShare(text: "198.51.100.9"))
        #expect(!source.isSecure)
        #expect(source.host == "other.example")
        #expect(source.prefix.isEmpty)
    }

    @Test func whatAnybodyElseSaysIsNot() throws {
        let source = try source("192.0.2.7", Self.spoken)
        #expect(source.share == NetworkShare(text: "192.0.2.7"))
        #expect(!source.isSecure)
        #expect(source.host == "backend")
        #expect(source.prefix.isEmpty)
        #expect(source.hasUnknownProxy)
    }

    /// Behind two proxies of ours: the outer one was called by the browser.
    @Test func theOuterProxyKnowsWhatTheBrowserSees() throws {
        let values = [
            "x-forwarded-for": ["198.51.100.66, 203.0.113.1, 10.1.2.3:4000"],
            "x-forwarded-proto": ["http, https, http"],
            "x-forwarded-host": ["made.up", "rooms.example.org, inner.example"],
        ]
        let source = try source("10.9.9.9", values)
        #expect(source.share == NetworkShare(text: "203.0.113.1"))
        #expect(source.isSecure)
        #expect(source.host == "rooms.example.org")
    }

    @Test func aListThatCannotBeReadIsNobodysInParticular() throws {
        let source = try source("127.0.0.1", ["forwarded": ["for=\"203.0.113.1"]], .forwarded)
        #expect(source.share == nil)
        #expect(source.host == "backend")
    }

    @Test(arguments: ["//evil.example", "s/42", "/", "https://x/"])
    func aPrefixIsAPathOfThisHost(_ prefix: String) throws {
        let source = try source("127.0.0.1", ["x-forwarded-prefix": [prefix]])
        #expect(["", "/evil.example"].contains(source.prefix))
    }

    @Test(arguments: [
        ("/s/42/room?a=b", PathPrefix.path("/room?a=b")), ("/s/42/", .path("/")),
        ("/s/42", .directory("/s/42")),
        ("/s/42?lang=es", .directory("/s/42")), ("/s/421/", .none), ("/room", .none), ("", .none),
        ("/s/42//evil", .path("//evil")),
    ])
    func aPrefixIsTakenOffWhole(_ target: String, _ rest: PathPrefix) {
        #expect(PathPrefix.remove(["", "/s/42"], from: target) == rest)
    }

    private func source(
        _ peer: String,
        _ values: [String: [String]],
        _ choice: FrontSettings.ForwardedChoice = .xForwarded
    ) throws -> RequestSource {
        let proxies = try #require(TrustedProxies(["127.0.0.1", "10.0.0.0/8"]))
        return RequestSource(
            peer: peer,
            isByProxy: proxies.contain(peer),
            isSecure: false,
            host: "backend",
            proxies: proxies,
            forwarded: choice,
            values: { values[$0] ?? [] }
        )
    }
}
