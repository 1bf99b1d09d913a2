import NetworkSimulation
import Participant
import SFU
import Testing
import Wire

/// What a viewer is told in the headers of a picture's and a microphone's packets, which nobody encrypts.
@Suite struct HeaderExtensionTests {
    private struct Told {
        var ssrc: UInt32
        var at: Instant
        var sendTime: UInt32?
        var transportSequence: UInt16?
        var audioLevel: UInt8?
        var mid: [UInt8]
    }

    private let network: SimulatedNetwork
    private let video: ConsumerParameters
    private let audio: ConsumerParameters
    private let microphone: PublishedStream
    private let told: [Told]

    init() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        let (_, desk) = try network.addSource(.desk())
        var parameters = PublishedStream.Parameters.camera(.opus, ssrc: 0x3333)
        parameters.audioLevelID = 12
        let (stream, producer) = try network.publish(parameters, by: publisher)
        stream.audioLevel = 17
        #expect(network.connectAll())
        video = try network.view(desk, by: viewer)
        audio = try network.view(producer, by: viewer)
        let seen = Seen()
        viewer.down.drops = { packet in
            if let told = Self.read(packet, at: network.now) { seen.all.append(told) }
            return false
        }
        network.run(for: .seconds(2))
        self.network = network
        microphone = stream
        told = seen.all
    }

    @Test func everyPacketTellsWhenItWasSent() throws {
        #expect(told.count > 200)
        for packet in told {
            let sendTime = try #require(packet.sendTime)
            #expect(sendTime == AbsoluteSendTime(packet.at).rawValue)
        }
    }

    @Test func thePacketsOfAPathAreCountedTogether() throws {
        for (packet, next) in zip(told, told.dropFirst()) {
            #expect(try #require(next.transportSequence) == (try #require(packet.transportSequence)) &+ 1)
        }
    }

    @Test func everyPacketNamesItsSection() {
        for packet in told {
            let consumer = packet.ssrc == audio.ssrc ? audio : video
            #expect(packet.mid == Array((consumer.rtp.mid ?? "").utf8))
        }
    }

    @Test func soundTellsHowLoudItIsAndAPictureDoesNot() {
        for packet in told {
            let level: UInt8? = packet.ssrc == audio.ssrc ? 0x80 | 17 : nil
            #expect(packet.audioLevel == level)
        }
        #expect(told.contains { $0.ssrc == audio.ssrc })
    }

    private final class Seen {
        var all: [Told] = []
    }

    private static func read(_ packet: RawSpan, at now: Instant) -> Told? {
        guard PacketKind(of: packet) == .rtp, let header = try? RTPHeader(parsing: packet) else { return nil }
        let elements = RTPHeaderExtensions(header)
        func bytes(_ id: UInt8) -> [UInt8] {
            guard let range = elements.find(id, in: packet) else { return [] }
            return packet.extracting(range).withUnsafeBytes { Array($0) }
        }
        let sendTime = bytes(ExtensionID.absoluteSendTime)
        let transport = bytes(ExtensionID.transportWideCC)
        return Told(
            ssrc: header.ssrc,
            at: now,
            sendTime: sendTime.isEmpty ? nil : sendTime.reduce(0) { $0 << 8 | UInt32($1) },
            transportSequence: transport.isEmpty ? nil : transport.reduce(0) { $0 << 8 | UInt16($1) },
            audioLevel: bytes(ExtensionID.audioLevel).first,
            mid: bytes(ExtensionID.mid)
        )
    }
}
