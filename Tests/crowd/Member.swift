internal import IO
internal import Participant
internal import WebRTC
internal import Wire

/// One native participant: a WebSocket, the connection that it offers, and the one that the room offers.
final class Member {
    let number: Int
    let begun: Instant
    /// Its number in the room, once it has been welcomed.
    private(set) var person: UInt64?
    private(set) var publish: ParticipantSocket?
    private(set) var subscribe: ParticipantSocket?
    /// What each section of the subscribe connection carries.
    private(set) var tracks: [String: (track: RoomSignal.Track, ssrc: UInt32)] = [:]
    /// Of streams that have ended.
    private(set) var ended = Traffic()
    /// When both connections were up.
    private(set) var connected: Instant?
    /// What the room or the network said that should not have been, in words.
    private(set) var problem: String?
    /// What the room has said of the end of the session: the codes of its messages, in order.
    private(set) var farewells: [String] = []
    /// What drives the desk, if it is this one's to drive.
    private(set) var driver: Driver?

    private let context: Context
    private let socket: RoomSocket
    private let description: PublishDescription
    private let local = ICECredentials.random()
    private var hasJoined = false
    private var hasAsked = false
    /// The streams of the control and the pointer channel.
    private var control: UInt16?
    private var pointer: UInt16?

    /// What all of them share.
    final class Context {
        let settings: Settings
        let recordings: Recordings
        let certificate: DTLSCertificate
        let loop = ParticipantLoop()
        var random = SplitMix64(seed: 1)

        init(_ settings: Settings, _ recordings: Recordings) throws {
            self.settings = settings
            self.recordings = recordings
            certificate = try DTLSCertificate()
            loop.pause = .milliseconds(2)
        }
    }

    init(_ number: Int, _ context: Context) throws {
        self.number = number
        self.context = context
        begun = .now()
        description = PublishDescription(
            hasVideo: context.settings.hasVideo,
            hasAudio: context.settings.hasAudio
        )
        driver = number == 1 ? context.settings.driving.map { Driver($0) } : nil
        socket = try RoomSocket(context.settings.room)
        context.loop.add(socket)
    }

    /// Acts on what has come; call after each wake-up.
    func step(now: Instant) {
        if socket.isOpen, !hasJoined { join() }
        for message in socket.takeMessages() {
            if let signal = RoomSignal(message) { handle(signal, now: now) }
        }
        if let publish { drain(publish, opensChannels: true, now: now) }
        if let subscribe { drain(subscribe, opensChannels: false, now: now) }
        if problem == nil { problem = socket.ended }
        drive(now: now)
        guard connected == nil, publish?.participant.isConnected == true,
            subscribe?.participant.isConnected == true
        else { return }
        connected = now
    }

    /// Drives the desk, or lets go of it without giving up the control.
    func setDriving(_ isDriving: Bool) { driver?.isResting = !isDriving }

    /// Talks, or listens.
    func setSpeaking(_ isSpeaking: Bool) {
        for stream in publish?.participant.published ?? [] where stream.parameters.codec == .opus {
            stream.audioLevel = isSpeaking ? 25 : 90
        }
    }

    /// Ends everything, with a goodbye or as a machine that is switched off.
    func leave(politely: Bool) {
        if politely { send(PageSignal("leave")) }
        for media in [publish, subscribe].compactMap(\.self) {
            if politely { media.act { participant, queue in participant.close(now: .now(), into: &queue) } }
            context.loop.remove(media)
        }
        context.loop.remove(socket)
    }

    // MARK: Signalling

    private func send(_ signal: PageSignal) { socket.send(signal.bytes) }

    private func join() {
        hasJoined = true
        var join = PageSignal("join")
        join.name = "Native \(number)"
        join.fresh = true
        send(join)
    }

    private func handle(_ signal: RoomSignal, now: Instant) {
        switch signal.type {
        case "welcome":
            person = signal.you?.id
            var offer = PageSignal("publishOffer")
            offer.sdp = description.offer(context.certificate.fingerprint)
            send(offer)
        case "publishAnswer": handlePublishAnswer(signal.sdp ?? "", now: now)
        case "subscribeOffer": handleOffer(signal, now: now)
        case "publishLayers":
            let wanted = signal.layers?[PublishDescription.videoMID] ?? PublishDescription.rids
            for stream in publish?.participant.published ?? [] {
                if let rid = stream.parameters.rid { stream.isActive = wanted.contains(rid) }
            }
        case "control": driver?.lease = signal.lease
        case "closing", "ended": farewells.append(signal.code ?? signal.type)
        case "error": problem = signal.message
        default: break
        }
    }

    private func handlePublishAnswer(_ sdp: String, now: Instant) {
        guard publish == nil else { return }
        guard let answer = try? SessionDescription(parsing: sdp), let first = answer.media.first,
            let remote = Description.Remote(first)
        else {
            problem = "the room's answer is none"
            return
        }
        publish = connect(description.local, remote, now: now)
        guard let publish else { return }
        let recordings = context.recordings
        for var parameters in description.streams(&context.random) {
            var recording = recordings.voice
            if parameters.codec == .vp8 {
                recording = recordings.pictures.isEmpty ? nil : recordings.pictures[Int(parameters.encoding)]
                // A recording has one temporal layer.
                parameters.temporalLayers = recording == nil ? 3 : 1
            }
            let stream = publish.participant.publish(parameters, now: now)
            stream.recording = recording
            if parameters.codec == .vp8 {
                stream.setBitrate(PublishDescription.bitrates[Int(parameters.encoding)])
            }
        }
        var media = PageSignal("setMedia")
        media.audio = description.hasAudio ? "on" : "none"
        media.video = description.hasVideo ? "on" : "none"
        send(media)
    }

    private func handleOffer(_ signal: RoomSignal, now: Instant) {
        guard let offer = SubscribeDescription(signal.sdp ?? "") else {
            problem = "the room's offer is none"
            return
        }
        if subscribe == nil { subscribe = connect(local, offer.remote, now: now) }
        take(offer.streams, signal.tracks ?? [:])
        var answer = PageSignal("subscribeAnswer")
        answer.sdp = offer.answer(local, context.certificate.fingerprint)
        answer.id = signal.id
        send(answer)
        var views = PageSignal("views")
        views.views = tracks.values.compactMap { track, _ in
            let height = track.source == "desk" ? context.settings.deskHeight : context.settings.tileHeight
            guard track.source != "microphone", height > 0 else { return nil }
            return PageSignal.View(person: track.person, height: height)
        }
        send(views)
    }

    private func take(_ offered: [SubscribeDescription.Stream], _ owners: [String: RoomSignal.Track]) {
        guard let participant = subscribe?.participant else { return }
        for (mid, known) in tracks where !offered.contains(where: { $0.parameters.ssrc == known.ssrc }) {
            if let stream = participant.stream(known.ssrc) { ended.add(stream.statistics) }
            participant.stopReceiving(known.ssrc)
            tracks[mid] = nil
        }
        for stream in offered where tracks[stream.mid] == nil {
            guard let owner = owners[stream.mid] else { continue }
            tracks[stream.mid] = (owner, stream.parameters.ssrc)
            participant.receive(stream.parameters)
        }
    }

    // MARK: Connections

    private func connect(
        _ local: ICECredentials,
        _ remote: Description.Remote,
        now: Instant
    ) -> ParticipantSocket? {
        do {
            let participant = try Participant(
                ParticipantConfiguration(
                    certificate: context.certificate,
                    local: local,
                    remote: remote.credentials,
                    remoteAddress: remote.address,
                    remoteFingerprints: [remote.fingerprint],
                    seed: context.random.next()
                )
            )
            let media = try ParticipantSocket(participant, bufferSize: 4 << 20)
            media.act { participant, queue in participant.start(now: now, into: &queue) }
            context.loop.add(media)
            return media
        } catch {
            problem = "\(error)"
            return nil
        }
    }

    private func drain(_ media: ParticipantSocket, opensChannels: Bool, now: Instant) {
        while let event = media.participant.pollEvent() {
            switch event {
            case .channelsStateChanged(.connected) where opensChannels: openChannels(media, now: now)
            case .dtlsClosed, .dtlsFailed, .iceStateChanged(.failed): problem = "\(event)"
            default: break
            }
        }
    }

    /// The same as a page's.
    private func openChannels(_ media: ParticipantSocket, now: Instant) {
        let channels = [
            DataChannelParameters(label: "control"),
            DataChannelParameters(label: "pointer", isOrdered: false, maximumRetransmits: 0),
            DataChannelParameters(label: "chat"),
        ]
        media.act { participant, queue in
            for channel in channels {
                // One that does not open is missed by nobody but a driver, who then sends nothing.
                let stream = try? participant.openChannel(channel, now: now, into: &queue)
                if channel.label == "control" { control = stream }
                if channel.label == "pointer" { pointer = stream }
            }
        }
    }

    // MARK: The desk

    private func drive(now: Instant) {
        guard driver != nil, let publish, let control, let pointer, connected != nil else { return }
        if !hasAsked {
            hasAsked = true
            send(PageSignal("requestControl"))
        }
        guard let event = driver?.poll(now: now) else { return }
        do {
            try publish.act { participant, queue throws(DataChannelError) in
                try participant.send(
                    event.bytes,
                    on: event.isMove ? pointer : control,
                    now: now,
                    into: &queue
                )
            }
        } catch {
            problem = "a control event could not be sent: \(error)"
        }
    }
}
