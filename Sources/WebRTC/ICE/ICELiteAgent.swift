public import Wire

/// The answering side of ICE, for a server that its peers can reach (RFC 8445 §2.5): it takes a check that it
/// can authenticate as the peer's consent to be sent to (RFC 7675).
///
/// A check with USE-CANDIDATE selects the source that it came from. Before the first nomination, and once the
/// selected source has been silent for longer than its checks are apart, any valid check does.
///
/// But whoever knows the password can send a check in anybody's name. So together with the answer a check of the
/// agent's own goes to each new source, which a full agent answers at any time (RFC 8445 §7.3), and only that answer,
/// or another proof (``handleProof(of:now:)``), makes the source one to be selected. Until then three bytes go there
/// for each that came. The peer sends its first packet when it has the answer to its check, and its answer leaves just
/// before that, so nobody waits.
///
/// Another check of its own goes to where the peer may be without knowing, because a router has given it another
/// address, see ``checkAddress(_:receiving:now:into:)``.
///
/// There is one agent for each transport. Hand it every STUN message for the transport with
/// ``handle(_:from:now:into:)``, arm a timer for ``pollTimeout()``, and after any call drain ``pollEvent()``.
///
/// ```
///                     ┌── check ──┐
///                     ▼           │
///   new ─ proof ─▶ connected ─▶ disconnected ─▶ failed ─ restart ─▶ checking ─ proof ─▶ connected
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
    /// Where to send to; `nil` before the first source has proved that the peer is there, and in ``ICEState/failed``.
    public private(set) var selectedAddress: SocketAddress?
    /// STUN messages that were refused or ignored, since the agent was created.
    public private(set) var rejectedMessages = 0
    /// Checks of addresses that the peer may have moved to, since the agent was created.
    public private(set) var sentChecks = 0

    /// What signalling told of the peer.
    ///
    /// Checks need it. `nil`: none is sent. Sources that wait for theirs get it from ``checkUnproven(into:)``.
    public var remote: ICECredentials? {
        didSet {
            guard remote != oldValue else { return }
            addressChecks.removeAll()
            tuples.forgetTransactions()
        }
    }

    private var credentials: ICELocalCredentials
    private var tuples = ICETuples()
    private var addressChecks = ICEAddressChecks()
    private let tieBreaker: UInt64
    private var random: RandomSource
    /// When the newest valid check came from a source with proof, or the newest proof.
    private var lastCheck: Instant?
    /// What is to be selected once it has proved itself.
    private var nominee: SocketAddress?
    // An event replaces an older one of its kind that nobody has polled yet, so that they cannot pile up.
    private var newAddress: SocketAddress?
    private var newState: ICEState?

    /// - Parameter random: Of the transaction identifiers, which must not be guessed, and the tie-breaker.
    public init(local: ICECredentials, random: RandomSource = .system) {
        credentials = ICELocalCredentials(local)
        var random = random
        tieBreaker = random.next()
        self.random = random
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
            accept(check, from: source, now: now)
            tuples.noteReceived(message.byteCount, from: source)
            // First, so that its answer comes before what the peer sends when it has its own.
            sendCheck(to: source, keeping: Self.longestAnswer, into: &queue)
            queue.appendSTUNSuccess(
                check.request.transactionID,
                password: check.credentials.password,
                to: source
            )
            tuples.noteSent(queue.datagrams.last?.length ?? 0, to: source)
        case .indication:
            // A keepalive, which asks for nothing (RFC 8445 §11).
            break
        case .successResponse:
            guard isAnswer(request, message, from: source) else {
                rejectedMessages += 1
                return
            }
            // The peer does not know that it has moved, so it will not nominate the address.
            if addressChecks.contains(source) { nominee = source }
            prove(source, now: now)
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
    ///
    /// - Parameter bytes: Of the packet; a check is no longer than three times that.
    public mutating func checkAddress(
        _ address: SocketAddress,
        receiving bytes: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard let remote, !credentials.isRestarting, selectedAddress != nil, !tuples.contains(address),
            remote.usernameFragment.utf8.count <= ICECredentials.longestFragment,
            checkLength(remote) <= ICETuples.amplification * bytes,
            let id = addressChecks.begin(address, now: now, using: &random)
        else { return }
        sentChecks += 1
        writeCheck(id, remote, to: address, into: &queue)
    }

    /// Sends a check to every source that has proved nothing yet; for when ``remote`` has become known.
    public mutating func checkUnproven(into queue: inout TransmitQueue) {
        for tuple in tuples.tuples { checkUnproven(tuple.address, into: &queue) }
    }

    /// Sends a check to `source`, if a valid one has come from there and it has proved nothing yet; for when more comes:
    /// the first may be lost.
    public mutating func checkUnproven(_ source: SocketAddress, into queue: inout TransmitQueue) {
        sendCheck(to: source, keeping: 0, into: &queue)
    }

    // MARK: Proof

    /// Something else than the answer to a check has shown that the peer is at `source` and receives there.
    ///
    /// It knew what had been sent to that address alone.
    public mutating func handleProof(of source: SocketAddress, now: Instant) {
        guard state != .failed, tuples.contains(source), !tuples.isProven(source) else { return }
        prove(source, now: now)
    }

    /// Takes note of a datagram from a source that has proved nothing, which may be answered with so much more.
    public mutating func noteReceived(_ bytes: Int, from source: SocketAddress) {
        tuples.noteReceived(bytes, from: source)
    }

    /// Takes note of what was sent to a source that has proved nothing.
    public mutating func noteSent(_ bytes: Int, to source: SocketAddress) {
        tuples.noteSent(bytes, to: source)
    }

    /// Whether so many bytes may be sent to `source`: however many once it has proved that the peer is there.
    public func allows(_ bytes: Int, to source: SocketAddress) -> Bool {
        tuples.isProven(source) || tuples.allows(bytes, to: source)
    }

    /// Nothing will come from `source` or go there any more: it was the far end of a TCP connection, which is over.
    ///
    /// If it was selected another one that the peer has proved takes its place, the newest; without one the agent is
    /// ``ICEState/disconnected``, and the next that proves itself is selected.
    public mutating func handleClosed(_ source: SocketAddress) {
        tuples.remove(source)
        addressChecks.remove(source)
        if nominee == source { nominee = nil }
        guard selectedAddress == source, state == .connected else { return }
        if let other = tuples.newestProven {
            select(other)
        } else {
            setState(.disconnected)
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
        nominee = nil
        newAddress = nil
        credentials.forgetPrevious()
        addressChecks.removeAll()
    }

    // MARK: Output

    /// Whether DTLS and media from `source` may be the peer's: a valid check has come from there lately.
    public func accepts(_ source: SocketAddress) -> Bool { tuples.contains(source) }

    /// Whether the peer has proved lately that it is at `source`.
    public func isProven(_ source: SocketAddress) -> Bool { tuples.isProven(source) }

    /// Whether a check of `source`, where the peer may have moved to, is under way.
    public func isChecking(_ source: SocketAddress) -> Bool { addressChecks.contains(source) }

    /// Whether a check of `source` is under way that a response with this `id` answers.
    public func isAnswered(by id: STUNTransactionID, from source: SocketAddress) -> Bool {
        tuples.isAnswered(by: id, from: source) || addressChecks.isAnswered(by: id, from: source)
    }

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
        return isAnswered(by: response.transactionID, from: source)
            && response.unknownAttributes.isEmpty && response.mappedAddress != nil
            && response.isAuthentic(message, password: remote.password)
    }

    private mutating func accept(_ check: ICELocalCredentials.Check, from source: SocketAddress, now: Instant)
    {
        let completesRestart = credentials.isRestarting && check.credentials == local
        if completesRestart { credentials.forgetPrevious() }
        // A check after a restart may come over another network than the old ones.
        if completesRestart || check.request.useCandidate { nominee = source }
        if tuples.isProven(source) {
            settle(source, now: now)
        } else {
            tuples.note(source, now: now, keeping: selectedAddress)
        }
    }

    /// The peer is at `source` for certain.
    private mutating func prove(_ source: SocketAddress, now: Instant) {
        tuples.note(source, now: now, keeping: selectedAddress)
        tuples.prove(source)
        addressChecks.remove(source)
        settle(source, now: now)
    }

    /// The peer, which is at `source`, agrees to be sent to.
    private mutating func settle(_ source: SocketAddress, now: Instant) {
        // Without a nomination, a silent selection means that the peer's network has changed under it.
        if nominee == source || selectedIsSilent(at: now) { select(source) }
        if nominee == source { nominee = nil }
        tuples.note(source, now: now, keeping: selectedAddress)
        lastCheck = now
        setState(.connected)
    }

    /// Asks a source that has proved nothing for its proof, if so much may be sent there and still `reserve` bytes more.
    private mutating func sendCheck(
        to source: SocketAddress,
        keeping reserve: Int,
        into queue: inout TransmitQueue
    ) {
        guard let remote, remote.usernameFragment.utf8.count <= ICECredentials.longestFragment,
            !tuples.isProven(source), tuples.allows(checkLength(remote) + reserve, to: source),
            let id = tuples.transaction(for: source, using: &random)
        else { return }
        writeCheck(id, remote, to: source, into: &queue)
        tuples.noteSent(checkLength(remote), to: source)
    }

    private func writeCheck(
        _ id: STUNTransactionID,
        _ remote: ICECredentials,
        to address: SocketAddress,
        into queue: inout TransmitQueue
    ) {
        queue.append(to: address) { check in
            check.appendSTUNHeader(.request, id)
            check.appendSTUNUsername(remote.usernameFragment, local.usernameFragment)
            check.appendSTUNControlled(tieBreaker: tieBreaker)
            check.appendSTUNPriority(ICECheckPriority.peerReflexive)
            check.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: remote.password) }
            check.appendSTUNFingerprint()
        }
    }

    /// In bytes: header, USERNAME, ICE-CONTROLLED, PRIORITY, MESSAGE-INTEGRITY, FINGERPRINT.
    private func checkLength(_ remote: ICECredentials) -> Int {
        let name = remote.usernameFragment.utf8.count + 1 + local.usernameFragment.utf8.count
        return 20 + 4 + (name + 3) & ~3 + 12 + 8 + 24 + 8
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
    /// Bytes: header, XOR-MAPPED-ADDRESS of IPv6, MESSAGE-INTEGRITY, FINGERPRINT.
    private static let longestAnswer = 20 + 24 + 24 + 8
}
