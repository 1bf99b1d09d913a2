internal import Wire

/// PulseAudio recorder, Opus encoder and RTP sender of the desk's sound, all on the recorder's thread.
///
/// Silence costs nothing and sends nothing: see ``SoundFrames`` and ``SoundRecorder``.
final class SoundStream {
    private let recorder: SoundRecorder

    init(
        _ configuration: CaptureStreamConfiguration,
        for desk: DeskMediaConfiguration,
        sender: RTPSender
    ) throws(PipelineError) {
        let encoder = try OpusEncoder(bitrate: configuration.bitrate)
        let capacity = configuration.maximumPacketSize - RTPHeader.fixedLength
        recorder = try SoundRecorder(device: desk.audioDevice, server: desk.audioServer) { frame in
            withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 8) { packet in
                let length = encoder.encode(frame.samples, into: packet)
                guard length > 0 else { return }
                sender.send(
                    UnsafeRawBufferPointer(rebasing: packet[..<length]),
                    isMarked: frame.endsPause,
                    recordedAt: frame.date
                )
            }
        }
    }

    deinit {
        recorder.stop()
    }

    /// Readable while ``pollEvent()`` has something to tell.
    var descriptor: CInt { recorder.descriptor }

    func pollEvent() -> SoundRecorder.Event? { recorder.pollEvent() }
}
