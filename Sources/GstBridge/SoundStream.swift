internal import Wire

/// PulseAudio recorder, Opus encoder and RTP sender of the desk's sound, all on the recorder's thread.
///
/// Silence costs nothing and sends nothing: see ``SoundFrames`` and ``SoundRecorder``.
final class SoundStream {
    private let encoder: OpusEncoder
    private let recorder: SoundRecorder

    init(
        _ configuration: CaptureStreamConfiguration,
        for desk: DeskMediaConfiguration,
        sender: RTPSender
    ) throws(PipelineError) {
        let encoder = try OpusEncoder()
        self.encoder = encoder
        let payloadType = configuration.payloadType
        let capacity = configuration.maximumPacketSize - RTPHeader.fixedLength
        recorder = try SoundRecorder(device: desk.audioDevice, server: desk.audioServer) { frame in
            withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 8) { packet in
                let length = encoder.encode(frame.samples, into: packet)
                guard length > 0 else { return }
                sender.send(
                    UnsafeRawBufferPointer(rebasing: packet[..<length]),
                    payloadType: payloadType,
                    isMarked: frame.endsPause,
                    recordedAt: frame.date
                )
            }
        }
        setBitrate(configuration.bitrate)
    }

    deinit {
        recorder.stop()
    }

    /// Readable while ``pollEvent()`` has something to tell.
    var descriptor: CInt { recorder.descriptor }

    func pollEvent() -> SoundRecorder.Event? { recorder.pollEvent() }

    /// - Parameter bitrate: Bits per second; kept within what Opus takes.
    func setBitrate(_ bitrate: Int) {
        encoder.setBitrate(bitrate)
    }
}
