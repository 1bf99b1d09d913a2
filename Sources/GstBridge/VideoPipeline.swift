internal import CGStreamer

/// Encoder, payloader and RTP sender of one video stream.
///
/// `appsrc` holds one frame and replaces it when the encoder is late, so an encoder that is too slow lowers
/// the frame rate and never builds up delay. Its streaming thread encodes, packs and sends: no queue, no
/// other thread.
final class VideoPipeline {
    /// Where frames come in; `nil` if the pipeline captures for itself.
    let input: FrameInput?

    private let pipeline: GstPipeline

    init(
        _ configuration: CaptureStreamConfiguration,
        for desk: DeskMediaConfiguration,
        sender: RTPSender
    ) throws(PipelineError) {
        guard let encoder = VideoEncoder.of(configuration.stream) else {
            throw PipelineError(message: "not a video stream")
        }
        let source =
            switch desk.source {
            case .damage:
                "appsrc name=source is-live=true format=time max-buffers=1 leaky-type=downstream"
            case .ximagesrc where configuration.stream.isSmall:
                throw PipelineError(message: "the yardstick has one size")
            case .ximagesrc:
                // The display is named in the text: linking asks for caps, and for that the element opens its
                // display.
                """
                ximagesrc display-name=\(GstPipeline.quoted(desk.display)) use-damage=true show-pointer=false \
                ! video/x-raw,framerate=\(desk.framesPerSecond)/1 ! queue leaky=downstream max-size-buffers=1 \
                ! videoconvert ! video/x-raw,format=I420,colorimetry=bt601
                """
            }
        pipeline = try GstPipeline(
            [source, encoder.description, encoder.payloader, RTPSender.element].compactMap(\.self)
                .joined(separator: " ! "),
            plugins: encoder.plugins + (desk.source == .damage ? [] : ["ximagesrc", "videoconvertscale"])
        )
        switch desk.source {
        case .damage:
            input = FrameInput(
                try pipeline.element("source"),
                rate: configuration.stream.highestRate(of: desk.framesPerSecond)
            )
        case .ximagesrc:
            input = nil
        }
        // Kept within what the encoder takes.
        let bitrate = min(max(configuration.bitrate, 50_000), 100_000_000) / encoder.bitrateProperty.unit
        try pipeline.set(encoder.bitrateProperty.name, of: "encoder", to: "\(bitrate)")
        try sender.attach(to: pipeline, configuration)
        try pipeline.start()
    }

    var descriptor: CInt { pipeline.descriptor }

    func pollFailure() -> String? { pipeline.pollFailure() }

    /// The next frame that the encoder begins is a key frame.
    func forceKeyFrame() {
        guard let sink = try? pipeline.element("sink") else { return }
        defer { gst_object_unref(sink) }
        // A payloader passes it on.
        let pad = gst_element_get_static_pad(sink, "sink")
        defer { gst_object_unref(pad) }
        gst_pad_push_event(pad, gst_video_event_new_upstream_force_key_unit(.max, 1, 0))
    }
}
