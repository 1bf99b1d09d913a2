import Foundation
import Glibc
import GstBridge
import Testing

/// Pictures that only say what has changed, between those of the encoder, as a decoder that is not ours sees them.
@Suite(.serialized, .enabled(if: Child.isInstalled("Xvfb") && Child.isInstalled("gst-launch-1.0")))
struct PatchedPictureTests {
    @Test(arguments: [(320, 240), (328, 232)])
    func whatLittleChangesIsShownByPicturesThatNothingRefersToAndStays(width: Int, height: Int) throws {
        let screen = try #require(TestDisplay(width: width, height: height))
        screen.fill(0xe0e0e0, x: 0, y: 0, width: width, height: height)
        let receiver = RTPReceiver()
        let media = DeskMedia { _ in }
        defer { media.stop() }
        media.start(DeskMediaConfiguration(display: screen.name))
        media.startStream(
            CaptureStreamConfiguration(stream: .h264, port: receiver.port, ssrc: 3, payloadType: 102)
        )
        var packets = receiver.receiveMedia { !$0.isEmpty }
        // Until the encoder has nothing left to improve.
        usleep(800_000)
        let strokes = (0..<60).map { Stroke(number: $0) }
        for stroke in strokes {
            screen.fill(stroke.color, x: stroke.x, y: stroke.y, width: Stroke.width, height: Stroke.height)
            usleep(45_000)
            packets += receiver.receive()
        }
        // It comes back to the encoder after a still second.
        usleep(2_500_000)
        packets += receiver.receive()
        packets.removeAll(where: \.isRTCP)

        let pictures = Dictionary(grouping: packets, by: \.timestamp).sorted { $0.key < $1.key }.map(\.value)
        let isPatch = pictures.map { packets in packets.allSatisfy { Array($0.payload)[0] & 0x60 == 0 } }
        #expect(isPatch.count(where: \.self) >= 10, "\(isPatch.count) pictures")
        #expect(isPatch.last == false, "the encoder has the last word")
        let decoded = try #require(ForeignDecoder.decode(packets, of: .h264))
        let size = width * height * 3 / 2
        #expect(decoded.count == size * pictures.count)

        // Once it is there, a stroke stays as it is, whoever made the picture.
        var seen: [Int] = []
        for number in pictures.indices where (number + 1) * size <= decoded.count {
            let picture = Array(decoded[(number * size)..<((number + 1) * size)])
            let visible = strokes.indices.filter { strokes[$0].isVisible(in: picture, width, height) }
            #expect(seen.allSatisfy(visible.contains), "picture \(number), a patch: \(isPatch[number])")
            seen = visible
        }
        #expect(seen.count == strokes.count)
    }
}

/// A small rectangle of its own place and colour, aligned to nothing that a codec knows.
private struct Stroke {
    static let (width, height) = (19, 13)

    let x: Int
    let y: Int
    let color: UInt
    private let yuv: [Int]

    init(number: Int) {
        x = 6 + number % 10 * 31
        y = 5 + number / 10 * 37
        let (red, green, blue) = (number * 97 % 200, number * 53 % 200, number * 29 % 200)
        color = UInt(red << 16 | green << 8 | blue)
        yuv = [
            16 + (66 * red + 129 * green + 25 * blue + 128) / 256,
            128 + (-38 * red - 74 * green + 112 * blue + 128) / 256,
            128 + (112 * red - 94 * green - 18 * blue + 128) / 256,
        ]
    }

    /// Looks at its middle and near two of its corners.
    func isVisible(in picture: [UInt8], _ width: Int, _ height: Int) -> Bool {
        [(9, 6), (4, 3), (14, 9)].allSatisfy { column, row in
            let (x, y) = (x + column, y + row)
            let chroma = width * height + y / 2 * (width / 2) + x / 2
            let places = [y * width + x, chroma, chroma + width * height / 4]
            return zip(places, yuv).allSatisfy { abs(Int(picture[$0]) - $1) <= 12 }
        }
    }
}
