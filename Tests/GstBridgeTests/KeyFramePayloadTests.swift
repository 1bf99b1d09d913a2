import GstBridge
import Testing

@Suite struct KeyFramePayloadTests {
    @Test(
        arguments: [
            ([0x65, 0x88], true),  // IDR slice
            ([0x41, 0x9a], false),  // P slice
            ([0x67, 0x42], false),  // SPS
            ([0x7c, 0x85, 0x88], true),  // FU-A, IDR, first
            ([0x7c, 0x05, 0x88], false),  // FU-A, IDR, middle
            ([0x7c, 0x45, 0x88], false),  // FU-A, IDR, last
            ([0x7c, 0x81, 0x88], false),  // FU-A, P, first
            ([0x78, 0, 2, 0x67, 0x42, 0, 1, 0x68], false),  // STAP-A: SPS, PPS
            ([0x78, 0, 2, 0x67, 0x42, 0, 1, 0x65], true),  // STAP-A: SPS, IDR
        ] as [([UInt8], Bool)]
    )
    func recognisesIDRInH264(payload: [UInt8], isKey: Bool) {
        #expect(startsKeyFrame(.h264, payload) == isKey)
    }

    @Test(
        arguments: [
            ([0x10, 0x10], true),
            ([0x10, 0x11], false),
            ([0x90, 0x80, 0x81, 0x23, 0x10], true),  // 15-bit picture ID
            ([0x90, 0x80, 0x81, 0x23, 0x11], false),
            ([0x90, 0x80, 0x23, 0x10], true),  // 7-bit picture ID
            ([0x90, 0xe0, 0x81, 0x23, 0x05, 0x20, 0x10], true),  // and TL0PICIDX, TID
            ([0x80, 0x80, 0x81, 0x23, 0x10], false),  // not the start of a partition
            ([0x11, 0x10], false),  // the second partition
        ] as [([UInt8], Bool)]
    )
    func recognisesKeyFramesInVP8(payload: [UInt8], isKey: Bool) {
        #expect(startsKeyFrame(.vp8, payload) == isKey)
    }

    @Test(arguments: CaptureStream.allCases) func truncatedAndArbitraryPayloadsNeverTrap(
        stream: CaptureStream
    ) {
        var generator = SplitMix(state: 7)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            _ = startsKeyFrame(stream, bytes)
        }
        #expect(!startsKeyFrame(stream, []))
    }

    private func startsKeyFrame(_ stream: CaptureStream, _ payload: [UInt8]) -> Bool {
        stream.startsKeyFrame(payload.span.bytes)
    }
}
