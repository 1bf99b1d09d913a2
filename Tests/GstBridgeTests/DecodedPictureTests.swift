import Foundation
import Glibc
import GstBridge
import Testing

/// What a decoder that is not ours sees of the desk.
@Suite(.serialized, .enabled(if: Child.isInstalled("Xvfb") && Child.isInstalled("gst-launch-1.0")))
struct DecodedPictureTests {
    @Test(arguments: [
        (CaptureStream.h264, "H264", "rtph264depay ! h264parse ! openh264dec"),
        (CaptureStream.vp8, "VP8", "rtpvp8depay ! vp8dec"),
    ])
    func coloursAreRightInEveryQuadrant(stream: CaptureStream, encoding: String, decoder: String) throws {
        let screen = try #require(TestDisplay(width: 320, height: 240))
        for (index, color) in DesktopCaptureTests.colors.enumerated() {
            screen.fill(color.rgb, x: index % 2 * 160, y: index / 2 * 120, width: 160, height: 120)
        }
        let file = "/tmp/deskroom-decoded-\(getpid())-\(encoding)"
        defer { unlink(file) }
        let decoderPort = RTPReceiver().port
        let player = Child(
            ["gst-launch-1.0", "-q", "udpsrc", "address=127.0.0.1", "port=\(decoderPort)"]
                + [
                    "caps=application/x-rtp,media=video,clock-rate=90000,encoding-name=\(encoding),payload=102"
                ]
                + "! \(decoder) ! videoconvert ! video/x-raw,format=I420 ! filesink buffer-mode=2 location=\(file)"
                .split(separator: " ").map(String.init)
        )
        defer { withExtendedLifetime(player) {} }

        let receiver = RTPReceiver()
        let media = DeskMedia { _ in }
        defer { media.stop() }
        media.start(DeskMediaConfiguration(display: screen.name))
        media.startStream(
            CaptureStreamConfiguration(stream: stream, port: receiver.port, ssrc: 3, payloadType: 102)
        )
        // The decoder misses what is sent while it starts; a key frame a quarter of a second lets it in.
        var picture: [UInt8] = []
        var rounds = 0
        let isDecoded = eventually(10) {
            rounds += 1
            if rounds % 50 == 0 { receiver.sendPictureLossIndication(for: 3) }
            for packet in receiver.receive() where !packet.isRTCP {
                receiver.forward(packet, to: decoderPort)
            }
            guard rounds % 10 == 0, let data = FileManager.default.contents(atPath: file) else {
                return false
            }
            // The second frame on: the first may be from before the colours settled.
            guard data.count >= 2 * Self.frameSize else { return false }
            picture = Array(data.dropFirst(data.count / Self.frameSize * Self.frameSize - Self.frameSize))
            return true
        }
        #expect(isDecoded)
        guard isDecoded else { return }
        for (index, color) in DesktopCaptureTests.colors.enumerated() {
            let (x, y) = (index % 2 * 160 + 80, index / 2 * 120 + 60)
            let chroma = 320 * 240 + y / 2 * 160 + x / 2
            let sample = (y: picture[y * 320 + x], u: picture[chroma], v: picture[chroma + 160 * 120])
            #expect(isNear(sample, color.yuv, by: 6), "quadrant \(index): \(sample)")
        }
    }

    private static let frameSize = 320 * 240 * 3 / 2
}
