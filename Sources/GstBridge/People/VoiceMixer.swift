package import Wire

/// The voices of those whom the desk's programs hear, decoded and put together: 48 kHz, one channel, 16 bits.
///
/// Pure but for the decoder's memory: ``handle(_:now:)`` takes what the room sends, ``fill(_:now:)`` is asked for sound.
package final class VoiceMixer {
    private var voices: [VoiceSlot] = (0..<VoiceMessage.voices).map { _ in VoiceSlot() }
    private var sum: [Int32] = []
    /// Messages that were none, or had no RTP packet.
    package private(set) var malformed = 0

    package init() {}

    /// Takes a message of the room's.
    package func handle(_ bytes: RawSpan, now: Instant) {
        switch VoiceMessage(parsing: bytes) {
        case .end(let voice): voices[Int(voice)].end()
        case .packet(let voice, let range):
            let packet = bytes.extracting(range)
            guard let header = try? RTPHeader(parsing: packet),
                voices[Int(voice)].handle(header, packet, now: now)
            else { return malformed += 1 }
        case .state, nil: malformed += 1
        }
    }

    /// Makes as many samples as there is room for.
    package func fill(_ samples: UnsafeMutableBufferPointer<Int16>, now: Instant) {
        var done = 0
        while done < samples.count {
            let count = min(Self.block, samples.count - done)
            sum.removeAll(keepingCapacity: true)
            sum.append(contentsOf: repeatElement(0, count: count))
            for voice in voices { voice.add(to: &sum, now: now) }
            for index in 0..<count { samples[done + index] = Int16(clamping: sum[index]) }
            done += count
        }
    }

    /// What has become of a voice's packets; `nil` while nobody has it.
    package func counts(of voice: Int) -> JitterBuffer.Counts? { voices[voice].counts }

    /// Samples: 10 ms.
    private static let block = 480
}

/// A place for a voice: its decoder is there while it is used.
private final class VoiceSlot {
    private var voice: Voice?

    func end() { voice = nil }

    /// Returns `false` without memory for a decoder.
    func handle(_ header: RTPHeader, _ packet: RawSpan, now: Instant) -> Bool {
        if voice == nil { voice = try? Voice() }
        guard voice != nil else { return false }
        voice?.handle(header, packet, now: now)
        return true
    }

    func add(to sum: inout [Int32], now: Instant) { voice?.add(to: &sum, now: now) }

    var counts: JitterBuffer.Counts? { voice?.buffer.counts }
}
