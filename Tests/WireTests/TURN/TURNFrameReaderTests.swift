import TestSupport
import Testing
import Wire

@Suite struct TURNFrameReaderTests {
    private struct Frame: Hashable {
        var kind: TURNFrameReader.Frame
        var bytes: [UInt8]
    }

    private static let message = written { $0.appendSTUNHeader(.request, STUNTransactionID(high: 1, low: 2)) }
    /// Five bytes in a channel, with their padding.
    private static let channelData: [UInt8] = [0x40, 0x01, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0]
    private static let stream = message + channelData + [0x4f, 0xff, 0, 0] + message
    private static let frames = [
        Frame(kind: .message, bytes: message), Frame(kind: .channelData(0x4001), bytes: [1, 2, 3, 4, 5]),
        Frame(kind: .channelData(0x4fff), bytes: []), Frame(kind: .message, bytes: message),
    ]

    @Test(arguments: 1...80)
    func howeverItIsCutTheSameFramesComeOut(piece: Int) throws {
        var reader = TURNFrameReader()
        var read: [Frame] = []
        for start in stride(from: 0, to: Self.stream.count, by: piece) {
            let bytes = Array(Self.stream[start..<min(start + piece, Self.stream.count)])
            read += try Self.take(bytes, with: &reader)
            #expect(reader.waiting < TURNFrameReader.longest)
        }
        #expect(read == Self.frames)
        #expect(reader.waiting == 0)
    }

    @Test func aFrameThatIsNotWholeWaits() throws {
        for count in 0..<Self.channelData.count {
            var reader = TURNFrameReader()
            #expect(try Self.take(Array(Self.channelData[..<count]), with: &reader).isEmpty)
            #expect(reader.waiting == count)
        }
    }

    @Test(
        arguments: [
            // Neither STUN nor a channel, a channel that is reserved, another protocol's, no cookie, an odd length.
            ([0x80, 0, 0, 0], .notTURN), ([0x50, 0, 0, 0], .notTURN), (Array("PRI * HTTP".utf8), .notTURN),
            ([0, 1, 0, 0, 1, 2, 3, 4], .notTURN), ([0, 1, 0, 2], .notTURN),
            ([0, 1, 0x10, 0, 0x21, 0x12, 0xa4, 0x42], .tooLong), ([0x40, 0, 0xff, 0xff], .tooLong),
            (Array("GET / HTTP".utf8), .tooLong),
        ] as [([UInt8], TURNFrameReader.Failure)]
    )
    func whatIsNoFrameEndsTheStream(_ bytes: [UInt8], _ failure: TURNFrameReader.Failure) {
        var reader = TURNFrameReader()
        #expect(throws: failure) { _ = try Self.take(Self.message + bytes, with: &reader) }
    }

    @Test func whoeverReadsMayStop() throws {
        var reader = TURNFrameReader()
        var count = 0
        try reader.take(Self.stream.span.bytes) { _, _ in
            count += 1
            return count < 2
        }
        #expect(count == 2)
        #expect(reader.waiting == 0)
    }

    @Test func noBytesTrapIt() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<20_000 {
            var reader = TURNFrameReader()
            _ = try? Self.take(random.bytes(upTo: 64), with: &reader)
            _ = try? Self.take(Self.message + random.bytes(upTo: 64), with: &reader)
        }
    }

    private static func take(
        _ bytes: [UInt8],
        with reader: inout TURNFrameReader
    ) throws(TURNFrameReader.Failure) -> [Frame] {
        var read: [Frame] = []
        try reader.take(bytes.span.bytes) { kind, body in
            read.append(Frame(kind: kind, bytes: body.withUnsafeBytes { Array($0) }))
            return true
        }
        return read
    }
}
