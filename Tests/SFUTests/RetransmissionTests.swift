import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// What is lost on the way to a viewer comes again, once, and only where that was negotiated.
@Suite struct RetransmissionTests {
    @Test func aLostPacketIsSentAgainAndNothingElse() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        // Probes of the path are retransmissions too.
        peer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        let lost = Drops(ofStream: consumer.ssrc, count: 3)
        peer.down.drops = lost.drops
        network.run(for: .seconds(1))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        #expect(lost.dropped.count == 3)
        #expect(stream.statistics.recovered == 3)
        #expect(stream.statistics.retransmissions == 3)
        #expect(
            Set(stream.arrivals.filter(\.isRetransmission).map { UInt16(truncatingIfNeeded: $0.sequence) })
                == lost.dropped
        )
        expectUnbroken(stream)
        let statistics = try network.core.consumer(consumer.id).currentStatistics()
        #expect(statistics.retransmitted == 3)
        #expect(statistics.packetsNacked == 3)
    }

    @Test func aPacketIsNotSentTwiceWithinARoundTrip() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        // Probes of the path are retransmissions too.
        peer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(3))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        let sequence = UInt16(truncatingIfNeeded: try #require(stream.arrivals.last).sequence)
        func ask() {
            network.act(peer) { participant, queue in
                participant.sendRTCP(into: &queue) { out in
                    ReportBlock.writeEmptyReceiverReport(from: 1, into: &out)
                    GenericNACK.write(
                        [SequenceNumber(sequence)].span,
                        from: 1,
                        about: consumer.ssrc,
                        into: &out
                    )
                }
            }
        }
        ask()
        ask()
        network.run(for: .milliseconds(12))
        ask()
        network.run(for: .milliseconds(500))
        #expect(try network.core.consumer(consumer.id).currentStatistics().packetsNacked == 3)
        #expect(peer.participant.stream(consumer.ssrc)?.statistics.retransmissions == 1)
        // Asked for again, it is sent twice.
        ask()
        network.run(for: .milliseconds(500))
        #expect(peer.participant.stream(consumer.ssrc)?.statistics.retransmissions == 3)
    }

    @Test func withoutRetransmissionFormatNothingIsSentAgain() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(
            producer,
            by: peer,
            options: ConsumerOptions(capabilities: .browser(retransmits: false))
        )
        #expect(consumer.rtp.encodings.first?.rtxSSRC == nil)
        peer.down.loss = 0.05
        network.run(for: .seconds(2))
        let statistics = try network.core.consumer(consumer.id).currentStatistics()
        #expect(statistics.packetsNacked > 0)
        #expect(statistics.retransmitted == 0)
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        #expect(stream.statistics.duplicates == 0)
    }

    /// With some of these seeds the estimate falls so low that the picture is paused for a while:
    /// after the loss it must come back.
    @Test(arguments: [0.05, 0.2], [1, 4, 7, 12, 15] as [UInt64])
    func lossBothWaysRecovers(loss: Double, seed: UInt64) throws {
        let network = try SimulatedNetwork(seed: seed)
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        peer.up.loss = loss
        peer.down.loss = loss
        peer.up.jitter = .milliseconds(4)
        peer.down.jitter = .milliseconds(4)
        peer.down.duplication = 0.01
        network.run(for: .seconds(10))
        peer.up = SimulatedNetwork.Path()
        peer.down = SimulatedNetwork.Path()
        let mended = network.now
        let lossy = peer.participant.stream(consumer.ssrc)?.statistics.packets ?? 0
        let goesOn = network.run(limit: .seconds(8)) {
            peer.participant.stream(consumer.ssrc)?.arrivals.last.map { $0.at - mended > .zero } ?? false
        }
        #expect(goesOn)
        network.run(for: .seconds(3))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        #expect(stream.statistics.recovered > Int(Double(lossy) * loss * 0.7))
        // What was given up on was made good by a key frame.
        let unrepaired = stream.statistics.missing
        #expect(unrepaired == 0 || source.stream.keyFrames > 1, "\(unrepaired) missing")
        #expect(unrepaired <= stream.statistics.packets / 100)
        let tail = stream.arrivals.suffix(100).map(\.sequence)
        #expect(zip(tail, tail.dropFirst()).allSatisfy { $0 + 1 == $1 })
    }

    /// The end of a frame after which nothing moves: no later packet shows that it is missing.
    ///
    /// After a second nothing is known of the path yet; after ten it is known to be wide.
    @Test(arguments: [1, 10] as [Int64])
    func aLostTailIsRepairedThoughTheStreamFallsSilent(seconds: Int64) throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(seconds))
        let before = source.stream.frames
        peer.down.drops = { Self.ssrc($0) == consumer.ssrc }
        #expect(network.run(limit: .seconds(1)) { source.stream.frames > before })
        source.stream.isStill = true
        network.run(for: .milliseconds(20))
        peer.down.drops = nil
        let sent = try network.core.consumer(consumer.id).currentStatistics().packets
        // A frame, the pause after which the stream counts as silent, and some round trips.
        let isWhole = network.run(limit: .milliseconds(150)) {
            UInt64(peer.participant.stream(consumer.ssrc)?.arrivals.count ?? 0) == sent
        }
        #expect(isWhole)
        network.run(for: .seconds(2))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        #expect(stream.statistics.missing == 0)
        #expect(UInt64(stream.arrivals.count) == sent)
        #expect(try network.core.consumer(consumer.id).currentStatistics().packets == sent)
    }

    @Test func aReceiverCannotAskForMoreThanTheStream() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(2))
        source.stream.isStill = true
        let newest = SequenceNumber(
            UInt16(
                truncatingIfNeeded: try #require(peer.participant.stream(consumer.ssrc)?.arrivals.last)
                    .sequence
            )
        )
        let numbers = (0..<240).map { newest.advanced(by: $0 - 239) }
        for _ in 0..<20 {
            network.act(peer) { participant, queue in
                participant.sendRTCP(into: &queue) { out in
                    ReportBlock.writeEmptyReceiverReport(from: 1, into: &out)
                    GenericNACK.write(numbers.span, from: 1, about: consumer.ssrc, into: &out)
                }
            }
            network.run(for: .milliseconds(60))
        }
        let statistics = try network.core.consumer(consumer.id).currentStatistics()
        #expect(statistics.packetsNacked == 4_800)
        #expect(statistics.retransmitted <= 520 << 10 / 1_100)
        #expect(statistics.retransmitted > 50)
    }

    private static func ssrc(_ packet: RawSpan) -> UInt32? {
        PacketKind(of: packet) == .rtp ? packet.bigEndian(UInt32.self, at: 8) : nil
    }
}

/// Loses some packets of one stream, each third.
final class Drops {
    private let ssrc: UInt32
    private let count: Int
    private var seen = 0
    private(set) var dropped: Set<UInt16> = []

    init(ofStream ssrc: UInt32, count: Int) {
        self.ssrc = ssrc
        self.count = count
    }

    func drops(_ packet: RawSpan) -> Bool {
        guard PacketKind(of: packet) == .rtp, packet.bigEndian(UInt32.self, at: 8) == ssrc,
            dropped.count < count,
            let sequence = packet.bigEndian(UInt16.self, at: 2)
        else { return false }
        seen += 1
        guard seen % 3 == 0 else { return false }
        dropped.insert(sequence)
        return true
    }
}
