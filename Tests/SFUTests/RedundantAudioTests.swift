import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A microphone whose packets carry the sound of the packet before once more (RFC 2198).
@Suite struct RedundantAudioTests {
    private let network: SimulatedNetwork
    private let viewer: SimulatedNetwork.Peer
    private let producer: ProducerID
    private let stream: PublishedStream

    init() throws {
        network = try SimulatedNetwork(seed: 1)
        let publisher = try network.join()
        viewer = try network.join()
        #expect(network.connectAll())
        var parameters = PublishedStream.Parameters.camera(.opus)
        parameters.payloadType = 121
        parameters.blockPayloadType = 120
        let opus = RTPCodecParameters(.opus, payloadType: 120)
        var rtp = RTPParameters.published(parameters)
        rtp.codecs = [.redundancy(of: opus, payloadType: 121), opus]
        (stream, producer) = try network.publish(parameters, as: rtp, by: publisher)
    }

    private func arrivals(_ capabilities: RTPCapabilities) throws -> [ReceivedStream.Arrival] {
        let options = ConsumerOptions(capabilities: capabilities)
        let consumer = try network.view(producer, by: viewer, options: options)
        network.run(for: .seconds(2))
        let received = try #require(viewer.participant.stream(consumer.ssrc))
        #expect(received.statistics.missing == 0)
        #expect(received.arrivals.count >= 98)
        return received.arrivals
    }

    @Test func whoTakesItGetsItWithItsOwnPayloadTypes() throws {
        var capabilities = RTPCapabilities.browser
        let opus = try #require(capabilities.codecs.first { $0.codec == .opus })
        capabilities.codecs.append(.redundancy(of: opus, payloadType: 63))
        let length = stream.parameters.payloadLength
        for arrival in try arrivals(capabilities) {
            #expect(arrival.payloadType == 63)
            #expect(arrival.payloadLength == length)
            #expect(arrival.blocks == [111, 111])
            #expect(arrival.stamp?.count == 1)
        }
    }

    @Test func whoDoesNotGetsThePrimaryBlockAsPlainOpus() throws {
        let length = stream.parameters.payloadLength - 5 - 10
        for arrival in try arrivals(.browser) {
            #expect(arrival.payloadType == 111)
            #expect(arrival.payloadLength == length)
            #expect(arrival.stamp?.count == 1)
        }
    }

    /// A sender may leave redundancy out, packet by packet.
    @Test func plainPacketsOfTheSameStreamGoOutAsTheyAre() throws {
        stream.stopRedundancy(payloadType: 120)
        for arrival in try arrivals(.browser) {
            #expect(arrival.payloadType == 111)
            #expect(arrival.payloadLength == stream.parameters.payloadLength)
            #expect(arrival.stamp?.count == 1)
        }
    }
}
