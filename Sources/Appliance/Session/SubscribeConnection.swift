package import RemoteControl
package import SFU
package import WebRTC
package import Wire

/// The connection that the room offers to one page: the desk, and everybody else.
///
/// Calls say how it should be; ``poll(now:)`` says what to do next for it to become so, one step at a time, and
/// ``handle(_:)`` takes what came of the step. Whatever changes while a step is under way is found at the next
/// ``poll(now:)``, so that nothing is decided from what was true before it. One object is one transport: a
/// page's next connection is another object.
package final class SubscribeConnection {
    package enum Step: Sendable {
        case close(TransportID)
        case closeConsumer(ConsumerID)
        case connect(TransportID, SubscribeAnswer)
        case consume(OfferedTrack, on: TransportID, ConsumerOptions)
        case make
        case offer(SubscribeOffer, tracks: [String: TrackSource])
        case openChannel(label: String, on: TransportID)
        case prioritise(ConsumerID, Int)
        /// Nothing came of this connection: it is to be ended, and another to be begun.
        case renew(failures: Int)
        case restartICE(TransportID)
        /// Words for the person.
        case say(step: String, Refusal)
        case show(ConsumerID, mid: String, PageSight.Demand)
        case updateICE(TransportID, ICECredentials)
    }

    /// What came of a step.
    package enum Outcome: Sendable {
        case channelOpened(label: String, DataConsumerID)
        case connected(Bool)
        /// `nil` if the Worker has refused.
        case consumed(mid: String, ConsumerID?)
        case done
        /// `nil` if the Worker has refused.
        case made(WebRTCTransportParameters?)
        /// `nil` if the Worker has refused.
        case restarted(ICECredentials?)
    }

    package let owner: ParticipantID
    let style: SubscribeStyle
    private let codecs: RoomCodecs
    private var life = TransportLife()
    private var session: SubscribeSession?
    private var exchange: OfferExchange
    private var offered: [OfferedTrack] = []
    private var sight = PageSight()
    /// By mid.
    private var tracks: [String: SubscribedTrack] = [:]
    /// Mids of tracks that may have something to be done.
    private var due: [String] = []
    /// Consumers whose section was given to something else.
    private var surplus: [ConsumerID] = []
    private var refusals: [(step: String, Refusal)] = []
    private var answer: SubscribeAnswer?
    /// Whether the person was told that their browser cannot show the desk.
    private var hasSaidBlind = false
    private var isConnected = false
    private var (isRestartAsked, isRenewalAsked) = (false, false)
    package var channels = SubscribeChannels()
    /// The desk's picture that is sent.
    package var deskStream: DeskStreamName?
    /// Its producer, and how much of it the network leaves: what whoever sees this person's view is sent too.
    var deskProducer: ProducerID?
    /// What sends it.
    var deskConsumer: ConsumerID? { tracks.values.first { $0.track.source == .deskPicture }?.consumer }
    var deskDemand = PageSight.Demand.all
    /// What drives it; see `Session.work(on:)`.
    var work: Task<Void, Never>?

    /// - Parameters:
    ///   - sight: What the page is known to show.
    ///   - failures: Answers in a row that could not be used on the connection before this one.
    package init(
        owner: ParticipantID,
        codecs: RoomCodecs,
        style: SubscribeStyle = .page,
        sight: PageSight = PageSight(),
        failures: Int = 0
    ) {
        self.owner = owner
        self.style = style
        self.codecs = codecs
        self.sight = sight
        exchange = OfferExchange(failures: failures)
    }

    package var isEnded: Bool { life.isEnded }
    package var isClosed: Bool { life.isClosed }
    package var transport: TransportID? { life.id }

    // MARK: How it should be

    /// What there is to be sent.
    ///
    /// What somebody is not to be sent any more ends now: the next offer may have to wait for the page's answer to the one before,
    /// for as long as the page likes.
    package func offer(_ tracks: [OfferedTrack]) {
        offered = tracks
        let keys = Set(tracks.map(\.key))
        if remove({ !keys.contains($0) }) { exchange.change() }
        changeIfNeeded()
    }

    /// What the page shows, and who speaks.
    package func show(_ sight: PageSight) {
        guard self.sight != sight else { return }
        self.sight = sight
        due = inOrder
        changeIfNeeded()
    }

    /// The page's network has changed, or its path is lost: the same connection on new credentials.
    package func restart() { isRestartAsked = true }

    /// The page may not have had the newest offer, or the room not its answer.
    package func repeatOffer() {
        guard exchange.isWaiting else { return }
        exchange.replace()
    }

    package func end() {
        life.end()
        refusals.removeAll()
    }

    // MARK: Answers

    /// What reads the answer to the offer `id`: a value, so that it can be read elsewhere.
    package func reader(of id: Int) -> SubscribeSession? {
        guard !isEnded, let session, session.awaits(id) else { return nil }
        return session
    }

    /// Takes the answer to the offer `id`, or why it cannot be used.
    package func handleAnswer(_ result: Result<SubscribeAnswer, NegotiationError>, id: Int) {
        guard !isEnded, session?.awaits(id) == true else { return }
        switch result {
        case .success(let answer):
            session?.endOffer()
            exchange.handleAnswer()
            self.answer = answer
        case .failure(let error):
            session?.endOffer()
            refusals.append(("subscribeAnswer", Refusal(error)))
            handleFailure()
        }
    }

    private func handleFailure() {
        if exchange.handleFailure() == .renew { isRenewalAsked = true }
    }

    // MARK: What to do

    /// The next step, which is under way until ``handle(_:)`` is told what came of it; `nil`: nothing.
    package func poll(now: Instant) -> Step? {
        switch life.poll() {
        case .make: return .make
        case .close(let id): return .close(id)
        case nil: break
        }
        if !refusals.isEmpty {
            let (step, refusal) = refusals.removeFirst()
            return .say(step: step, refusal)
        }
        guard !isEnded, let transport = life.id else { return nil }
        if isRenewalAsked {
            isRenewalAsked = false
            return .renew(failures: exchange.failures)
        }
        if isRestartAsked {
            isRestartAsked = false
            return .restartICE(transport)
        }
        if let answer {
            self.answer = nil
            return act(on: answer, transport)
        }
        if let label = channels.pollLabel() { return .openChannel(label: label, on: transport) }
        if let consumer = surplus.popLast() { return .closeConsumer(consumer) }
        while let mid = due.last {
            if let step = tracks[mid]?.poll(sight, transport: transport) { return step }
            due.removeLast()
        }
        guard exchange.begin(now: now) else { return nil }
        settle()
        return makeOffer()
    }

    private func act(on answer: SubscribeAnswer, _ transport: TransportID) -> Step {
        for (mid, track) in tracks where track.consumer == nil {
            if let accepted = answer.accepted[mid] {
                tracks[mid]?.accepted = accepted
            } else if track.track.source == .deskPicture, !hasSaidBlind {
                hasSaidBlind = true
                refusals.append(("subscribeAnswer", Refusal(.noVideoDecoder)))
            }
        }
        due = inOrder
        guard !isConnected else { return .updateICE(transport, answer.ice) }
        isConnected = true
        if answer.sctp != nil { channels.begin() }
        return .connect(transport, answer)
    }

    private func makeOffer() -> Step? {
        guard let offer = session?.offer() else { return nil }
        return .offer(offer, tracks: tracks.mapValues(\.track.source))
    }

    package func handle(_ outcome: Outcome) {
        switch outcome {
        case .channelOpened(let label, let channel): channels.handleMade(channel, label: label)
        case .connected(let isConnected):
            guard !isConnected else { return }
            self.isConnected = false
            handleFailure()
        case .consumed(let mid, let consumer):
            if tracks[mid] == nil, let consumer { surplus.append(consumer) }
            tracks[mid]?.handleConsumed(consumer)
        case .done: life.handleClosed()
        case .made(let parameters):
            let wasEnded = isEnded
            life.handleMade(parameters?.id)
            guard let parameters else {
                if !wasEnded { refusals.append(("subscribe", Refusal(.connectionFailed))) }
                return
            }
            session = SubscribeSession(transport: parameters, codecs: codecs, style: style)
        case .restarted(let credentials):
            guard let credentials else {
                isRenewalAsked = true
                return
            }
            session?.restartICE(credentials)
            exchange.replace()
        }
    }

    /// Where the room is reached now, for the offers to come.
    package func setCandidates(_ candidates: [ICECandidate]) { session?.setCandidates(candidates) }

    // MARK: Sections

    /// The last section first, because what comes last in ``due`` is done first: the desk is what people wait for.
    private var inOrder: [String] { session?.slots.reversed().map(\.mid) ?? [] }

    private var plan: [OfferedTrack] {
        let there = Set(tracks.values.map(\.track.key))
        return sight.tracks(of: offered) { there.contains($0.key) }
            .filter { there.contains($0.key) || session?.hasPlace(for: $0.source.kind) ?? true }
    }

    private func changeIfNeeded() {
        guard Set(plan.map(\.key)) != Set(tracks.values.map(\.track.key)) else { return }
        exchange.change()
    }

    /// Gives every track that is to have one a section, in the place of those that are not.
    private func settle() {
        let plan = plan
        let planned = Set(plan.map(\.key))
        remove { !planned.contains($0) }
        let there = Set(tracks.values.map(\.track.key))
        for track in plan where !there.contains(track.key) {
            let source = track.source
            guard
                let slot = session?
                    .add(
                        source.kind,
                        streamID: source.streamID,
                        trackID: source.trackID,
                        favourite: track.codec
                    )
            else { continue }
            tracks[slot.mid] = SubscribedTrack(track, slot: slot)
        }
    }

    /// Lets sections rest; returns whether there were any.
    @discardableResult private func remove(_ isOver: (OfferedTrack.Key) -> Bool) -> Bool {
        let over = tracks.filter { isOver($0.value.track.key) }
        for (mid, track) in over {
            tracks[mid] = nil
            session?.remove(mid: mid)
            if let consumer = track.consumer { surplus.append(consumer) }
        }
        return !over.isEmpty
    }

    /// The section that a consumer fills, and what it carries.
    package func section(of consumer: ConsumerID) -> (mid: String, source: TrackSource)? {
        tracks.first { $0.value.consumer == consumer }.map { ($0.key, $0.value.track.source) }
    }
}
