/// How one video codec is encoded: a row of ``VideoEncoder/catalogue``.
struct VideoEncoder {
    let stream: CaptureStream
    /// The `gst-launch` text from raw video to an elementary stream; the element to tune is called `encoder`.
    let description: String
    /// The property that changes the bitrate of a running encoder, and how many bit/s its unit is.
    let bitrateProperty: (name: String, unit: Int)
    /// From an elementary stream to RTP; the element is called `payloader`; `nil`: ``H264Stream`` does that.
    let payloader: String?
    /// What its elements are in.
    let plugins: [String]

    static func of(_ stream: CaptureStream) -> VideoEncoder? {
        catalogue.first { $0.stream == stream.covered }
    }

    /// All encoders: no key frame unless one is asked for, no frame held back, one thread.
    static let catalogue = [
        h264(.h264, quantizer: 24, buffer: 600),
        // Its key frame must be through a narrow path in a third of a second, however coarse it is then.
        h264(.h264Small, quantizer: 26, buffer: 500),
        vp8(.vp8, quantizers: 12...56, buffer: 600),
        // Scrolling text takes six times its rate at the coarsest: what then does not fit is left out.
        vp8(
            .vp8Small,
            quantizers: 16...63,
            buffer: 500,
            more: "max-intra-bitrate=500 dropframe-threshold=30"
        ),
    ]

    /// Constant quality below a rate cap: text is sharp at once, motion cannot flood the line.
    ///
    /// Of all presets tried, superfast has the best quality per CPU at 1080p30. Without caps it emits High
    /// profile, which browsers do not offer. Scene cuts would be key frames that nobody asked for. Adaptive
    /// quantization is off because it makes busy blocks coarser than flat ones: those are the text.
    ///
    /// - Parameter buffer: Milliseconds of the rate that may come at once.
    private static func h264(_ stream: CaptureStream, quantizer: Int, buffer: Int) -> VideoEncoder {
        VideoEncoder(
            stream: stream,
            description: """
                x264enc name=encoder speed-preset=superfast tune=zerolatency threads=1 sliced-threads=false \
                pass=qual quantizer=\(quantizer) vbv-buf-capacity=\(buffer) key-int-max=2147483647 \
                option-string=scenecut=0:aq-mode=0 bframes=0 byte-stream=true aud=false \
                ! video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au
                """,
            bitrateProperty: ("bitrate", 1_000),
            payloader: nil,
            plugins: ["x264"]
        )
    }

    /// More than one thread spins; a static threshold, or cpu-used below -6, smears scrolling text.
    ///
    /// - Parameter buffer: Milliseconds of the rate that may come at once.
    private static func vp8(
        _ stream: CaptureStream,
        quantizers: ClosedRange<Int>,
        buffer: Int,
        more: String = ""
    ) -> VideoEncoder {
        VideoEncoder(
            stream: stream,
            description: """
                vp8enc name=encoder deadline=1 cpu-used=-6 threads=1 end-usage=cbr lag-in-frames=0 \
                keyframe-max-dist=2147483647 min-quantizer=\(quantizers.lowerBound) \
                max-quantizer=\(quantizers.upperBound) buffer-initial-size=\(buffer - 200) \
                buffer-optimal-size=\(buffer - 100) buffer-size=\(buffer) undershoot=95 overshoot=15 \
                error-resilient=default \(more)
                """,
            bitrateProperty: ("target-bitrate", 1),
            payloader: "rtpvp8pay name=payloader picture-id-mode=15-bit",
            plugins: ["vpx", "rtp"]
        )
    }
}
