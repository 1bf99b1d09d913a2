package import Participant
package import SFU

/// Cameras and microphones.
extension SimulatedNetwork {
    /// Has `peer` publish one stream as a browser does; the Worker has been told of it.
    ///
    /// - Parameter rtp: What the Worker is told, if not what a browser says of the stream.
    @discardableResult
    package func publish(
        _ parameters: PublishedStream.Parameters,
        as rtp: RTPParameters? = nil,
        by peer: Peer
    ) throws -> (stream: PublishedStream, producer: ProducerID) {
        let producer = try produce(rtp ?? .published(parameters), like: parameters, by: peer)
        return (peer.participant.publish(parameters, now: now), producer)
    }

    /// Has `peer` publish one picture in several encodings, lowest first.
    package func publish(
        simulcast encodings: [PublishedStream.Parameters],
        by peer: Peer
    ) throws -> (streams: [PublishedStream], producer: ProducerID) {
        let producer = try produce(.simulcast(encodings), like: encodings[0], by: peer)
        return (encodings.map { peer.participant.publish($0, now: now) }, producer)
    }

    private func produce(
        _ rtp: RTPParameters,
        like parameters: PublishedStream.Parameters,
        by peer: Peer
    ) throws -> ProducerID {
        try core.produce(
            on: peer.transport,
            kind: parameters.codec.isVideo ? .video : .audio,
            parameters: rtp,
            streamID: nil
        )
    }
}
