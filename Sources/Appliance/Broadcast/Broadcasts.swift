internal import Access
internal import HTTPTypes
internal import IO
internal import MediasoupSignalling
internal import RemoteControl
internal import SFU
internal import WebRTC
internal import Wire

/// Makes what broadcasters ask for: transports, streams of theirs in the room, and streams of the desk for them.
@SessionActor final class Broadcasts {
    private let settings: BroadcastSettings
    private let roster: Roster
    private let subscriptions: Subscriptions
    private let desk: SharedDesk
    private let ears: DeskEars
    private let worker: Worker
    private let router: RouterID
    private let codecs: RoomCodecs

    init(
        _ settings: BroadcastSettings,
        _ roster: Roster,
        _ subscriptions: Subscriptions,
        _ desk: SharedDesk,
        _ ears: DeskEars,
        worker: Worker,
        router: RouterID,
        codecs: RoomCodecs
    ) {
        self.settings = settings
        self.roster = roster
        self.subscriptions = subscriptions
        self.desk = desk
        self.ears = ears
        self.worker = worker
        self.router = router
        self.codecs = codecs
    }

    var isDeskConnected: Bool { desk.isConnected }

    /// Whether somebody may do something.
    func check(_ deed: Rights.Deed, by id: ParticipantID) throws(APIProblem) {
        if let refusal = roster.rights(of: id).refusal(of: deed) { throw APIProblem(outside: refusal) }
    }

    // MARK: Transports

    func makeTransport(
        _ request: BroadcastRequest.MakeTransport,
        of id: ParticipantID
    ) async throws(APIProblem) -> PlainTransportParameters {
        let connection = try connection(of: id)
        var options = PlainTransportOptions(
            listenAddress: settings.address,
            rtcpMux: request.rtcpMux,
            comedia: request.comedia,
            srtpCryptoSuite: request.srtp
        )
        let ports = ports(apart: request.rtcpMux ? 1 : 2)
        for port in ports {
            options.listenAddress.port = port
            if port != 0, !request.rtcpMux { options.rtcpPort = port + 1 }
            do {
                let parameters = try await worker.makePlainTransport(on: router, options: options)
                connection.add(parameters.id)
                guard !connection.isEnded else { throw APIProblem.broadcasterGone() }
                return parameters
            } catch let problem as APIProblem {
                throw problem
            } catch let error as SFUError {
                throw APIProblem(broadcast: error)
            } catch {
                // Another program has that port.
                continue
            }
        }
        throw APIProblem(.serviceUnavailable, "None of broadcast.ports is free.", retryAfter: 10)
    }

    /// The ports to try; 0: any.
    private func ports(apart step: UInt16) -> [UInt16] {
        guard let range = settings.ports else { return [0] }
        return stride(from: range.lowerBound, through: range.upperBound - (step - 1), by: Int(step))
            .shuffled()
    }

    func connect(_ transport: TransportID, _ request: BroadcastRequest.Connect) async throws(APIProblem) {
        var remote: SocketAddress?
        if let text = request.ip {
            remote = SocketAddress(text: text, port: request.port)
            guard remote != nil else { throw APIProblem(.badRequest, "body.ip is not an address") }
        }
        do {
            try await worker.connect(transport, to: remote, rtcpPort: request.rtcpPort, srtp: request.srtp)
        } catch {
            throw APIProblem(broadcast: error)
        }
    }

    // MARK: What they send

    func produce(
        _ request: BroadcastRequest.Produce,
        on transport: TransportID,
        of id: ParticipantID
    ) async throws(APIProblem) -> ProducerID {
        let connection = try connection(of: id)
        try check(.send(request.kind), by: id)
        let media = request.parameters.codecs.filter { $0.codec != .rtx }
        guard media.count == 1, let codec = media.first, codecs.published(request.kind).contains(codec.codec),
            RoomCodecs.rank(codec) != nil
        else {
            let names = codecs.published(request.kind).filter { $0 != .red }.map(\.rawValue)
            throw APIProblem(
                .badRequest,
                """
                rtpParameters.codecs is to have one codec of those that everybody's browser plays: \
                \(names.joined(separator: " or ")) (H264: packetization-mode 1, profile-level-id 42…; opus: 48000, channels 2)
                """
            )
        }
        let source: TrackSource = request.kind == .video ? .camera(id) : .microphone(id)
        var parameters = request.parameters
        parameters.mid = nil
        do throws(SFUError) {
            let producer = try await worker.produce(
                on: transport,
                kind: request.kind,
                parameters: parameters,
                streamID: source.streamID
            )
            // Before anybody is offered it.
            let isSilent = request.kind == .audio && roster[id]?.isMuted == true
            if isSilent { try await worker.pause(producer) }
            let track = PublishConnection.Track(
                source: source,
                producer: producer,
                media: PublishedMedia(mid: source.trackID, kind: request.kind, parameters: parameters)
            )
            let isTaken = connection.add(track, isSilent: isSilent)
            ears.update()
            subscriptions.updateTracks()
            guard isTaken else { throw SFUError.notFound }
            return producer
        } catch {
            throw APIProblem(broadcast: error)
        }
    }

    // MARK: What they are sent

    func consume(
        _ producer: DeskProducer,
        _ capabilities: MediasoupCapabilities,
        on transport: TransportID,
        of id: ParticipantID,
        isPaused: Bool
    ) async throws(APIProblem) -> ConsumerParameters {
        let connection = try connection(of: id)
        try check(.receive(producer.kind), by: id)
        guard desk.isConnected else {
            throw APIProblem(.conflict, "The desk is not there at the moment.", retryAfter: 5)
        }
        guard !connection.has(producer) else {
            throw APIProblem(.conflict, "This broadcaster is sent \(producer.rawValue) already.")
        }
        let capabilities = capabilities.of(producer.kind)
        for codec in capabilities.codecs {
            guard let stream = Self.stream(producer, codec.codec), let source = desk.streams.producer(stream)
            else { continue }
            var own = capabilities
            own.codecs = capabilities.codecs.filter {
                $0 == codec || $0.associatedPayloadType == codec.payloadType
            }
            do throws(SFUError) {
                let consumer = try await worker.consume(
                    source,
                    on: transport,
                    // What it may be sent is decided again once it is there.
                    options: ConsumerOptions(capabilities: own, isPaused: true)
                )
                let isTaken = connection.add(consumer.id, of: producer, stream, waits: isPaused)
                await desk.updateWantedStreams()
                guard isTaken, !connection.isEnded else { throw SFUError.notFound }
                return consumer
            } catch SFUError.unsupported {
                continue
            } catch {
                throw APIProblem(broadcast: error)
            }
        }
        let names = producer.codecs.map(\.codec.rawValue).joined(separator: " and ")
        throw APIProblem(
            .badRequest,
            "rtpCapabilities.codecs has none that \(producer.rawValue) comes in: \(names)."
        )
    }

    private static func stream(_ producer: DeskProducer, _ codec: RTPCodec) -> DeskStreamName? {
        switch producer {
        case .picture: DeskStreamName(codec)
        case .sound: codec == .opus ? .opus : nil
        }
    }

    func resume(_ consumer: String, of id: ParticipantID) throws(APIProblem) {
        guard let number = UInt32(consumer), try connection(of: id).resume(ConsumerID(number)) else {
            throw APIProblem(.notFound, "This broadcaster has no such consumer (any more).")
        }
    }

    func packets(of id: ParticipantID) async -> UInt64 { await roster[id]?.broadcast?.packets() ?? 0 }

    private func connection(of id: ParticipantID) throws(APIProblem) -> BroadcastConnection {
        guard let person = roster[id] else { throw .broadcasterGone() }
        if let connection = person.broadcast { return connection }
        let connection = BroadcastConnection(
            owner: id,
            rights: roster.rights(of: id),
            isMuted: person.isMuted,
            isDeskSilent: desk.privacy.silences(id),
            worker: worker
        )
        person.broadcast = connection
        return connection
    }
}

extension APIProblem {
    /// What the Worker does not do.
    fileprivate init(broadcast error: SFUError) {
        switch error {
        case .invalidState(let words): self.init(.conflict, "This cannot be done now: \(words).")
        case .notFound: self = .broadcasterGone()
        case .unsupported(let words): self.init(.badRequest, "This cannot be used: \(words).")
        }
    }
}
