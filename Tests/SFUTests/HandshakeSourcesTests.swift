import SFU
import Testing
import Wire

@Suite struct HandshakeSourcesTests {
    private let ada = SocketAddress(ipv4: 0x0a00_0001, port: 1)
    private let mallory = SocketAddress(ipv4: 0x0a00_0002, port: 2)

    @Test func answersProveAnAddressOnlyIfTheyWentNowhereElse() {
        var sources = HandshakeSources()
        #expect(!sources.proves(ada))
        sources.handleAnswer(to: ada)
        #expect(sources.proves(ada))
        #expect(!sources.proves(mallory))
        sources.handleAnswer(to: mallory)
        #expect(!sources.proves(ada) && !sources.proves(mallory))
        sources.handleAnswer(to: ada)
        #expect(!sources.proves(ada), "once scattered, always scattered")
    }

    @Test func fourEarlyDatagramsAreKeptAndTheOldestGivesWay() {
        var sources = HandshakeSources()
        for byte in UInt8(1)...6 { sources.keep([byte].span.bytes, from: byte == 6 ? mallory : ada) }
        let early = sources.takeEarly()
        #expect(early.map(\.bytes) == [[3], [4], [5], [6]])
        #expect(early.last?.source == mallory)
        #expect(sources.takeEarly().isEmpty)
    }
}
