import GstBridge
import Testing
import Wire

@Suite struct KeyFrameRequestsTests {
    @Test func aPictureLossIndicationForTheStreamCounts() throws {
        #expect(try requests(Self.receiverReport + Self.pli(7), for: 7) == 1)
        #expect(try requests(Self.pli(8), for: 7) == 0)
    }

    @Test func aFullIntraRequestCountsTheEntriesForTheStream() throws {
        let fir = words([0x84ce_0006, 1, 0, 7, 0x0100_0000, 8, 0x0200_0000])
        #expect(try requests(fir, for: 7) == 1)
        #expect(try requests(fir, for: 8) == 1)
        #expect(try requests(fir, for: 9) == 0)
    }

    @Test func otherPacketsAreSkipped() throws {
        // A generic NACK, a REMB, and an empty receiver report.
        let bytes = words([0x81cd_0003, 1, 7, 0x0001_0000, 0x8fce_0005, 1, 0, 0x5245_4d42, 0x0100_0001, 7])
        #expect(try requests(bytes + Self.receiverReport, for: 7) == 0)
    }

    @Test func everyTruncationThrowsOrEndsAtAPacket() {
        let bytes = Self.receiverReport + Self.pli(7)
        for length in 1..<bytes.count where length != Self.receiverReport.count {
            #expect(throws: RTCPParseError.self) { try requests(Array(bytes[..<length]), for: 7) }
        }
    }

    @Test func arbitraryBytesNeverTrap() {
        var generator = SplitMix64(seed: 0x5eed)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            if bytes.count > 1 {
                bytes[0] = 0x80 | bytes[0] & 0x1f
                bytes[1] = 206
            }
            _ = try? requests(bytes, for: 7)
        }
    }

    private func requests(_ bytes: [UInt8], for ssrc: UInt32) throws -> Int {
        try KeyFrameRequests.count(in: bytes.span.bytes, for: ssrc)
    }

    private static let receiverReport = words([0x80c9_0001, 1])

    private static func pli(_ ssrc: UInt32) -> [UInt8] { words([0x81ce_0002, 1, ssrc]) }
}

func words(_ words: [UInt32]) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
}
