internal import RemoteControl
internal import SFU
internal import Wire

/// The desk's streams in the room: one plain transport and one producer each.
///
/// They outlive every desk process.
struct DeskStreams: Sendable {
    struct Stream: Sendable {
        var name: DeskStreamName
        var transport: TransportID
        var producer: ProducerID
        var description: DeskStream
    }

    let framesPerSecond: UInt8
    private(set) var streams: [Stream] = []

    /// Makes the transports and producers on `router`.
    init(_ configuration: Configuration, on router: RouterID, of worker: Worker) async throws {
        framesPerSecond = UInt8(clamping: configuration.framesPerSecond)
        for (name, codec) in [
            (DeskStreamName.h264, RoomCodecs.h264), (.vp8, RoomCodecs.vp8), (.opus, RoomCodecs.opus),
        ] {
            let transport = try await worker.makePlainTransport(on: router)
            let ssrc = UInt32.random(in: 1 ... .max)
            let producer = try await worker.produce(
                on: transport.id,
                kind: codec.codec.kind,
                parameters: RTPParameters(codecs: [codec], encodings: [RTPEncodingParameters(ssrc: ssrc)])
            )
            let bitrate = name == .opus ? configuration.audioBitrate : configuration.videoBitrate
            streams.append(
                Stream(
                    name: name,
                    transport: transport.id,
                    producer: producer,
                    description: DeskStream(
                        name: name,
                        payloadType: codec.payloadType,
                        port: transport.localAddress.port,
                        ssrc: ssrc,
                        bitrate: UInt32(clamping: bitrate)
                    )
                )
            )
        }
    }

    func producer(_ name: DeskStreamName) -> ProducerID? { streams.first { $0.name == name }?.producer }

    /// What a desk process that has just connected is told; streams not in `wanted` wait to be started.
    func configuration(wanted: Set<DeskStreamName>) -> DeskConfiguration? {
        DeskConfiguration(
            framesPerSecond: framesPerSecond,
            streams: streams.map {
                var stream = $0.description
                stream.isStarted = wanted.contains($0.name)
                return stream
            }
        )
    }
}

extension DeskStreamName {
    /// The stream that carries the desk's picture in this codec.
    init?(_ codec: RTPCodec) {
        switch codec {
        case .h264: self = .h264
        case .vp8: self = .vp8
        case .av1, .opus, .rtx, .vp9: return nil
        }
    }
}
