import TestSupport
import Testing
import Wire

@Suite struct TransportFeedbackTests {
    /// Arrivals in units of 250 µs after the epoch of the reference time; `nil`: not received.
    private static func read(_ bytes: [UInt8]) throws -> (feedback: TransportFeedback, arrivals: [Int64?]) {
        var packets = RTCPPackets()
        let next = try packets.next(in: bytes.span.bytes)
        let message = try RTCPFeedback(try #require(next), in: bytes.span.bytes)
        let feedback = try TransportFeedback(message, in: bytes.span.bytes)
        var arrivals: [Int64?] = []
        var expected = feedback.base
        try feedback.forEachPacket(in: bytes.span.bytes) { number, time in
            #expect(number == expected)
            expected = expected.advanced(by: 1)
            arrivals.append(time.map { $0.nanoseconds / 250_000 })
        }
        return (feedback, arrivals)
    }

    /// A message with base 0xfffe, reference 3 (· 256 units), message count 9 and these chunks and deltas.
    private static func message(count: Int, _ hex: String) -> [UInt8] {
        var bytes =
            [UInt8](hex: "8fcd0000 00000001 00000002 fffe") + [UInt8(count >> 8), UInt8(count & 0xff)]
        bytes += [UInt8](hex: "000003 09" + hex)
        while bytes.count % 4 != 0 { bytes.append(0) }
        bytes[3] = UInt8(bytes.count / 4 - 1)
        return bytes
    }

    @Test func theHeaderIsRead() throws {
        let feedback = try Self.read(Self.message(count: 1, "2001 05")).feedback
        #expect(feedback.base == SequenceNumber(0xfffe))
        #expect(feedback.count == 1)
        #expect(feedback.reference == .milliseconds(192))
        #expect(feedback.feedbackCount == 9)
    }

    @Test(
        arguments: [
            // Run lengths: received after a small delta, after a large one, not received.
            (3, "2003 01 02 ff", [769, 771, 1_026]),
            (2, "4002 0100 ff80", [1_024, 896]),
            (3, "0002 2001 04", [nil, nil, 772]),
            // A vector of fourteen one-bit symbols: 1 0 1, and the rest unused.
            (3, "a800 01 02", [769, nil, 771]),
            (14, "8001 07", [nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, 775]),
            // A vector of seven two-bit symbols: small, none, large, none …; 3 is reserved, and taken for
            // none.
            (7, "d200 01 ffff", [769, nil, 768, nil, nil, nil, nil]),
            (3, "d700 01 05", [769, 774, nil]),
            // Several chunks; the symbols beyond the count are ignored.
            (9, "d555 8fff 01 01 01 01 01 01 01 02 02", [769, 770, 771, 772, 773, 774, 775, nil, nil]),
            (0, "", []),
        ] as [(Int, String, [Int64?])]
    )
    func everyKindOfChunkIsRead(count: Int, hex: String, arrivals: [Int64?]) throws {
        #expect(try Self.read(Self.message(count: count, hex)).arrivals == arrivals)
    }

    @Test(arguments: [
        (1, ""),  // no chunk
        (1, "2000 0000"),  // a run of nothing
        (20, "d555"),  // fewer symbols than packets
        (8_191, "2001"),
        (3, "2003 0102"),  // a delta is missing (two bytes fill the word)
        (2, "4002 0100"),
    ])
    func aMessageThatIsCutShortIsRefused(count: Int, hex: String) {
        #expect(throws: RTCPParseError()) { try Self.read(Self.message(count: count, hex)) }
    }

    @Test func aReferenceTimeIsSigned() throws {
        var bytes = Self.message(count: 1, "2001 00")
        bytes.replaceSubrange(16..<19, with: [0xff, 0xff, 0xff])
        #expect(try Self.read(bytes).feedback.reference == .milliseconds(-64))
    }

    @Test func aHeaderThatIsCutShortIsRefused() {
        #expect(throws: RTCPParseError()) {
            try Self.read([UInt8](hex: "8fcd0003 00000001 00000002 fffe0001"))
        }
    }

    // MARK: Writing

    private static func write(_ arrivals: [Int64?], base: UInt16 = 7) -> (bytes: [UInt8], covered: Int) {
        let times = arrivals.map { $0.map { Interval(nanoseconds: $0 * 250_000) } }
        var covered = 0
        let bytes = written { out in
            covered = TransportFeedback.write(
                times.span,
                base: SequenceNumber(base),
                feedbackCount: 5,
                from: 1,
                about: 2,
                into: &out
            )
        }
        return (bytes, covered)
    }

    @Test func aMessageIsWrittenAsTheDraftDrawsIt() {
        #expect(
            Self.write([769, nil, 1_025, 1_020], base: 0xfffe).bytes
                == [UInt8](hex: "8fcd0006 00000001 00000002 fffe0004 00000305 d280 01 0100 fffb 00")
        )
    }

    @Test func whatNeverArrivedIsNotWrittenAlone() {
        #expect(Self.write([]).bytes.isEmpty)
        #expect(Self.write([nil, nil]).bytes.isEmpty)
        #expect(Self.write([nil, nil]).covered == 0)
    }

    @Test func aDeltaOfEightSecondsEndsAMessage() throws {
        #expect(Self.write([0, 32_767]).covered == 2)
        #expect(Self.write([0, nil, 32_768, 32_769]).covered == 2)
        #expect(try Self.read(Self.write([0, 32_767]).bytes).arrivals == [0, 32_767])
        #expect(
            try Self.read(Self.write([40_000, 40_000 - 32_768]).bytes).arrivals == [40_000, 40_000 - 32_768]
        )
    }

    @Test func theWorstMessageFitsInADatagram() throws {
        let (bytes, covered) = Self.write((0..<1_000).map { $0 * 300 })
        #expect(covered == TransportFeedback.maximumCount)
        #expect(bytes.count <= 1_200)
        #expect(try Self.read(bytes).arrivals == (0..<400).map { $0 * 300 })
    }

    @Test func aWholeGapOfMaximumLengthIsWritten() throws {
        let (bytes, covered) = Self.write([Int64?](repeating: nil, count: 450) + [3])
        #expect(covered == 400)
        #expect(try Self.read(bytes).arrivals == [Int64?](repeating: nil, count: 400))
    }

    @Test func anyArrivalsComeBack() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<500 {
            var time = Int64.random(in: 0...0x7f_ffff * 256, using: &random)
            let arrivals = (0..<Int.random(in: 1...300, using: &random)).map { _ -> Int64? in
                time = min(max(0, time + .random(in: -300...600, using: &random)), 0x7f_ffff * 256)
                return Int.random(in: 0..<4, using: &random) == 0 ? nil : time
            }
            guard arrivals.contains(where: { $0 != nil }) else { continue }
            let (bytes, covered) = Self.write(arrivals)
            #expect(covered == arrivals.count)
            #expect(bytes.count % 4 == 0)
            let read = try Self.read(bytes)
            #expect(read.arrivals == arrivals)
            #expect(read.feedback.base == SequenceNumber(7))
            #expect(read.feedback.feedbackCount == 5)
        }
    }

    @Test func arbitraryChunksEndInPacketsOrAnError() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<5_000 {
            let tail = random.bytes(upTo: 40).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                .joined()
            let count = Int.random(in: 0...60, using: &random)
            guard let read = try? Self.read(Self.message(count: count, tail)) else { continue }
            #expect(read.arrivals.count == count)
        }
    }
}
