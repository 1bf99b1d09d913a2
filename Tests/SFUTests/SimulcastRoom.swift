import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A publisher with three encodings, and viewers.
struct SimulcastRoom {
    let network: SimulatedNetwork
    let publisher: SimulatedNetwork.Peer
    let viewer: SimulatedNetwork.Peer
    let producer: ProducerID
    /// Lowest first.
    let streams: [PublishedStream]

    init(_ codec: SyntheticCodec = .vp8, seed: UInt64 = 1) throws {
        network = try SimulatedNetwork(seed: seed)
        publisher = try network.join()
        viewer = try network.join()
        // Nothing is known of the paths, so that only preferences choose layers.
        viewer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        let parameters = PublishedStream.Parameters.simulcast(codec)
        producer = try network.core.produce(
            on: publisher.transport,
            kind: .video,
            parameters: .simulcast(parameters),
            streamID: nil
        )
        let (network, publisher) = (network, publisher)
        streams = parameters.map { publisher.participant.publish($0, now: network.now) }
    }

    func join() throws -> SimulatedNetwork.Peer {
        let peer = try network.join()
        // Nothing is known of the paths, so that only preferences choose layers.
        peer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        return peer
    }

    func view(by peer: SimulatedNetwork.Peer? = nil) throws -> ConsumerParameters {
        try network.view(producer, by: peer ?? viewer)
    }

    func prefer(_ spatial: Int, temporal: Int? = nil, of consumer: ConsumerParameters) throws {
        try network.core.setPreferredLayers(
            consumer.id,
            spatial: spatial,
            temporal: temporal,
            now: network.now
        )
        network.finishCall()
    }

    func received(_ consumer: ConsumerParameters) throws -> ReceivedStream {
        try #require(network.peers.lazy.compactMap { $0.participant.stream(consumer.ssrc) }.first)
    }

    /// Spatial and temporal layers, as events have told them; empty: paused.
    func layersTold(_ consumer: ConsumerParameters) -> [[Int]] {
        network.events.compactMap { event in
            guard case .layersChanged(consumer.id, let spatial, let temporal) = event else { return nil }
            return [spatial, temporal].compactMap(\.self)
        }
    }

    /// Encodings, as events have told them.
    var wantedTold: [Set<Int>] {
        network.events.compactMap { event in
            guard case .wantedLayersChanged(producer, let wanted) = event else { return nil }
            return wanted
        }
    }
}

/// One frame as it came out: complete, and with all that it needs.
struct DecodedFrame {
    var timestamp: UInt32
    var stamp: SyntheticStamp
    var descriptor: VP8PayloadDescriptor?
    /// When its last packet came.
    var completed: Instant
}

/// The frames that a decoder would show, in order; records an issue for whatever a receiver would stumble
/// over.
@discardableResult
func frames(of stream: ReceivedStream, _ location: SourceLocation = #_sourceLocation) -> [DecodedFrame] {
    let packets = stream.arrivals.sorted { $0.sequence < $1.sequence }
    var shown: [DecodedFrame] = []
    var index = 0
    while index < packets.count {
        guard let stamp = packets[index].stamp else {
            index += 1
            continue
        }
        let members = packets[index...].prefix {
            $0.stamp?.frame == stamp.frame && $0.stamp?.encoding == stamp.encoding
                && $0.timestamp == packets[index].timestamp
        }
        index += members.count
        // The end of a frame is missing where another encoding takes over, and where the recording ends.
        guard members.count == Int(stamp.count), let last = members.last else { continue }
        shown.append(
            DecodedFrame(
                timestamp: last.timestamp,
                stamp: stamp,
                descriptor: last.descriptor,
                completed: members.map(\.at).max() ?? last.at
            )
        )
    }
    return shown
}

/// Every packet is there; every frame refers to one that was shown; the clock goes forward; and the picture
/// moves on.
func expectDecodable(
    _ stream: ReceivedStream,
    longestFreeze: Interval = .milliseconds(100),
    _ location: SourceLocation = #_sourceLocation
) {
    #expect(stream.statistics.missing == 0, sourceLocation: location)
    let packets = stream.arrivals.sorted { $0.sequence < $1.sequence }
    let gaps = zip(packets, packets.dropFirst()).reduce(0) { $0 + $1.1.sequence - $1.0.sequence - 1 }
    #expect(gaps == stream.statistics.empty, sourceLocation: location)
    let frames = frames(of: stream, location)
    #expect(frames.first?.stamp.isKeyFrame == true, sourceLocation: location)
    var base: DecodedFrame?
    var shown = Instant(nanoseconds: .max)
    for (before, after) in zip(frames, frames.dropFirst()) {
        if before.stamp.isKeyFrame { base = before }
        #expect(Int32(bitPattern: after.timestamp &- before.timestamp) > 0, sourceLocation: location)
        let isContinuation = after.stamp.encoding == before.stamp.encoding
        #expect(
            isContinuation || after.stamp.isKeyFrame,
            "a switch without a key frame",
            sourceLocation: location
        )
        if let descriptor = after.descriptor, let previous = before.descriptor {
            // Picture ids without gaps, or the receiver waits for what is not there.
            #expect(
                descriptor.pictureID == previous.pictureID.map { $0 &+ 1 & 0x7fff },
                sourceLocation: location
            )
            let isBase = descriptor.temporalLayer == 0
            let expected = previous.temporalBaseIndex.map { $0 &+ (isBase ? 1 : 0) }
            #expect(descriptor.temporalBaseIndex == expected, sourceLocation: location)
            if isBase, !after.stamp.isKeyFrame {
                #expect(after.stamp.frame == base.map { $0.stamp.frame + 4 }, sourceLocation: location)
            }
            if isBase { base = after }
        } else if !after.stamp.isKeyFrame {
            #expect(after.stamp.frame == before.stamp.frame + 1, sourceLocation: location)
        }
        shown = min(shown, before.completed)
        // Frames that wait for an earlier one are shown after it.
        let gap = after.completed - max(before.completed, shown)
        if gap > longestFreeze {
            Issue.record(
                "no picture for \(gap.milliseconds) ms at frame \(after.stamp.frame)",
                sourceLocation: location
            )
        }
    }
}
