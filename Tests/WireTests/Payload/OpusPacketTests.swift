import TestSupport
import Testing
import Wire

/// The configurations are those of RFC 6716 §3.1, table 2.
@Suite struct OpusPacketTests {
    private static func parse(_ bytes: [UInt8]) -> OpusPacket? { OpusPacket(bytes.span.bytes) }

    @Test func everyConfigurationHasItsModeAndLength() {
        let silk = [10_000, 20_000, 40_000, 60_000]
        let hybrid = [10_000, 20_000]
        let celt = [2_500, 5_000, 10_000, 20_000]
        let lengths = silk + silk + silk + hybrid + hybrid + celt + celt + celt + celt
        for (configuration, length) in lengths.enumerated() {
            let packet = Self.parse([UInt8(configuration << 3), 1, 2])
            #expect(packet?.frameDuration == length)
            #expect(packet?.mode == (configuration < 12 ? .silk : configuration < 16 ? .hybrid : .celt))
            #expect(packet?.frames == 1 && packet?.duration == length)
        }
    }

    @Test(arguments: [
        ("78 00 00", 1, false),
        ("79 00 00", 2, false),
        ("7a 00 00", 2, false),
        ("7b 03 00", 3, false),
        ("7c 00 00", 1, true),
        ("7f c6 00", 6, true),  // the flags of the count byte do not count
    ])
    func theFramesAreCounted(hex: String, frames: Int, isStereo: Bool) {
        let packet = Self.parse([UInt8](hex: hex))
        #expect(
            packet?.frames == frames && packet?.isStereo == isStereo && packet?.duration == frames * 20_000
        )
    }

    @Test(arguments: ["", "7b", "7b 00", "7b 40", "7b 07 00", "83 31 00", "1b 03 00"])
    func packetsThatBreakARuleAreRefused(hex: String) {
        #expect(Self.parse([UInt8](hex: hex)) == nil)
    }

    @Test func upTo120MillisecondsFitInAPacket() {
        #expect(Self.parse([UInt8](hex: "83 30 00"))?.duration == 120_000)
        #expect(Self.parse([UInt8](hex: "1b 02 00"))?.duration == 120_000)
        #expect(Self.parse([UInt8](hex: "7b 06 00"))?.duration == 120_000)
    }

    @Test func aPauseTakesAtMostTwoBytes() {
        #expect(Self.parse([0x78])?.isDTX == true)
        #expect(Self.parse([0x78, 0])?.isDTX == true)
        #expect(Self.parse([0x78, 0, 0])?.isDTX == false)
    }

    @Test func arbitraryBytesEndInAValueOrNone() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<5_000 {
            guard let packet = Self.parse(random.bytes(upTo: 6)) else { continue }
            #expect(1...48 ~= packet.frames && 2_500...120_000 ~= packet.duration)
        }
    }
}
