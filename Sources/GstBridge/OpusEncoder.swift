internal import COpus
internal import Synchronization

/// The owner of one Opus encoder: 48 kHz stereo, frames of any length that Opus has.
///
/// Made and tuned on the media thread, used on the recorder's.
package final class OpusEncoder: Sendable {
    /// `nonisolated(unsafe)`: followed only while ``lock`` is held.
    nonisolated(unsafe) private let encoder: OpaquePointer
    private let lock = Mutex(())

    /// - Parameter bitrate: Bits per second; kept within what Opus takes.
    package init(bitrate: Int) throws(PipelineError) {
        var error: CInt = 0
        guard let encoder = opus_encoder_create(48_000, 2, CInt(COpus_APPLICATION_AUDIO), &error) else {
            throw PipelineError(message: String(cString: opus_strerror(error)))
        }
        self.encoder = encoder
        set(COpus_SET_COMPLEXITY, to: 5)
        // In-band FEC needs an expected loss to spend bits on.
        set(COpus_SET_INBAND_FEC, to: 1)
        set(COpus_SET_PACKET_LOSS_PERC, to: 10)
        set(COpus_SET_BITRATE, to: Int32(min(max(bitrate, 6_000), 510_000)))
    }

    deinit {
        opus_encoder_destroy(encoder)
    }

    /// Encodes one frame; returns the packet's length, 0 if there is none, as of a length that Opus has not (RFC 6716 §2.1.4).
    ///
    /// - Parameter frame: Interleaved, 16 bits a sample; the desk's sound has ``SoundFrames/byteCount`` bytes.
    package func encode(_ frame: UnsafeRawBufferPointer, into packet: UnsafeMutableRawBufferPointer) -> Int {
        let length = lock.withLock { _ in
            opus_encode(
                encoder,
                frame.assumingMemoryBound(to: Int16.self).baseAddress,
                CInt(frame.count / 4),
                packet.assumingMemoryBound(to: UInt8.self).baseAddress,
                Int32(clamping: packet.count)
            )
        }
        return max(0, Int(length))
    }

    private func set(_ request: Int, to value: Int32) {
        // Refused only if out of range, which the callers are not.
        lock.withLock { _ in _ = COpus_encoder_set(encoder, CInt(request), value) }
    }
}
