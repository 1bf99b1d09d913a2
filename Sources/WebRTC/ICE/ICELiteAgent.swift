public import Wire

/// The answering side of ICE, for a server that its peers can reach (RFC 8445 §2.5): it takes a check that it
/// can authenticate as the peer's consent to be sent to (RFC 7675).
///
/// A check with USE-CANDIDATE selects the source that it came from. Before the first nomination, and once the
/// selected source has been silent for longer than its checks are apart, any valid check does. It sends none
/// itself but for one reason: a router has given the peer another address, and the peer does not know, see
/// ``checkAddress(_:now:into:)``.
///
/// There is one agent for each transport. Hand it every STUN message for the transport with
/// ``handle(_:from:now:into:)``, arm a timer for ``pollTimeout()``, and after any call drain ``pollEvent()``.
///
/// ```
///                     ┌── check ──┐
///                     ▼           │
///   new ─ check ─▶ connected ─▶ disconnected ─▶ failed ─ restart ─▶ checking ─ check ─▶ connected
///                            7 s              30 s
/// ```
///
/// In ``ICEState/failed`` nothing is answered and no source is accepted until ``restart(_:)``: credentials
/// whose consent has expired must not be used again (RFC 7675 §5.1). Neither `new` nor `checking` times out;
/// how long to wait for a peer is the owner's decision.
public struct ICELiteAgent: Sendable {
    public enum Event: Hashable, Sendable {
        case selectedAddressChanged(SocketAddress)
        case stateChanged(ICEState)
    }

    /// The newest credentials, which signalling tells the peer.
    public var local: ICECredentials { credentials.newest }
    public private(set) var state = ICEState.new
    /// Where to send to; `nil` before the first valid check, and in ``ICEState/failed``.
    public private(set) var selectedAddress: SocketAddress?
    /// STUN messages that were refused or ignored, since the agent was created.
    public private(set) var rejectedMessages = 0
    /// Checks of addresses that the peer may have moved to, since the agent was created.
    public private(set) var sentChecks = 0

    /// What signalling told of the peer.
    ///
    /// Checks need it. `nil`: none is sent.
    public var remote: ICECredentials? {
        didSet { if remote != oldValue { addressChecks.removeAll() } }
    }

    private var credentials: ICELocalCredentials
    private var tuples = ICETuples()
    private var addressChecks = ICEAddressChecks()
    private let tieBreaker = UInt64.random(in: .min ... .max)
    /// When the newest valid check came.
    private var lastCheck: Instant?
    // An event replaces an older one of its kind that nobody has polled yet, so that they cannot pile up.
    private var newAddress: SocketAddress?
    private var newState: ICEState?

    public init(local: ICECredentials) {
        credentials = ICELocalCredentials(local)
    }

    // MARK: Input

    /// Answers a binding request that came from `source`, and counts or ignores everything else.
    ///
    /// A request with the wrong user name or password is refused with 401 and one without them with 400
    /// (RFC 8489 §9.1.3), one with attributes that must be but are not understood with 420 (§6.3.1), and one
    /// from a peer that thinks that it is controlled with 487 (RFC 8445 §7.3.1.1). None changes the agent.
    public mutating func handle(
        _ message: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard state != .failed, let request = try? STUNMessage(parsing: message),
            // RFC 8445 §7.1: FINGERPRINT is mandatory here.
            request.method == STUNMessage.binding, request.hasFingerprint
        else {
            rejectedMessages += 1
            return
        }
        switch request.kind {
        case .request:
            guard let check = credentials.authenticate(request, message, from: source, into: &queue) else {
                rejectedMessages += 1
                return
            }
            queue.appendSTUNSuccess(
                check.request.transactionID,
                password: check.credentials.password,
                to: source
            )
            accept(check, from: source, now: now)
        case .indication:
            // A keepalive, which asks for nothing (RFC 8445 §11).
            break
        case .successResponse:
            guard isAnswer(request, message, from: source) else {
                rejectedMessages += 1
                return
            }
            select(source)
            note(source, now: now)
        case .errorResponse:
            rejectedMessages += 1
        }
    }

    /// Asks whether the peer is at `address`, from where its keys have authenticated a packet though no check
    /// has come from there.
    ///
    /// A router that has forgotten the peer's mapping makes another for its next packet, and the peer notices
    /// nothing. But such a packet may also be one that somebody has caught and sent on, so the address is
    /// selected only if the peer's own answer to a check comes back from it. A full agent answers checks at
    /// any time (RFC 8445 §7.3).
    ///
    /// Nothing is sent without ``remote``, while nothing is selected, or between a restart and the first check
    /// after it; and no more than one check every 100 ms.
    public mutating func checkAddress(
        _ address: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard let remote, !credentials.isRestarting, selectedAddress != nil, !tuples.contains(address),
            remote.usernameFragment.utf8.count <= ICECredentials.longestFragment,
            let id = addressChecks.begin(address, now: now)
        else { return }
        sentChecks += 1
        queue.append(to: address) { check in
            check.appendSTUNHeader(.request, id)
            check.appendSTUNUsername(remote.usernameFragment, local.usernameFragment)
            check.appendSTUNControlled(tieBreaker: tieBreaker)
            check.appendSTUNPriority(ICECheckPriority.peerReflexive)
            check.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: remote.password) }
            check.appendSTUNFingerprint()
        }
    }

    /// Expects `new` credentials from now on.
    ///
    /// The old ones stay valid until the first check with the new ones succeeds, and media flows on
    /// meanwhile (RFC 8445 §9), unless the agent has failed. A second restart before that check keeps the
    /// oldest ones, which are those that the peer has used.
    public mutating func restart(_ new: ICECredentials) {
        credentials.restart(new, keepsPrevious: state != .failed)
        if state == .failed { setState(.checking) }
        addressChecks.removeAll()
    }

    /// Moves to ``ICEState/disconnected`` and to ``ICEState/failed`` when the peer has been silent for that
    /// long.
    public mutating func handleTimeout(now: Instant) {
        guard let deadline = pollTimeout(), now >= deadline, let lastCheck else { return }
        guard now - lastCheck >= ICEConsent.expiry else {
            setState(.disconnected)
            return
        }
        setState(.failed)
        self.lastCheck = nil
        tuples.removeAll()
        selectedAddress = nil
        newAddress = nil
        credentials.forgetPrevious()
        addressChecks.removeAll()
    }

    // MARK: Output

    /// Whether DTLS and media from `source` belong to the peer: a valid check has come from there lately.
    public func accepts(_ source: SocketAddress) -> Bool { tuples.contains(source) }

    /// Whether a check of `source` is under way, so that what comes from there may be its answer.
    public func isChecking(_ source: SocketAddress) -> Bool { addressChecks.contains(source) }

    /// Whether a request for `usernameFragment` is one that this agent would authenticate.
    public func answers(to usernameFragment: String) -> Bool {
        state != .failed && credentials.contains(usernameFragment)
    }

    public func pollTimeout() -> Instant? {
        switch state {
        case .checking, .failed, .new: nil
        case .connected: lastCheck.map { $0 + ICEConsent.disconnection }
        case .disconnected: lastCheck.map { $0 + ICEConsent.expiry }
        }
    }

    public mutating func pollEvent() -> Event? {
        if let address = newAddress {
            newAddress = nil
            return .selectedAddressChanged(address)
        }
        if let state = newState {
            newState = nil
            return .stateChanged(state)
        }
        return nil
    }

    // MARK: Checks

    /// Whether the message is the peer's answer to a check of `source`.
    private func isAnswer(_ response: STUNMessage, _ message: RawSpan, from source: SocketAddress) -> Bool {
        guard let remote else { return false }
        return addressChecks.isAnswered(by: response.transactionID, from: source)
            && response.unknownAttributes.isEmpty && response.mappedAddress != nil
            && response.isAuthentic(message, password: remote.password)
    }

    private mutating func accept(_ check: ICELocalCredentials.Check, from source: SocketAddress, now: Instant)
    {
        let completesRestart = credentials.isRestarting && check.credentials == local
        if completesRestart { credentials.forgetPrevious() }
        // A check after a restart may come over another network than the old ones. Without any of these
        // signs, a silent selection means that the peer's network has changed under it.
        if completesRestart || check.request.useCandidate || selectedIsSilent(at: now) { select(source) }
        note(source, now: now)
    }

    /// The peer is at `source`, and agrees to be sent to.
    private mutating func note(_ source: SocketAddress, now: Instant) {
        tuples.note(source, now: now, keeping: selectedAddress)
        addressChecks.remove(source)
        lastCheck = now
        setState(.connected)
    }

    /// Whether nothing is selected, or the last valid check on what is selected is long past.
    private func selectedIsSilent(at now: Instant) -> Bool {
        guard let selectedAddress, let heard = tuples.lastCheck(from: selectedAddress) else { return true }
        return now - heard >= Self.silence
    }

    private mutating func select(_ address: SocketAddress) {
        guard selectedAddress != address else { return }
        selectedAddress = address
        newAddress = address
    }

    private mutating func setState(_ new: ICEState) {
        guard state != new else { return }
        state = new
        newState = new
    }

    /// Longer than browsers pause between two checks of a pair in use if they check others too, and shorter
    /// than the least interval for consent, so that the first check from a new source moves the selection.
    private static let silence = Interval.seconds(3)
}
