internal import COpus
internal import Wire

/// The owner of one Opus decoder: 48 kHz, one channel.
struct OpusDecoder: ~Copyable {
    private let decoder: OpaquePointer

    init() throws(PipelineError) {
        var error: CInt = 0
        guard let decoder = opus_decoder_create(48_000, 1, &error) else {
            throw PipelineError(message: String(cString: opus_strerror(error)))
        }
        self.decoder = decoder
    }

    deinit {
        opus_decoder_destroy(decoder)
    }

    /// Decodes a packet; returns how many samples there are, 0 if it is broken.
    ///
    /// - Parameter pcm: Has room for ``OpusPayload/longest``.
    func decode(_ packet: [UInt8], into pcm: inout [Int16]) -> Int {
        max(0, Int(opus_decode(decoder, packet, Int32(packet.count), &pcm, CInt(pcm.count), 0)))
    }

    /// Makes up what is missing: of what came before and, if there is one, of the packet after it.
    ///
    /// - Parameter samples: Multiples of 2.5 ms, no more than `pcm` has room for.
    func conceal(_ samples: Int, before packet: [UInt8]?, into pcm: inout [Int16]) -> Int {
        let samples = CInt(min(samples, pcm.count))
        guard let packet else { return max(0, Int(opus_decode(decoder, nil, 0, &pcm, samples, 0))) }
        return max(0, Int(opus_decode(decoder, packet, Int32(packet.count), &pcm, samples, 1)))
    }
}
