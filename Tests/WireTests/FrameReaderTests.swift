import TestSupport
import Testing
import Wire

@Suite struct FrameReaderTests {
    @Test func framesComeOutWholeHoweverTheyAreCutIntoPieces() throws {
        let frames: [[UInt8]] = [[1], [2, 3], Array(repeating: 4, count: 300), [5]]
        let stream = Self.stream(of: frames)
        for size in 1...stream.count {
            var reader = FrameReader(longest: 512)
            var read: [[UInt8]] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                let piece = stream[start..<min(stream.count, start + size)]
                read += try Self.read(Array(piece), with: &reader)
            }
            #expect(read == frames)
            #expect(reader.waiting == 0)
        }
    }

    @Test func aStreamThatIsCutOffGivesOnlyWholeFrames() throws {
        let frames: [[UInt8]] = [[1, 2, 3], [4, 5]]
        let stream = Self.stream(of: frames)
        for length in stream.indices {
            var reader = FrameReader(longest: 512)
            let read = try Self.read(Array(stream[..<length]), with: &reader)
            #expect(read == Array(frames.prefix(read.count)))
            #expect(read.count < frames.count)
            #expect(Self.stream(of: read).count + reader.waiting == length)
        }
    }

    @Test func anEmptyFrameIsPassedOver() throws {
        var reader = FrameReader(longest: 512)
        #expect(try Self.read([0, 0, 0, 1, 7, 0, 0], with: &reader) == [[7]])
    }

    @Test func aFrameThatIsTooLongEndsTheReading() throws {
        var reader = FrameReader(longest: 512)
        var read: [[UInt8]] = []
        #expect(throws: FrameReader.Failure.tooLong) {
            try Self.read([0, 1, 7, 2, 1], with: &reader) { read.append($0) }
        }
        #expect(read == [[7]])
    }

    @Test func aReaderThatWantsNoMoreIsGivenNoMore() throws {
        var reader = FrameReader(longest: 512)
        var read: [[UInt8]] = []
        try Self.read([0, 1, 7, 0, 1, 8], with: &reader) {
            read.append($0)
            return false
        }
        #expect(read == [[7]])
    }

    @Test func arbitraryBytesAreReadOrRefusedAndNeverKeptBeyondOneFrame() {
        var random = SplitMix64(seed: 15)
        for _ in 0..<2_000 {
            var reader = FrameReader(longest: 64)
            for _ in 0..<4 {
                guard (try? Self.read(random.bytes(upTo: 200), with: &reader)) != nil else { break }
                #expect(reader.waiting <= 66)
            }
        }
    }

    private static func stream(of frames: [[UInt8]]) -> [UInt8] {
        frames.flatMap { [UInt8($0.count >> 8), UInt8($0.count & 0xff)] + $0 }
    }

    private static func read(_ bytes: [UInt8], with reader: inout FrameReader) throws -> [[UInt8]] {
        var read: [[UInt8]] = []
        try Self.read(bytes, with: &reader) {
            read.append($0)
            return true
        }
        return read
    }

    private static func read(
        _ bytes: [UInt8],
        with reader: inout FrameReader,
        _ body: ([UInt8]) -> Bool
    ) throws {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 8)
        defer { memory.deallocate() }
        let kept = reader.begin(in: memory)
        UnsafeMutableRawBufferPointer(rebasing: memory[kept...]).copyBytes(from: bytes)
        try reader.take(UnsafeMutableRawBufferPointer(rebasing: memory[..<(kept + bytes.count)])) { frame in
            frame.bytes.withUnsafeBytes { body(Array($0)) }
        }
    }

    private static func read(
        _ bytes: [UInt8],
        with reader: inout FrameReader,
        _ body: ([UInt8]) -> Void
    ) throws {
        try read(bytes, with: &reader) { frame -> Bool in
            body(frame)
            return true
        }
    }
}
