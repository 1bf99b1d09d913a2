public import WebRTC
public import Wire

/// The asking side of ICE towards an ``ICELiteAgent``, which has one address: it checks that address,
/// nominates it with every check, and keeps consent alive (RFC 8445 §7.2, RFC 7675).
///
/// It takes the place of a browser's; the room itself only answers checks, and has no use for it. Call
/// ``start(now:into:)`` once, hand it the STUN messages that come from the peer with
/// ``handle(_:from:now:into:)``, arm a timer for ``pollTimeout()``, and after any call drain ``pollEvent()``.
/// The owner has the socket: to move to another network, it sends from another socket and calls
/// ``changePath(now:into:)``.
public struct ICEControllingAgent: Sendable {
    public enum Event: Hashable, Sendable {
        case stateChanged(ICEState)
    }

    public private(set) var local: ICECredentials
    public private(set) var remote: ICECredentials
    /// The peer's only candidate, where everything is sent.
    public let remoteAddress: SocketAddress
    public private(set) var state = ICEState.new
    /// What the peer sees as the source of the checks.
    public private(set) var mappedAddress: SocketAddress?
    /// STUN messages that were ignored, since the agent was created.
    public private(set) var rejectedMessages = 0

    private let tieBreaker: UInt64
    private var random: RandomSource
    /// The checks that a response may still answer, oldest first.
    private var unanswered: [STUNTransactionID] = []
    private var nextCheck: Instant?
    /// How long to wait before the newest check is sent again; `nil` if it is one for consent, which is not.
    private var retransmission: Interval?
    /// When the newest valid response came, or the wait for the first one began.
    private var heard: Instant?
    // Replaces an older one that nobody has polled yet.
    private var newState: ICEState?

    /// - Parameters:
    ///   - local: What the peer has been told; its checks would carry them.
    ///   - remote: What the peer has told.
    ///   - remoteAddress: The peer's candidate.
    ///   - tieBreaker: Settles which agent is controlling if both want to be (RFC 8445 §16.1).
    ///   - seed: Makes transaction identifiers and intervals repeatable; `nil` makes them differ from run to run.
    public init(
        local: ICECredentials,
        remote: ICECredentials,
        remoteAddress: SocketAddress,
        tieBreaker: UInt64,
        seed: UInt64? = nil
    ) {
        self.local = local
        self.remote = remote
        self.remoteAddress = remoteAddress
        self.tieBreaker = tieBreaker
        random = seed.map { RandomSource(seed: $0) } ?? .system
    }

    // MARK: Input

    /// Sends the first check.
    public mutating func start(now: Instant, into queue: inout TransmitQueue) {
        setState(.checking)
        heard = now
        beginCheck(now: now, into: &queue)
    }

    /// Takes note of the response to a check, and answers a check of the peer's, which even a lite agent sends
    /// to see whether this one has moved; everything else is counted and ignored.
    ///
    /// An error response that the peer has protected is final: it understood the check and refuses it. Any
    /// other may come from somebody else, or from a peer that does not know the credentials yet, and is
    /// ignored.
    public mutating func handle(
        _ message: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard source == remoteAddress, let response = try? STUNMessage(parsing: message),
            response.method == STUNMessage.binding, response.hasFingerprint
        else {
            rejectedMessages += 1
            return
        }
        guard response.kind != .request else {
            answer(response, message, into: &queue)
            return
        }
        guard unanswered.contains(response.transactionID),
            response.isAuthentic(message, password: remote.password)
        else {
            rejectedMessages += 1
            return
        }
        switch response.kind {
        case .errorResponse:
            fail()
        case .indication, .request:
            rejectedMessages += 1
        case .successResponse:
            // RFC 8445 §7.2.5.2.3 has no use for a success that does not say who was seen.
            guard response.unknownAttributes.isEmpty, let mapped = response.mappedAddress else {
                rejectedMessages += 1
                return
            }
            mappedAddress = mapped
            unanswered.removeAll(keepingCapacity: true)
            retransmission = nil
            heard = now
            nextCheck = now + consentInterval()
            setState(.connected)
        }
    }

    private mutating func answer(
        _ check: STUNMessage,
        _ message: RawSpan,
        into queue: inout TransmitQueue
    ) {
        guard state != .failed, check.isAddressed(to: local.usernameFragment, in: message),
            check.isAuthentic(message, password: local.password), check.unknownAttributes.isEmpty,
            check.iceControlling == nil
        else {
            rejectedMessages += 1
            return
        }
        queue.appendSTUNSuccess(check.transactionID, password: local.password, to: remoteAddress)
    }

    /// Makes the peer send here from now on, after the owner has begun to send from another source.
    public mutating func changePath(now: Instant, into queue: inout TransmitQueue) {
        guard state != .failed, state != .new else { return }
        beginCheck(now: now, into: &queue)
    }

    /// Checks with other credentials from now on, which signalling has exchanged (RFC 8445 §9).
    public mutating func restart(
        local: ICECredentials,
        remote: ICECredentials,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        self.local = local
        self.remote = remote
        if state == .failed || state == .new {
            setState(.checking)
            heard = now
        }
        beginCheck(now: now, into: &queue)
    }

    /// Sends the check that is due, and notices that the peer has been silent for too long.
    public mutating func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        guard let heard, let nextCheck else { return }
        if now - heard >= ICEConsent.expiry {
            fail()
        } else if state == .connected, now - heard >= ICEConsent.disconnection {
            setState(.disconnected)
            if retransmission == nil { beginCheck(now: now, into: &queue) }
        } else if now >= nextCheck {
            continueChecks(now: now, into: &queue)
        }
    }

    // MARK: Output

    public func pollTimeout() -> Instant? {
        guard let heard, let nextCheck else { return nil }
        let silence = state == .connected ? ICEConsent.disconnection : ICEConsent.expiry
        return min(nextCheck, heard + silence)
    }

    public mutating func pollEvent() -> Event? {
        defer { newState = nil }
        return newState.map(Event.stateChanged)
    }

    // MARK: Checks

    /// Sends a check that is sent again until something answers it.
    private mutating func beginCheck(now: Instant, into queue: inout TransmitQueue) {
        // A peer that names a longer one cannot be answered.
        guard local.usernameFragment.utf8.count <= ICECredentials.longestFragment,
            remote.usernameFragment.utf8.count <= ICECredentials.longestFragment
        else {
            fail()
            return
        }
        // A response to a check before this one says nothing about the new path or credentials.
        unanswered.removeAll(keepingCapacity: true)
        remember(STUNTransactionID(high: .random(in: .min ... .max, using: &random), low: random.next()))
        retransmission = Self.firstRetransmission
        nextCheck = now + Self.firstRetransmission
        sendCheck(into: &queue)
    }

    private mutating func continueChecks(now: Instant, into queue: inout TransmitQueue) {
        if let waited = retransmission {
            let wait = min(waited * 2, Self.lastRetransmission)
            retransmission = wait
            nextCheck = now + wait
        } else {
            // RFC 7675 §5.1: each check for consent is a new transaction.
            remember(STUNTransactionID(high: .random(in: .min ... .max, using: &random), low: random.next()))
            nextCheck = now + consentInterval()
        }
        sendCheck(into: &queue)
    }

    private mutating func remember(_ id: STUNTransactionID) {
        if unanswered.count == Self.maximumUnanswered { unanswered.removeFirst() }
        unanswered.append(id)
    }

    private func sendCheck(into queue: inout TransmitQueue) {
        guard let id = unanswered.last else { return }
        queue.append(to: remoteAddress) { check in
            check.appendSTUNHeader(.request, id)
            check.appendSTUNUsername(remote.usernameFragment, local.usernameFragment)
            check.appendSTUNControlling(tieBreaker: tieBreaker)
            check.appendSTUNUseCandidate()
            check.appendSTUNPriority(ICECheckPriority.peerReflexive)
            check.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: remote.password) }
            check.appendSTUNFingerprint()
        }
    }

    private mutating func consentInterval() -> Interval {
        let mean = ICEConsent.interval.nanoseconds
        return Interval(nanoseconds: .random(in: (mean * 4 / 5)...(mean * 6 / 5), using: &random))
    }

    private mutating func fail() {
        setState(.failed)
        heard = nil
        nextCheck = nil
        retransmission = nil
        unanswered.removeAll(keepingCapacity: true)
    }

    private mutating func setState(_ new: ICEState) {
        guard state != new else { return }
        state = new
        newState = new
    }

    private static let firstRetransmission = Interval.milliseconds(50)
    private static let lastRetransmission = Interval.milliseconds(1_600)
    /// More checks for consent than are sent before it expires.
    private static let maximumUnanswered = 8
}
