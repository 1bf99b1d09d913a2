import Testing
import WebRTC
import Wire

@Suite struct StateCookieTests {
    let cookie = StateCookie(
        created: Instant(nanoseconds: 123_456_789),
        local: Self.initiation(1),
        remote: Self.initiation(2),
        localTieTag: 3,
        remoteTieTag: 4
    )

    @Test func comesBackAsItWas() {
        var random = SplitMix64(seed: 1)
        let key = StateCookie.Key(using: &random)
        #expect(key.open(key.seal(cookie).span.bytes) == cookie)
    }

    @Test func isRefusedWhenAnythingIsDifferent() {
        var random = SplitMix64(seed: 1)
        let key = StateCookie.Key(using: &random)
        let other = StateCookie.Key(using: &random)
        let bytes = key.seal(cookie)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1
            #expect(key.open(damaged.span.bytes) == nil)
        }
        for count in 0..<bytes.count { #expect(key.open(Array(bytes[..<count]).span.bytes) == nil) }
        #expect(key.open((bytes + [0]).span.bytes) == nil)
        #expect(other.open(bytes.span.bytes) == nil)
    }

    private static func initiation(_ tag: UInt32) -> SCTPInitiation {
        SCTPInitiation(
            tag: tag,
            receiverWindow: 100_000,
            outboundStreams: 10,
            inboundStreams: 20,
            initialTSN: TSN(tag &* 77),
            supportsForwardTSN: tag == 1,
            supportsReconfiguration: tag == 2
        )
    }
}
