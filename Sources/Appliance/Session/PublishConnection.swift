package import Access
package import RemoteControl
package import SFU
package import WebRTC

/// The connection that one page offers: its control channels, camera and microphone.
///
/// ``handle(offer:)`` takes an offer; ``poll()`` says what to do next, one step at a time, until it is answered,
/// and ``handle(_:)`` takes what came of the step. One object is one transport and one browser's connection: a
/// page that was loaded anew has another object.
package final class PublishConnection {
    package enum Step: Sendable {
        /// Received media and what is answered to the page.
        case answer(PublishOffer, WebRTCTransportParameters, accepting: Set<String>)
        case close(TransportID)
        case connect(TransportID, PublishOffer)
        case make
        case produce(PublishedMedia, as: TrackSource, on: TransportID)
        case restartICE(TransportID, remote: ICECredentials)
        /// What the person is told.
        case say(step: String, Refusal)
        /// A microphone is not passed on, though it is sent, or is again.
        case silence(ProducerID, Bool)
        /// A stream is not sent any more, or another in its place.
        case stop(ProducerID)
    }

    /// What came of a step.
    package enum Outcome: Sendable {
        case connected(Bool)
        case done
        /// `nil` if the Worker has refused.
        case made(WebRTCTransportParameters?)
        case produced(mid: String, Result<ProducerID, SFUError>)
        /// `nil` if the Worker has refused.
        case restarted(ICECredentials?)
    }

    /// A camera or microphone that the room receives.
    package struct Track: Hashable, Sendable {
        package var source: TrackSource
        package var producer: ProducerID
        /// As it was offered.
        package var media: PublishedMedia
    }

    package let owner: ParticipantID
    /// Those of the browser's certificate: a connection has the same for ever (RFC 8842 §5.1).
    private let fingerprints: [DTLSFingerprint]
    /// Whether somebody has muted its person.
    private var isMuted = false
    /// Microphones that are not passed on.
    private var silent: Set<ProducerID> = []
    /// What its person may send.
    private var rights: Rights
    private var life = TransportLife()
    private var parameters: WebRTCTransportParameters?
    private var isConnected = false
    private var remote: ICECredentials?
    private var offers: [PublishOffer] = []
    /// What is to be done for the first of ``offers`` yet; `nil` before it is looked at.
    private var pending: [PublishedMedia]?
    /// What is received, by mid.
    package private(set) var tracks: [String: Track] = [:]
    private var stopped: [ProducerID] = []
    private var refusals: [(step: String, Refusal)] = []
    /// Sections that the person has been told of: an offer says all of them each time.
    private var refused: Set<String> = []
    /// The control and pointer channels that are open.
    var channels: Set<DataProducerID> = []
    /// The one of them that keys and buttons come by, and answers to texts go back.
    var control: DataProducerID?
    /// The chat channel, if it is open.
    var chat: DataProducerID?
    /// The clipboard channel, if it is open.
    var clipboard: DataProducerID?
    /// The channel for files, if it is open.
    var files: DataProducerID?
    /// The channel by which its person points, if it is open.
    var pointing: DataProducerID?
    /// Whether the person was told that a channel of theirs is none of the room's.
    var hasRefusedChannel = false
    /// What drives it, and what drove the one before, which has to be out of the way first; see
    /// `Session.work(on:)`.
    var work: Task<Void, Never>?
    var predecessor: Task<Void, Never>?

    package init(owner: ParticipantID, for offer: PublishOffer, rights: Rights) {
        self.owner = owner
        self.rights = rights
        fingerprints = offer.dtls.fingerprints
    }

    package var isEnded: Bool { life.isEnded }
    package var isClosed: Bool { life.isClosed }
    package var transport: TransportID? { life.id }

    /// Whether an offer goes on with this connection.
    package func continues(_ offer: PublishOffer) -> Bool {
        !isEnded && offer.dtls.fingerprints == fingerprints
    }

    package func end() {
        life.end()
        tracks.removeAll()
        refusals.removeAll()
    }

    /// Takes an offer, to be answered after those before it.
    package func handle(offer: PublishOffer) { offers.append(offer) }

    /// The person may send something else than before: what they may not any more is not received.
    package func handle(rights: Rights) {
        self.rights = rights
        for (mid, track) in tracks {
            guard let refusal = rights.refusal(of: .send(track.media.kind)) else { continue }
            tracks[mid] = nil
            stopped.append(track.producer)
            refuse(track.media, refusal)
        }
    }

    /// Somebody has muted its person, or they have switched their microphone on again.
    package func setMuted(_ isMuted: Bool) { self.isMuted = isMuted }

    /// What is received of this person, by the kind of its source.
    package var sources: [Track] { tracks.values.sorted { $0.media.mid < $1.media.mid } }

    // MARK: What to do

    /// The next step, which is under way until ``handle(_:)`` is told what came of it; `nil`: nothing.
    package func poll() -> Step? {
        // Nothing is asked for before there is an offer.
        if !offers.isEmpty || isEnded {
            switch life.poll() {
            case .make: return .make
            case .close(let id): return .close(id)
            case nil: break
            }
        }
        if !refusals.isEmpty {
            let (step, refusal) = refusals.removeFirst()
            return .say(step: step, refusal)
        }
        guard !isEnded, let transport = life.id else { return nil }
        if let step = pollStopped() { return step }
        // Before anybody is offered it.
        if let step = pollSilence() { return step }
        guard let parameters, let offer = offers.first else { return nil }
        guard isConnected else { return .connect(transport, offer) }
        if remote != offer.ice { return .restartICE(transport, remote: offer.ice) }
        if pending == nil {
            begin(offer)
            if let step = pollStopped() { return step }
        }
        while let media = pending?.popLast() {
            guard mayBeSent(media) else { continue }
            let source = source(of: media)
            guard tracks.values.contains(where: { $0.source == source }) else {
                return .produce(media, as: source, on: transport)
            }
            refuse(media, Refusal(media.kind == .video ? .oneCamera : .oneMicrophone))
        }
        if !refusals.isEmpty { return poll() }
        offers.removeFirst()
        pending = nil
        return .answer(offer, parameters, accepting: Set(tracks.keys))
    }

    private func pollStopped() -> Step? {
        guard let producer = stopped.popLast() else { return nil }
        silent.remove(producer)
        return .stop(producer)
    }

    private func pollSilence() -> Step? {
        let microphones = tracks.values.filter { $0.media.kind == .audio }
        guard let track = microphones.first(where: { silent.contains($0.producer) != isMuted }) else {
            return nil
        }
        if isMuted { silent.insert(track.producer) } else { silent.remove(track.producer) }
        return .silence(track.producer, isMuted)
    }

    /// Compares what is received with what an offer says is sent.
    private func begin(_ offer: PublishOffer) {
        let active = offer.media.filter { $0.isActive && mayBeSent($0) }
        let offered = Dictionary(active.map { ($0.mid, $0) }) { first, _ in first }
        for (mid, track) in tracks where offered[mid]?.isSameStream(as: track.media) != true {
            tracks[mid] = nil
            stopped.append(track.producer)
        }
        // The first is taken first.
        pending = active.filter { tracks[$0.mid] == nil }.reversed()
        for refusal in offer.refused where refused.insert(refusal.mid).inserted {
            refusals.append(("publish", refusal.refusal))
        }
    }

    private func mayBeSent(_ media: PublishedMedia) -> Bool {
        guard let refusal = rights.refusal(of: .send(media.kind)) else { return true }
        refuse(media, refusal)
        return false
    }

    private func source(of media: PublishedMedia) -> TrackSource {
        media.kind == .video ? .camera(owner) : .microphone(owner)
    }

    private func refuse(_ media: PublishedMedia, _ refusal: Refusal) {
        if refused.insert(media.mid).inserted { refusals.append(("publish", refusal)) }
    }

    package func handle(_ outcome: Outcome) {
        switch outcome {
        case .connected(let isConnected):
            self.isConnected = isConnected
            remote = offers.first?.ice
            if !isConnected { fail() }
        case .done: life.handleClosed()
        case .made(let parameters):
            let wasEnded = isEnded
            life.handleMade(parameters?.id)
            self.parameters = parameters
            if parameters == nil, !wasEnded {
                refusals.append(("publishOffer", Refusal(.connectionFailed)))
            }
        case .produced(let mid, let result): handleProduced(mid, result)
        case .restarted(let credentials):
            guard let credentials else { return fail() }
            parameters?.iceCredentials = credentials
            remote = offers.first?.ice
        }
    }

    /// Where the room is reached now, for the answers to come.
    package func setCandidates(_ candidates: [ICECandidate]) { parameters?.candidates = candidates }

    /// Nothing more can come of it; the page's next offer begins another.
    private func fail() {
        guard !isEnded else { return }
        refusals.append(("publishOffer", Refusal(.connectionFailed)))
        life.end()
    }

    private func handleProduced(_ mid: String, _ result: Result<ProducerID, SFUError>) {
        guard !isEnded, let media = offers.first?.media.first(where: { $0.mid == mid }) else { return }
        switch result {
        case .success(let producer):
            guard mayBeSent(media) else { return stopped.append(producer) }
            tracks[mid] = Track(source: source(of: media), producer: producer, media: media)
            refused.remove(mid)
        case .failure(.invalidState):
            refuse(
                media,
                Refusal(notTaken: media.kind, because: "its SSRC belongs to another stream of yours")
            )
        case .failure:
            refuse(media, Refusal(notTaken: media.kind))
        }
    }
}

extension PublishedMedia {
    /// Whether what is received by one is received by the other: the order of its lines says nothing.
    fileprivate func isSameStream(as other: PublishedMedia) -> Bool {
        parameters.encodings == other.parameters.encodings
            && Set(parameters.codecs) == Set(other.parameters.codecs)
            && Set(parameters.headerExtensions) == Set(other.parameters.headerExtensions)
    }
}
