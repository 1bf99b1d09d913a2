import Access
import MediasoupSignalling
import SFU
import TestSupport
import Testing
import WebRTC
import Wire

@Suite struct ArbitraryMediasoupJSONTests {
    static let samples = [
        Samples.camera, Samples.microphone, Samples.capabilities, Samples.dtls, Samples.data,
    ]

    @Test(arguments: samples)
    func everyTruncationIsRefused(_ text: String) {
        let bytes = Array(text.utf8)
        let end = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
        for count in 0...end {
            #expect(throws: JSONError.self) { try JSONObject(parsing: Array(bytes.prefix(count))) }
        }
    }

    /// Whatever can be read is written so that it is read as the same again.
    @Test func nothingThatIsSentTraps() {
        var random = SplitMix64(seed: 17)
        var read = 0
        for _ in 0..<20_000 {
            guard var bytes = Self.samples.randomElement(using: &random).map({ Array($0.utf8) }) else {
                return
            }
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] =
                    Array(#"0123456789-.eE"{}[]:,antu"#.utf8).randomElement(using: &random) ?? 0
            }
            guard let object = try? JSONObject(parsing: bytes) else { continue }
            for kind in [MediaKind.audio, .video] {
                guard let parameters = try? RTPParameters(mediasoup: object, kind: kind) else { continue }
                read += 1
                #expect((try? RTPParameters(mediasoup: parameters.mediasoup(kind), kind: kind)) == parameters)
            }
            _ = try? MediasoupCapabilities(mediasoup: object)
            _ = try? DTLSParameters(mediasoup: object)
            _ = try? DataChannelParameters.parse(mediasoup: object)
        }
        #expect(read > 100)
    }
}
