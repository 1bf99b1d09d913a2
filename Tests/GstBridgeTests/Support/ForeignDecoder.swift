import Foundation
import Glibc
import GstBridge
import Wire

/// Decodes a stream by decoders that are not ours.
enum ForeignDecoder {
    static func isKeyFrame(_ packet: RTPReceiver.Packet, of stream: CaptureStream) -> Bool {
        let payload = Array(packet.payload)
        switch stream {
        case .vp8, .vp8Clear: return VP8PayloadDescriptor(payload.span.bytes)?.startsKeyFrame == true
        default: return H264Payload.startsKeyFrame(payload.span.bytes)
        }
    }

    /// The pictures, I420, one after the other; `nil`: it could not be decoded.
    static func decode(_ packets: [RTPReceiver.Packet], of stream: CaptureStream) -> Data? {
        let name = "/tmp/deskroom-foreign-\(getpid())-\(stream)"
        let (input, output) = (name + ".rtp", name + ".i420")
        defer {
            unlink(input)
            unlink(output)
        }
        // RFC 4571: each packet after its length.
        var framed = Data()
        for packet in packets {
            framed.append(contentsOf: [UInt8(packet.bytes.count >> 8), UInt8(packet.bytes.count & 0xff)])
            framed.append(contentsOf: packet.bytes)
        }
        guard FileManager.default.createFile(atPath: input, contents: framed) else { return nil }
        let isVP8 = stream == .vp8 || stream == .vp8Clear
        let decoder = isVP8 ? "rtpvp8depay ! vp8dec" : "rtph264depay ! h264parse ! openh264dec"
        let caps =
            "application/x-rtp-stream,media=video,clock-rate=90000,payload=102,encoding-name="
            + (isVP8 ? "VP8" : "H264")
        let line =
            "filesrc location=\(input) ! \(caps) ! rtpstreamdepay ! \(decoder) ! videoconvert "
            + "! video/x-raw,format=I420 ! filesink sync=false location=\(output)"
        let player = Child(["gst-launch-1.0", "-q"] + line.split(separator: " ").map(String.init))
        player?.wait(120)
        // Mapped: it stays readable when its name is gone.
        return try? Data(contentsOf: URL(fileURLWithPath: output), options: .alwaysMapped)
    }
}
