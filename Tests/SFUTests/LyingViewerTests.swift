import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A viewer that says what is not true, to make the room send or work without bound.
@Suite struct LyingViewerTests {
    /// Bits per second of the desk's picture as it is sent to each viewer, with its headers and tags.
    private static let stream = 4 * 30 * 1_150 * 8

    /// Acknowledges in time whatever was sent, what was lost on the way, and what was never sent.
    @Test func whoAcknowledgesEverythingGetsNoMoreThanThereIs() throws {
        let scene = try Scene()
        scene.viewer.participant.sendsTransportFeedback = false
        scene.viewer.down.loss = 0.5
        let before = try scene.sent
        var base: UInt16 = 0
        var count: UInt8 = 0
        scene.repeats(every: .milliseconds(50), for: .seconds(30)) { now, out in
            let arrivals: [Interval?] = (0..<100).map {
                Interval(nanoseconds: now.nanoseconds) + .microseconds(300) * Int64($0)
            }
            TransportFeedback.write(
                arrivals.span,
                base: SequenceNumber(base),
                feedbackCount: count,
                from: scene.viewer.participant.ssrc,
                about: scene.consumer.ssrc,
                into: &out
            )
            base &+= 7
            count &+= 1
        }
        // With its probes, and what the honest half of its requests brings.
        #expect(try scene.sent - before < 3 * Self.stream / 8 * 30)
        #expect(try scene.transport.availableBitrate.map { $0 <= 100_000_000 } == true)
    }

    /// Every number there is, whether or not it was sent.
    @Test(arguments: [1, 40])
    func whoAsksForEverythingAgainGetsNoMoreThanTwiceThat(messages: Int) throws {
        let scene = try Scene()
        let before = try scene.sent
        var next: UInt16 = 0
        scene.repeats(every: .milliseconds(5), for: .seconds(10)) { _, out in
            for _ in 0..<messages {
                // 17 numbers a word.
                Self.appendHeader(RTCPType.transportFeedback, RTCPType.genericNACK, words: 6, to: &out)
                out.append(bigEndian: scene.viewer.participant.ssrc)
                out.append(bigEndian: scene.consumer.ssrc)
                for _ in 0..<4 {
                    out.append(bigEndian: next)
                    out.append(bigEndian: UInt16.max)
                    next &+= 17
                }
            }
        }
        let sent = try scene.sent - before
        #expect(sent < 2 * Self.stream / 8 * 10 + 1 << 20)
        // What it sees meanwhile is whole.
        expectUnbroken(try #require(scene.viewer.participant.stream(scene.consumer.ssrc)))
    }

    /// 24 bytes that speak of 65 535 packets are not looked through thousands of times a second.
    @Test func whoReportsOnMorePacketsThanThereAreIsNotListenedTo() throws {
        let scene = try Scene()
        let before = try scene.transport.packetsRejected
        scene.repeats(every: .milliseconds(5), for: .seconds(5)) { now, out in
            for _ in 0..<20 {
                Self.appendHeader(RTCPType.transportFeedback, RTCPType.transportWideCC, words: 8, to: &out)
                out.append(bigEndian: scene.viewer.participant.ssrc)
                out.append(bigEndian: scene.consumer.ssrc)
                out.append(bigEndian: 1 as UInt16)
                out.append(bigEndian: UInt16.max)
                out.append(bigEndian: 1 as UInt32)
                // None arrived: eight runs of 8 191 and the rest.
                for _ in 0..<8 { out.append(bigEndian: 0x1fff as UInt16) }
            }
        }
        #expect(try scene.transport.packetsRejected - before > 15_000)
        expectUnbroken(try #require(scene.viewer.participant.stream(scene.consumer.ssrc)))
    }

    @Test(arguments: [RTCPType.pictureLossIndication, RTCPType.fullIntraRequest])
    func whoAsksForKeyFramesAllTheTimeCostsOneASecond(type: UInt8) throws {
        let scene = try Scene()
        let before = scene.source.stream.keyFrames
        scene.repeats(every: .milliseconds(2), for: .seconds(20)) { now, out in
            if type == RTCPType.pictureLossIndication {
                PictureLossIndication.write(
                    from: scene.viewer.participant.ssrc,
                    about: scene.consumer.ssrc,
                    into: &out
                )
            } else {
                for number in 0..<20 as Range<UInt8> {
                    Self.appendHeader(RTCPType.payloadFeedback, type, words: 4, to: &out)
                    out.append(bigEndian: scene.viewer.participant.ssrc)
                    out.append(bigEndian: 0 as UInt32)
                    out.append(bigEndian: scene.consumer.ssrc)
                    out.append(bigEndian: UInt32(number) << 24)
                }
            }
        }
        #expect(scene.source.stream.keyFrames - before <= 26)
    }

    /// Reports that say that nothing is lost, or everything, from a clock that runs wild.
    @Test func reportsOfNonsenseChangeNothing() throws {
        let scene = try Scene()
        var random = SplitMix64(seed: 5)
        let before = try scene.sent
        scene.repeats(every: .milliseconds(10), for: .seconds(10)) { _, out in
            Self.appendHeader(RTCPType.receiverReport, 1, words: 7, to: &out)
            out.append(bigEndian: scene.viewer.participant.ssrc)
            out.append(bigEndian: scene.consumer.ssrc)
            for _ in 0..<5 { out.append(bigEndian: UInt32.random(in: .min ... .max, using: &random)) }
        }
        #expect(try scene.sent - before < 2 * Self.stream / 8 * 10)
        expectUnbroken(try #require(scene.viewer.participant.stream(scene.consumer.ssrc)))
    }

    private static func appendHeader(
        _ type: UInt8,
        _ count: UInt8,
        words: UInt16,
        to out: inout OutputRawSpan
    ) {
        out.append(0x80 | count)
        out.append(type)
        out.append(bigEndian: words)
    }

    private final class Scene {
        let network: SimulatedNetwork
        let viewer: SimulatedNetwork.Peer
        let source: SimulatedNetwork.Source
        let consumer: ConsumerParameters

        init() throws {
            network = try SimulatedNetwork(seed: 71)
            let (source, producer) = try network.addSource(.desk())
            self.source = source
            viewer = try network.join()
            #expect(network.connectAll())
            consumer = try network.view(producer, by: viewer)
            network.run(for: .seconds(2))
        }

        var transport: TransportStatistics {
            get throws { try network.core.webRTCTransport(viewer.transport).currentStatistics() }
        }

        var sent: Int { get throws { Int(try transport.bytesSent) } }

        /// Sends a compound packet after an empty receiver report, again and again.
        func repeats(
            every interval: Interval,
            for duration: Interval,
            _ write: (Instant, inout OutputRawSpan) -> Void
        ) {
            let end = network.now + duration
            while network.now < end {
                network.act(viewer) { participant, queue in
                    participant.sendRTCP(into: &queue) { out in
                        ReportBlock.writeEmptyReceiverReport(from: participant.ssrc, into: &out)
                        write(network.now, &out)
                    }
                }
                network.run(for: interval)
            }
        }
    }
}
