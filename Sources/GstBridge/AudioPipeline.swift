/// PulseAudio recorder, Opus encoder, payloader and RTP sender of the desk's sound.
final class AudioPipeline {
    private let pipeline: GstPipeline

    init(
        _ configuration: CaptureStreamConfiguration,
        for desk: DeskMediaConfiguration,
        sender: RTPSender
    ) throws(PipelineError) {
        // Frames of 20 ms, recorded in halves: half the wake-ups and packets of 10 ms frames, for 10 ms more delay. PulseAudio
        // resamples and mixes down if it must. Our own clock stays the pipeline's, or sound could not share timestamps with
        // video. In-band FEC needs an expected loss to spend bits on.
        pipeline = try GstPipeline(
            """
            pulsesrc name=source client-name=deskroom provide-clock=false buffer-time=20000 latency-time=10000 \
            ! audio/x-raw,format=S16LE,rate=48000,channels=2 \
            ! opusenc name=encoder audio-type=generic frame-size=20 complexity=5 inband-fec=true \
            packet-loss-percentage=10 dtx=\(desk.discontinuousSound) bitrate-type=vbr \
            ! rtpopuspay name=payloader dtx=\(desk.discontinuousSound) ! \(RTPSender.element)
            """
        )
        try pipeline.set("device", of: "source", to: desk.audioDevice)
        if let server = desk.audioServer { try pipeline.set("server", of: "source", to: server) }
        try setBitrate(configuration.bitrate)
        try sender.attach(to: pipeline, configuration)
        try pipeline.start()
    }

    var descriptor: CInt { pipeline.descriptor }

    func pollFailure() -> String? { pipeline.pollFailure() }

    /// - Parameter bitrate: Bits per second; kept within what Opus takes.
    func setBitrate(_ bitrate: Int) throws(PipelineError) {
        try pipeline.set("bitrate", of: "encoder", to: "\(min(max(bitrate, 6_000), 510_000))")
    }
}
