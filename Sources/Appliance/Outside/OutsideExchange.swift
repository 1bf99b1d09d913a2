internal import HTTPTypes
internal import WebRTC
package import Wire

/// One session of somebody outside, from their offer to its end: what their HTTP requests mean in the room's own words
/// (``ClientMessage``), and what of the room's they are answered (RFC 9725, draft-ietf-wish-whep-03).
///
/// A machine without I/O. One request is under way at a time (``isBusy``); after each call drain ``poll()``, then schedule
/// ``pollTimeout()``.
package struct OutsideExchange {
    package enum Output: Hashable, Sendable {
        /// The session is over; nothing follows.
        case end
        case reply(OutsideReply)
        case say(ClientMessage)
    }

    private enum Stage: Hashable {
        case joining
        /// The room has made the offer, which is to be answered until then.
        case offered(until: Instant)
        case live
        case over
    }

    private enum Pending: Hashable {
        case answer, end, opening
        case restart(ICECredentials, tag: String)
    }

    package let client: OutsideClient
    private var offer: OutsideOffer
    /// The version of the session's ICE (RFC 9725 §4.3.1).
    package private(set) var tag: String
    private var stage = Stage.joining
    private var pending: Pending?
    private var pendingUntil: Instant?
    /// When it ends unless somebody is seen to be there.
    private var proofUntil: Instant?
    private var isProved = false
    private var isWaiting = false
    private var servers: ICEServers?
    /// The room's newest description, and its number.
    private var description: (sdp: String, id: Int)?
    private var refusal: Refusal?
    /// Username fragments that were replaced: what still comes of them is late.
    private var former: [String] = []
    private var outputs: [Output] = []

    /// - Parameter tag: Which nobody has guessed, and no other session has.
    package init(_ client: OutsideClient, offering offer: OutsideOffer, tag: String) {
        self.client = client
        self.offer = offer
        self.tag = tag
    }

    /// Whether a request waits for its answer.
    package var isBusy: Bool { pending != nil }
    package var isOver: Bool { stage == .over }

    // MARK: Requests

    /// Asks to be let in; the answer is that to the offer.
    package mutating func open(_ join: ClientMessage.Join, now: Instant) {
        begin(.opening, for: Self.openingTime, now: now)
        outputs.append(.say(.join(join)))
    }

    /// Takes the answer to the room's offer.
    package mutating func answer(_ sdp: String, now: Instant) {
        guard case .offered = stage, let description else {
            return reply(.refused(APIProblem(.conflict, "There is no offer of the room to be answered.")))
        }
        refusal = nil
        begin(.answer, for: Self.restartTime, now: now)
        // What is replaced by an ICE restart is what the peer has said of itself.
        offer.replace(by: sdp)
        outputs += [.say(.subscribeAnswer(sdp: sdp, id: description.id)), .say(.ping)]
    }

    /// Takes candidates, or begins ICE anew.
    ///
    /// - Parameters:
    ///   - match: What `If-Match` names; `nil`: there is none.
    ///   - newTag: As for ``init(_:offering:tag:)``.
    package mutating func patch(
        _ fragment: TrickleFragment,
        matching match: EntityTags?,
        newTag: String,
        now: Instant
    ) {
        guard let name = fragment.usernameFragment, let password = fragment.password,
            name != offer.ice.usernameFragment
        else {
            // Some clients never say which version they mean.
            guard match?.match(tag) ?? true else { return reply(.refused(Self.stale)) }
            // The room has no use for candidates: it learns where the peer is from what comes.
            return reply(.done)
        }
        guard let match else {
            return reply(
                .refused(
                    APIProblem(
                        .preconditionRequired,
                        "An ICE restart needs If-Match: * or the session's ETag."
                    )
                )
            )
        }
        guard match.match(tag), !former.contains(name) else { return reply(.refused(Self.stale)) }
        guard stage == .live else {
            return reply(
                .refused(APIProblem(.conflict, "The connection is not there yet, and cannot be restarted."))
            )
        }
        refusal = nil
        description = nil
        let ice = ICECredentials(usernameFragment: name, password: password)
        begin(.restart(ice, tag: newTag), for: Self.restartTime, now: now)
        switch client {
        case .publisher:
            var next = offer
            next.restart(ice)
            outputs += [.say(.publishOffer(sdp: next.sdp)), .say(.ping)]
        case .viewer: outputs.append(.say(.restartSubscribe))
        }
    }

    /// Ends the session.
    package mutating func leave(now: Instant) {
        begin(.end, for: Self.restartTime, now: now)
        outputs.append(.say(.leave))
    }

    private static let stale = APIProblem(
        .preconditionFailed,
        "This is of an earlier version of the session's ICE."
    )

    // MARK: What the room says

    package mutating func hear(_ news: OutsideEnd.News, now: Instant) {
        switch news {
        case .secured:
            isProved = true
            proofUntil = nil
        case .message(.welcome(let welcome)):
            servers = welcome.ice
            isWaiting = false
            guard client == .publisher else { return }
            outputs += [.say(.publishOffer(sdp: offer.sdp)), .say(.ping)]
        case .message(.waiting): isWaiting = true
        case .message(.iceServers(let renewed)): servers = renewed
        case .message(.ended(let why)): refusal = why
        case .message(.error(let step, let why)):
            refusal = why
            if step == "join", pending == .opening { fail(APIProblem(outside: why)) }
        case .message(.publishAnswer(let sdp)): description = (sdp, 0)
        case .message(.subscribeOffer(let sdp, let id, _)): handleOffer(sdp, id, now: now)
        case .message(.pong): handleDone(now: now)
        case .message: break
        }
    }

    private mutating func handleOffer(_ sdp: String, _ id: Int, now: Instant) {
        guard client == .viewer, stage != .over else { return }
        switch pending {
        case .opening where offer.isAnswerable:
            description = (sdp, id)
            outputs += [.say(.subscribeAnswer(sdp: offer.sdp, id: id)), .say(.ping)]
        case .opening:
            description = (sdp, id)
            stage = .offered(until: now + Self.answerTime)
            reply(.counter(sdp: sdp, seconds: Self.answerTime.nanoseconds / 1_000_000_000, servers: servers))
        case .restart(let ice, _):
            description = (sdp, id)
            var next = offer
            next.restart(ice)
            outputs += [.say(.subscribeAnswer(sdp: next.sdp, id: id)), .say(.ping)]
        // What the room sends has changed, and nobody is there to negotiate it with.
        case .answer, .end, nil: break
        }
    }

    /// The room is done with what was asked before.
    private mutating func handleDone(now: Instant) {
        switch pending {
        case .opening:
            guard let description, client == .viewer || OutsideMedia(in: description.sdp).isAny else {
                return fail(refusal.map { APIProblem(outside: $0) } ?? .outsideLate())
            }
            if client == .viewer, let refusal { return fail(APIProblem(.badRequest, refusal.message)) }
            goLive(now: now)
            if client == .publisher {
                outputs.append(.say(.setMedia(OutsideMedia(in: description.sdp).told)))
            }
            reply(.created(sdp: description.sdp, tag: tag, servers: servers))
        case .answer:
            if let refusal { return fail(APIProblem(.badRequest, refusal.message)) }
            goLive(now: now)
            reply(.done)
        case .restart(let ice, let tag):
            guard let description, refusal == nil else { return reply(.refused(.outsideLate())) }
            former = Array((former + [offer.ice.usernameFragment]).suffix(Self.remembered))
            offer.restart(ice)
            self.tag = tag
            reply(.restarted(TrickleFragment(of: description.sdp), tag: tag))
        case .end, nil: break
        }
    }

    private mutating func goLive(now: Instant) {
        stage = .live
        if !isProved { proofUntil = now + Self.proofTime }
    }

    /// The room has let the session go.
    package mutating func handleClosed() {
        switch pending {
        case .end: reply(.ended)
        case .opening: reply(.refused(refusal.map { APIProblem(outside: $0) } ?? .outsideLate()))
        case .answer, .restart: reply(.refused(.outsideGone()))
        case nil: break
        }
        end()
    }

    // MARK: Time

    package mutating func handleTimeout(now: Instant) {
        if let due = pendingUntil, due <= now {
            switch pending {
            case .opening: fail(isWaiting ? .outsideWaiting() : .outsideLate())
            // A restart that fails leaves the session as it was (RFC 9725 §4.3.3).
            case .answer, .restart: reply(.refused(.outsideLate()))
            case .end:
                reply(.ended)
                end()
            case nil: pendingUntil = nil
            }
        }
        if case .offered(let due) = stage, due <= now, pending == nil { end() }
        if let due = proofUntil, due <= now { end() }
    }

    package func pollTimeout() -> Instant? {
        guard stage != .over else { return nil }
        var times = [pendingUntil, proofUntil].compactMap(\.self)
        if case .offered(let due) = stage, pending == nil { times.append(due) }
        return times.min()
    }

    /// What is to be done next, oldest first.
    package mutating func poll() -> Output? { outputs.isEmpty ? nil : outputs.removeFirst() }

    private mutating func begin(_ request: Pending, for time: Interval, now: Instant) {
        pending = request
        pendingUntil = now + time
    }

    private mutating func reply(_ reply: OutsideReply) {
        pending = nil
        pendingUntil = nil
        outputs.append(.reply(reply))
    }

    private mutating func fail(_ problem: APIProblem) {
        reply(.refused(problem))
        end()
    }

    private mutating func end() {
        guard stage != .over else { return }
        stage = .over
        proofUntil = nil
        outputs.append(.end)
    }

    /// Before OBS gives up, which waits for 8 s.
    private static let openingTime = Interval.seconds(6)
    private static let restartTime = Interval.seconds(5)
    /// As long as a counter-offer holds at least (WHEP §4.4.2).
    private static let answerTime = Interval.seconds(30)
    private static let proofTime = Interval.seconds(30)
    private static let remembered = 8
}
