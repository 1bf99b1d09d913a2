package import RemoteControl
package import SFU
internal import Wire

/// The desk's streams in the room: one plain transport and one producer each.
///
/// They outlive every desk process.
package struct DeskStreams: Sendable {
    package struct Stream: Sendable {
        package var name: DeskStreamName
        package var transport: TransportID
        package var producer: ProducerID
        /// Which of the producer's encodings it is.
        package var encoding: Int
        package var description: DeskStream
    }

    let framesPerSecond: UInt8
    package private(set) var streams: [Stream] = []

    /// Makes the transports and producers on `router`.
    init(_ configuration: Configuration, on router: RouterID, of worker: Worker) async throws {
        framesPerSecond = UInt8(clamping: configuration.framesPerSecond)
        // The other way of capture has one size.
        let hasSmall = configuration.capture == .damage
        try await add(
            hasSmall ? [.h264Small, .h264] : [.h264],
            RoomCodecs.h264,
            configuration,
            on: router,
            of: worker
        )
        try await add(
            hasSmall ? [.vp8Small, .vp8] : [.vp8],
            RoomCodecs.vp8,
            configuration,
            on: router,
            of: worker
        )
        if hasSmall, configuration.unmasked == .clinicians {
            // For those who see what is hidden from others; streams of their own, so that nobody else's can become one.
            try await add(
                [.h264ClearSmall, .h264Clear],
                RoomCodecs.h264,
                configuration,
                on: router,
                of: worker
            )
            try await add([.vp8ClearSmall, .vp8Clear], RoomCodecs.vp8, configuration, on: router, of: worker)
        }
        try await add([.opus], RoomCodecs.opus, configuration, on: router, of: worker)
    }

    /// Makes one producer, whose encodings are these streams, lowest first.
    private mutating func add(
        _ names: [DeskStreamName],
        _ codec: RTPCodecParameters,
        _ configuration: Configuration,
        on router: RouterID,
        of worker: Worker
    ) async throws {
        let key = UInt64.random(in: 1 ... .max)
        let transport = try await worker.makePlainTransport(on: router, key: String(key, radix: 16))
        var encodings: [RTPEncodingParameters] = []
        for name in names {
            var ssrc = UInt32.random(in: 1 ... .max)
            while encodings.contains(where: { $0.ssrc == ssrc }) { ssrc = .random(in: 1 ... .max) }
            encodings.append(
                RTPEncodingParameters(ssrc: ssrc, maximumBitrate: Self.bitrate(of: name, configuration))
            )
        }
        let producer = try await worker.produce(
            on: transport.id,
            kind: codec.codec.kind,
            parameters: RTPParameters(codecs: [codec], encodings: encodings)
        )
        for (encoding, (name, parameters)) in zip(names, encodings).enumerated() {
            streams.append(
                Stream(
                    name: name,
                    transport: transport.id,
                    producer: producer,
                    encoding: encoding,
                    description: DeskStream(
                        name: name,
                        payloadType: codec.payloadType,
                        port: transport.localAddress.port,
                        ssrc: parameters.ssrc ?? 0,
                        bitrate: UInt32(clamping: Self.bitrate(of: name, configuration)),
                        key: key
                    )
                )
            )
        }
    }

    /// Bits per second.
    private static func bitrate(of name: DeskStreamName, _ configuration: Configuration) -> Int {
        switch name {
        case .h264, .h264Clear, .vp8, .vp8Clear: configuration.videoBitrate
        case .opus: configuration.audioBitrate
        // With the sound it must go through 300 kbit/s.
        case .h264ClearSmall, .h264Small, .vp8ClearSmall, .vp8Small: min(160_000, configuration.videoBitrate)
        }
    }

    /// The streams of a producer that are only made while somebody watches them, and which of its encodings
    /// each one is.
    package func onDemand(of producer: ProducerID) -> [(name: DeskStreamName, encoding: Int)] {
        let own = streams.filter { $0.producer == producer }
        return own.dropLast().map { ($0.name, $0.encoding) }
    }

    package func stream(_ name: DeskStreamName) -> Stream? { streams.first { $0.name == name } }

    package func producer(_ name: DeskStreamName) -> ProducerID? { stream(name)?.producer }

    /// What a desk process that has just connected is told; streams not in `wanted` wait to be started.
    package func configuration(wanted: Set<DeskStreamName>) -> DeskConfiguration? {
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
    /// What the stream is encoded in.
    var codec: RTPCodec {
        switch self {
        case .h264, .h264Clear, .h264ClearSmall, .h264Small: .h264
        case .opus: .opus
        case .vp8, .vp8Clear, .vp8ClearSmall, .vp8Small: .vp8
        }
    }

    /// Whether it has what is hidden from others.
    var isClear: Bool {
        switch self {
        case .h264Clear, .h264ClearSmall, .vp8Clear, .vp8ClearSmall: true
        case .h264, .h264Small, .opus, .vp8, .vp8Small: false
        }
    }

    /// The stream that carries the desk's picture in this codec.
    ///
    /// - Parameter isClear: With what is hidden from others.
    init?(_ codec: RTPCodec, isClear: Bool = false) {
        switch codec {
        case .h264: self = isClear ? .h264Clear : .h264
        case .vp8: self = isClear ? .vp8Clear : .vp8
        case .av1, .opus, .red, .rtx, .vp9: return nil
        }
    }
}
