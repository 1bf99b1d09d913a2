import Access
import Appliance
import Testing
import Wire

@Suite struct TrustedProxiesTests {
    @Test func withoutAProxyTheConnectionSaysWhoAsks() throws {
        let proxies = TrustedProxies()
        let own = try #require(NetworkShare(text: "192.0.2.7"))
        #expect(proxies.origin(peer: "192.0.2.7", forwarded: []) == own)
        // Anybody may claim anything.
        #expect(proxies.origin(peer: "192.0.2.7", forwarded: ["203.0.113.1"]) == own)
    }

    @Test func aTrustedProxySaysWhoAsksAndClaimsBeforeItAreNotBelieved() throws {
        let proxies = try #require(TrustedProxies(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]))
        let ada = try #require(NetworkShare(text: "203.0.113.1"))
        #expect(proxies.origin(peer: "127.0.0.1", forwarded: ["203.0.113.1"]) == ada)
        #expect(proxies.origin(peer: "10.2.3.4", forwarded: ["198.51.100.9, 203.0.113.1"]) == ada)
        #expect(
            proxies.origin(peer: "fd00::5", forwarded: ["198.51.100.9", "203.0.113.1:50000, 10.9.9.9"]) == ada
        )
        #expect(proxies.origin(peer: "127.0.0.1", forwarded: []) == nil)
        #expect(proxies.origin(peer: "127.0.0.1", forwarded: ["10.0.0.1"]) == nil)
        #expect(proxies.origin(peer: "127.0.0.1", forwarded: ["203.0.113.1, nonsense"]) == nil)
        #expect(
            proxies.origin(peer: "11.0.0.1", forwarded: ["203.0.113.1"]) == NetworkShare(text: "11.0.0.1")
        )
    }

    @Test(arguments: ["", "proxy", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8/8", "::/129", "10.0.0.0/x"])
    func whatIsNoNetworkIsRefused(_ text: String) {
        #expect(TrustedProxies([text]) == nil)
    }

    @Test func whoeverHasAnIPv6AddressHasItsNetwork() {
        #expect(NetworkShare(text: "2001:db8:1:2::1") == NetworkShare(text: "[2001:db8:1:2:ffff::9]:443"))
        #expect(NetworkShare(text: "2001:db8:1:2::1") != NetworkShare(text: "2001:db8:1:3::1"))
        #expect(NetworkShare(text: "192.0.2.7") == NetworkShare(text: "::ffff:192.0.2.7"))
        #expect(NetworkShare(text: "192.0.2.7") != NetworkShare(text: "192.0.2.8"))
        #expect(NetworkShare(text: "unknown") == nil)
    }
}
