import Glibc
import GstBridge
import Testing
import Wire

@Suite(.serialized, .enabled(if: Child.isInstalled("pulseaudio"))) struct AudioPipelineTests {
    @Test func aToneArrivesAsOpusPackets() throws {
        let sound = TestSound()
        #expect(sound.start())
        let receiver = RTPReceiver()
        let media = desk(sound, receiver) { _ in }
        defer { media.stop() }
        let packets = receiver.receiveMedia { $0.count >= 60 }
        #expect(packets.count >= 60)
        #expect(packets.allSatisfy { $0.payloadType == 111 && $0.ssrc == 5 && $0.bytes.count <= 1_200 })
        // Frames of 20 ms, one a packet, of a clock of 48 kHz; a sine is not silence.
        let steady = packets.dropFirst(10)
        let steps = zip(steady, steady.dropFirst()).map { $1.timestamp &- $0.timestamp }
        #expect(steps.allSatisfy { $0 == 960 })
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
