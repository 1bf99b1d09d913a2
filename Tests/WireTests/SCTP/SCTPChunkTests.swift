import TestSupport
import Testing
import Wire

@Suite struct SCTPChunkTests {
    @Test func walksChunksOverTheirPadding() throws {
        let packet = SCTPSample.packet([UInt8](hex: "0a000005 ff000000  0b000004  c0010006 aabb0000"))
        #expect(
            try SCTPSample.chunks(of: packet) == [
                SCTPChunk(type: .cookieEcho, flags: 0, value: 16..<17),
                SCTPChunk(type: .cookieAck, flags: 0, value: 24..<24),
                SCTPChunk(type: .forwardTSN, flags: 1, value: 28..<30),
            ]
        )
    }

    @Test func toleratesMissingPaddingAtTheEnd() throws {
        let packet = SCTPSample.packet([UInt8](hex: "0a000005 ff"))
        #expect(try SCTPSample.chunks(of: packet) == [SCTPChunk(type: .cookieEcho, flags: 0, value: 16..<17)])
    }

    @Test(arguments: ["0b0000", "0b000003", "0b000000", "0a000009 01020304"]) func refusesWrongLengths(
        _ hex: String
    ) {
        #expect(throws: SCTPParseError.self) {
            try SCTPSample.chunks(of: SCTPSample.packet([UInt8](hex: hex)))
        }
    }

    @Test func tellsWhatToDoWithUnknownTypes() {
        let rules = [0x3f, 0x7f, 0xbf, 0xff].map { (byte: UInt8) in
            let type = SCTPChunkType(rawValue: byte)
            return [type.isSkippedIfUnknown, type.isReportedIfUnknown]
        }
        #expect(rules == [[false, false], [false, true], [true, false], [true, true]])
    }

    @Test func padsWhatItWrites() {
        let bytes = written { out in
            let start = out.beginSCTPChunk(.cookieEcho, flags: 3)
            out.append(bigEndian: UInt8(0xaa))
            out.finishSCTPChunk(from: start)
            out.appendEmptySCTPChunk(.cookieAck)
        }
        #expect(bytes == [UInt8](hex: "0a030005 aa000000 0b000004"))
    }

    @Test func readsAnyBytesWithoutTrapping() throws {
        var generator = SplitMix64(seed: 2)
        for _ in 0..<20_000 {
            var chunks = generator.bytes(upTo: 80)
            if let first = chunks.indices.first {
                // Mostly types that mean something.
                chunks[first] = [0, 1, 2, 3, 7, 9, 130, 192].randomElement(using: &generator) ?? 0
                if chunks.count > 3 { chunks[2] = 0 }
            }
            let packet = SCTPSample.packet(chunks)
            var walk = SCTPChunks()
            while let chunk = try? walk.next(in: packet.span.bytes) {
                let bytes = packet.span.bytes
                var found = SCTPInitiation.Parameters()
                _ = try? SCTPInitiation(chunk, in: bytes, parameters: &found)
                if let sack = try? SCTPSack(chunk, in: bytes) {
                    for index in 0..<sack.gapCount { _ = sack.gap(at: index, in: bytes) }
                }
                if let forward = try? SCTPForwardTSN(chunk, in: bytes) {
                    for index in 0..<forward.skipCount { _ = forward.skip(at: index, in: bytes) }
                }
                if (try? SCTPData(chunk, in: bytes)) != nil {
                    #expect(SCTPData.userData(of: chunk).upperBound <= packet.count)
                }
                var parameters = SCTPParameterList(in: chunk.value)
                while let parameter = try? parameters.next(in: bytes) {
                    _ = try? SCTPReconfiguration(parameter, in: bytes)
                }
            }
        }
    }
}
