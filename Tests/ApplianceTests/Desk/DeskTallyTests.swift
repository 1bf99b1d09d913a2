import Appliance
import GstBridge
import RemoteControl
import Testing

@Suite struct DeskTallyTests {
    @Test func framesOfAStreamThatEndsOrBeginsAnewStayCounted() {
        var tally = DeskTally()
        func count(_ frames: [CaptureStream: Int]) -> UInt64 {
            var media = DeskMediaStatistics()
            media.streams = frames.mapValues { frames in
                var stream = StreamStatistics()
                (stream.frames, stream.packets) = (frames, 2 * frames)
                return stream
            }
            return tally.statistics(media, (0, 0)).framesEncoded
        }
        let counts = [
            count([.h264: 10, .opus: 500]), count([.h264: 20, .vp8: 5]), count([.h264: 30]),
            count([.h264: 31, .vp8: 1]), count([.h264: 2, .vp8: 2]),
        ]
        #expect(counts == [10, 25, 35, 37, 40])
    }
}
