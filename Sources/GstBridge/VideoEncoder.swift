/// How one video codec is encoded: a row of ``VideoEncoder/catalogue``.
struct VideoEncoder {
    let stream: CaptureStream
    /// The `gst-launch` text from raw video to an elementary stream; the element to tune is called `encoder`.
    let description: String
    /// The property that changes the bitrate of a running encoder, and how many bit/s its unit is.
    let bitrateProperty: (name: String, unit: Int)
    /// From an elementary stream to RTP; the element is called `payloader`.
    let payloader: String

    static func of(_ stream: CaptureStream) -> VideoEncoder? { catalogue.first { $0.stream == stream } }

    /// Both encoders: no key frame unless one is asked for, no frame held back, one thread.
    static let catalogue = [
        // Constant quality below a rate cap: text is sharp at once, motion cannot flood the line. Of all
        // presets tried, superfast has the best quality per CPU at 1080p30. Without caps it emits High
        // profile, which browsers do not offer. Scene cuts would be key frames that nobody asked for.
        VideoEncoder(
            stream: .h264,
            description: """
                x264enc name=encoder speed-preset=superfast tune=zerolatency threads=1 sliced-threads=false \
                pass=qual quantizer=22 vbv-buf-capacity=600 key-int-max=2147483647 option-string=scenecut=0 \
                bframes=0 byte-stream=true aud=false ! video/x-h264,profile=constrained-baseline
                """,
            bitrateProperty: ("bitrate", 1_000),
            payloader: "rtph264pay name=payloader config-interval=-1 aggregate-mode=zero-latency"
        ),
        // More than one thread spins; a static threshold, or cpu-used below -6, smears scrolling text.
        VideoEncoder(
            stream: .vp8,
            description: """
                vp8enc name=encoder deadline=1 cpu-used=-6 threads=1 end-usage=cbr lag-in-frames=0 \
                keyframe-max-dist=2147483647 min-quantizer=12 max-quantizer=56 buffer-initial-size=400 \
                buffer-optimal-size=500 buffer-size=600 undershoot=95 overshoot=15 error-resilient=default
                """,
            bitrateProperty: ("target-bitrate", 1),
            payloader: "rtpvp8pay name=payloader picture-id-mode=15-bit"
        ),
    ]
}
