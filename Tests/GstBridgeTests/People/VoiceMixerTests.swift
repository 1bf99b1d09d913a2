import Glibc
import GstBridge
import Testing
import Wire

@Suite struct VoiceMixerTests {
    @Test func whatASpeakerSaysComesOutAsItWas() throws {
        var room = Speakers()
        let sound = try room.play([Tone(voice: 0, frequency: 440, level: 8_000)], seconds: 2)
        #expect(abs(frequency(sound.suffix(48_000)) - 440) < 3)
        #expect((7_000...9_000).contains(sound.suffix(48_000).map(\.magnitude).max() ?? 0))
        // 40 ms of delay, and what the encoder takes.
        #expect(sound.prefix(1_800).allSatisfy { $0 == 0 })
    }

    @Test func severalAreHeardAtOnceAndTooLoudOnesAreCutAndDoNotWrap() throws {
        var room = Speakers()
        let two = [
            Tone(voice: 0, frequency: 300, level: 30_000), Tone(voice: 7, frequency: 300, level: 30_000),
        ]
        let sound = try room.play(two, seconds: 1).suffix(24_000)
        #expect(sound.max() == .max)
        #expect(sound.min() == .min)
        // A sum that wraps round jumps by the whole range.
        #expect(zip(sound, sound.dropFirst()).allSatisfy { abs(Int($0) - Int($1)) < 20_000 })
        #expect(abs(frequency(sound) - 300) < 5)
    }

    @Test func whoeverIsNotHeardAnyMoreIsSilentAtOnce() throws {
        var room = Speakers()
        _ = try room.play([Tone(voice: 2, frequency: 440, level: 8_000)], seconds: 1)
        room.mixer.handle(VoiceMessage.end(voice: 2).encodedHead().span.bytes, now: room.now)
        #expect(room.mixer.counts(of: 2) == nil)
        #expect(room.fill(9_600).allSatisfy { $0 == 0 })
    }

    @Test func oneLostPacketInTenLeavesNoHole() throws {
        var room = Speakers()
        room.isLost = { $0 % 10 == 5 }
        let sound = Array(
            try room.play([Tone(voice: 1, frequency: 440, level: 8_000)], seconds: 3).suffix(96_000)
        )
        let loudest = stride(from: 0, to: sound.count, by: 480).map { start in
            sound[start..<(start + 480)].map(\.magnitude).max() ?? 0
        }
        #expect((loudest.min() ?? 0) > 500)
        #expect((room.mixer.counts(of: 1)?.repaired ?? 0) > 10)
    }

    @Test func whatIsNoMessageIsCountedAndChangesNothing() {
        let mixer = VoiceMixer()
        let now = Instant(nanoseconds: 0)
        for bytes: [UInt8] in [[], [0x71, 0], [0x71, 9, 0x80], [0x71, 0, 0, 0, 0], [0x73, 1], [1, 2, 3]] {
            mixer.handle(bytes.span.bytes, now: now)
        }
        #expect(mixer.malformed == 6)
        // An RTP packet with no Opus in it.
        mixer.handle(([0x71, 0, 0x80] + [UInt8](repeating: 0, count: 11)).span.bytes, now: now)
        #expect(mixer.counts(of: 0)?.unused == 1)
    }

    @Test func anythingAtAllIsPlayed() {
        var random = SplitMix64(seed: 3)
        let mixer = VoiceMixer()
        var samples = [Int16](repeating: 0, count: 700)
        for step in 0..<3_000 {
            var bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if bytes.count > 14, step % 4 > 0 {
                bytes.replaceSubrange(0..<3, with: [0x71, bytes[1] & 7, 0x80])
            }
            let now = Instant(nanoseconds: Int64(step) * 10_000_000)
            mixer.handle(bytes.span.bytes, now: now)
            samples.withUnsafeMutableBufferPointer { mixer.fill($0, now: now) }
        }
        #expect(mixer.malformed > 100)
    }
}

private struct Tone {
    var voice: UInt8
    var frequency: Double
    var level: Double
}

/// Hertz, by how often the wave rises through zero.
private func frequency(_ sound: some Collection<Int16>) -> Double {
    let rising = zip(sound, sound.dropFirst()).count { $0 < 0 && $1 >= 0 }
    return Double(rising) * 48_000 / Double(sound.count)
}

/// People who send a packet every 20 ms, and whoever plays 10 ms at a time.
private struct Speakers {
    let mixer = VoiceMixer()
    var now = Instant(nanoseconds: 0)
    var isLost: (Int) -> Bool = { _ in false }

    mutating func play(_ tones: [Tone], seconds: Int) throws -> [Int16] {
        var sound: [Int16] = []
        let encoders = try tones.map { _ in try OpusEncoder(bitrate: 64_000) }
        for number in 0..<(seconds * 50) {
            for (tone, encoder) in zip(tones, encoders) where !isLost(number) {
                send(Self.packet(number, tone, encoder))
            }
            for (tone, encoder) in zip(tones, encoders) where isLost(number) {
                _ = Self.packet(number, tone, encoder)
            }
            for _ in 0..<2 {
                sound += fill(480)
                now += .milliseconds(10)
            }
        }
        return sound
    }

    func fill(_ count: Int) -> [Int16] {
        var samples = [Int16](repeating: 1, count: count)
        samples.withUnsafeMutableBufferPointer { mixer.fill($0, now: now) }
        return samples
    }

    private func send(_ message: [UInt8]) { mixer.handle(message.span.bytes, now: now) }

    private static func packet(_ number: Int, _ tone: Tone, _ encoder: OpusEncoder) -> [UInt8] {
        let samples = (0..<960).flatMap { index in
            let angle = Double(number * 960 + index) * tone.frequency / 48_000 * 2 * .pi
            return Array(repeating: Int16(tone.level * sin(angle)), count: 2)
        }
        var payload = [UInt8](repeating: 0, count: 1_200)
        let length = samples.withUnsafeBytes { frame in
            payload.withUnsafeMutableBytes { encoder.encode(frame, into: $0) }
        }
        let header = RTPHeader(
            payloadType: 111,
            sequenceNumber: UInt16(number),
            timestamp: UInt32(number * 960),
            ssrc: 4,
            payloadLength: length
        )
        let head = [UInt8](capacity: 12) { header.write(hasExtensions: false, into: &$0) }
        return VoiceMessage.packet(voice: tone.voice, 2..<3).encodedHead() + head + payload[..<length]
    }
}

extension [UInt8] {
    fileprivate init(capacity: Int, _ write: (inout OutputRawSpan) -> Void) {
        self.init(unsafeUninitializedCapacity: capacity) { buffer, count in
            var out = OutputRawSpan(buffer: UnsafeMutableRawBufferPointer(buffer), initializedCount: 0)
            write(&out)
            count = out.finalize(for: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}
