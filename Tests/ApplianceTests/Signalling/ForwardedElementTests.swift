import Appliance
import TestSupport
import Testing
import Wire

@Suite struct ForwardedElementTests {
    @Test func readsTheExamplesOfTheStandard() {
        // RFC 7239 §4 and §7.1.
        expect(["for=\"_gazonk\""], [.init(node: "_gazonk")])
        expect(["For=\"[2001:db8:cafe::17]:4711\""], [.init(node: "[2001:db8:cafe::17]:4711")])
        expect(
            ["for=192.0.2.60;proto=http;by=203.0.113.43"],
            [.init(node: "192.0.2.60", scheme: "http")]
        )
        expect(
            ["for=192.0.2.43, for=198.51.100.17"],
            [.init(node: "192.0.2.43"), .init(node: "198.51.100.17")]
        )
        expect(
            [
                "for=192.0.2.43,for=\"[2001:db8:cafe::17]\"",
                "for=unknown ; HOST=rooms.example:8443;Proto=HTTPS",
            ],
            [
                .init(node: "192.0.2.43"), .init(node: "[2001:db8:cafe::17]"),
                .init(node: "unknown", scheme: "https", host: "rooms.example:8443"),
            ]
        )
        expect(["for=\"a\\\"b\""], [.init(node: "a\"b")])
    }

    @Test(arguments: [
        "for", "for=", "for=a b", "for=\"a", "for=\"a\\", "for=a;for=b", "=a", "for=a;;b", "for=a/b",
        "host=a;host=b",
    ])
    func whatIsNotOfThatFormIsRefusedAsAWhole(_ value: String) {
        #expect(ForwardedElement.all(parsing: ["for=192.0.2.7", value]) == nil)
    }

    @Test func readsAnyTextWithoutTrapping() {
        var generator = SplitMix64(seed: 5)
        let alphabet = Array("for=\"host;, \\proto[]:.1a".utf8)
        for _ in 0..<20_000 {
            let bytes = generator.bytes(upTo: 40).map { alphabet[Int($0) % alphabet.count] }
            _ = ForwardedElement.all(parsing: [String(decoding: bytes, as: UTF8.self)])
        }
        #expect(ForwardedElement.all(parsing: [String(repeating: "a", count: 5_000)]) == nil)
    }

    private func expect(_ values: [String], _ elements: [ForwardedElement]) {
        #expect(ForwardedElement.all(parsing: values) == elements, "\(values)")
    }
}

extension ForwardedElement {
    fileprivate init(node: String?, scheme: String? = nil, host: String? = nil) {
        self.init()
        self.node = node
        self.scheme = scheme
        self.host = host
    }
}
