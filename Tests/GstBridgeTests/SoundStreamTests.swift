import Glibc
import GstBridge
import Testing
import Wire

@Suite(.serialized, .enabled(if: Child.isInstalled("pulseaudio"))) struct SoundStreamTests {
    @Test func aToneArrivesAsOpusPackets() throws {
        let sound = TestSound()
        #expect(sound.start())
        let receiver = RTPReceiver()
        let media = desk(sound, receiver) { _ in }
        defer { media.stop() }
        let packets = receiver.receiveMedia { $0.count >= 60 }
        #expect(packets.count >= 60)
        #expect(packets.allSatisfy { $0.payloadType == 111 && $0.ssrc == 5 && $0.bytes.count <= 1_200 })
        // Frames of 10 ms, one a packet, of a clock of 48 kHz; a sine is not silence.
        let steady = packets.dropFirst(10)
        let steps = zip(steady, steady.dropFirst()).map { $1.timestamp &- $0.timestamp }
        #expect(steps.allSatisfy { $0 == 480 })
        #expect(zip(steady, steady.dropFirst()).allSatisfy { $1.sequenceNumber == $0.sequenceNumber &+ 1 })
        #expect(steady.map(\.payload.count).max() ?? 0 > 40)
        #expect(media.statistics.streams[.opus]?.packets ?? 0 >= 60)
    }

    @Test func aServerThatGoesAwayIsWaitedForAndComesBack() throws {
        let sound = TestSound()
        let statuses = StatusLog()
        let receiver = RTPReceiver()
        let media = desk(sound, receiver) { statuses.append($0) }
        defer { media.stop() }
        #expect(eventually { statuses.contains(.sound(.waiting)) })
        #expect(sound.start())
        #expect(receiver.receiveMedia { $0.count > 5 }.count > 5)
        #expect(statuses.count(of: .sound(.live)) == 1)
        sound.stop()
        #expect(eventually { statuses.count(of: .sound(.waiting)) == 2 })
        _ = receiver.receive()
        #expect(sound.start())
        #expect(receiver.receiveMedia { $0.count > 5 }.count > 5)
        #expect(statuses.count(of: .sound(.live)) == 2)
    }

    @Test func silenceSendsNothingAndTheFirstSamplesAfterItArrive() throws {
        let sound = TestSound()
        #expect(sound.start(playing: false))
        let statuses = StatusLog()
        let receiver = RTPReceiver()
        let media = desk(sound, receiver) { statuses.append($0) }
        defer { media.stop() }
        #expect(eventually { statuses.contains(.sound(.live)) })
        usleep(500_000)
        #expect(receiver.receive().allSatisfy { $0.isRTCP })

        // Twice: once from the first silence on, once with an encoder and timestamps that have been used.
        var last: RTPReceiver.Packet?
        for _ in 0..<2 {
            sound.playTone(milliseconds: 300)
            // The sink is suspended a second after the tone.
            usleep(1_300_000)
            let packets = receiver.receive().filter { !$0.isRTCP }
            if let last {
                #expect(packets.first?.sequenceNumber == last.sequenceNumber &+ 1)
                // At least the time slept, less the silence that was sent.
                #expect(try #require(packets.first).timestamp &- last.timestamp > 50_000)
            }
            // 300 ms lie in 30 or 31 frames of 10 ms; twenty of silence follow, so that decoders come to rest. A
            // busy machine plays the tone with a pause in it.
            #expect((45...90).contains(packets.count), "\(packets.count) packets")
            #expect(zip(packets, packets.dropFirst()).allSatisfy { $1.timestamp &- $0.timestamp == 480 })
            #expect(packets.enumerated().allSatisfy { $1.marker == ($0 == 0) }, "marked where a pause ends")
            // The first may end with the first samples.
            #expect(packets.prefix(3).contains { $0.payload.count > 60 }, "a tone from the beginning on")
            #expect(packets.count { $0.payload.count > 60 } >= 28, "the whole tone")
            #expect(packets.suffix(16).allSatisfy { $0.payload.count < 60 }, "silence at the end")
            last = packets.last
        }
    }

    private func desk(
        _ sound: TestSound,
        _ receiver: RTPReceiver,
        onStatus: @escaping @Sendable (DeskMediaStatus) -> Void
    ) -> DeskMedia {
        let media = DeskMedia(onStatus: onStatus)
        // No screen: sound does not wait for it.
        media.start(DeskMediaConfiguration(display: ":9999", audioServer: sound.server))
        media.startStream(
            CaptureStreamConfiguration(stream: .opus, port: receiver.port, ssrc: 5, payloadType: 111)
        )
        return media
    }
}
