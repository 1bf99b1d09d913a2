#if canImport(Wire)
public import Wire
#endif

/// Who may drive the desk: at most one participant at a time, under a numbered lease.
///
/// Commands are ``request(by:policy:)``, ``release(by:)`` and ``revoke()``; what happens to people
/// comes in by `handle…`. After each call drain ``pollEvent()`` and carry out what it says, in order,
/// then schedule ``pollTimeout()``. Nobody gets the lease while the desk may still hold what somebody before them
/// pressed: after ``Event/releaseAll`` the next one waits for ``handleReleased()``. ``accept(_:from:now:)`` judges each control event: what it does not
/// forward must not reach the desk.
public struct ControlLease {
    /// How long a holder whose connection is lost keeps the lease.
    public let grace: Interval

    private var current: Current?
    /// Who gets the lease when the desk holds nothing any more.
    private var waiting: ParticipantID?
    private var isReleased = true
    private var nextID: UInt32 = 1
    private var events: [Event] = []

    /// Control events refused so far, by reason.
    public private(set) var refusals = RefusalCounts()
    /// Control events forwarded so far.
    public private(set) var forwarded: UInt64 = 0

    public init(grace: Interval = .seconds(10)) {
        self.grace = grace
    }

    /// The lease in force.
    public var lease: LeaseID? { current?.id }
    /// The participant who holds the lease.
    public var holder: ParticipantID? { current?.holder }

    // MARK: Commands

    /// Asks for control.
    ///
    /// The caller decides by `policy` what roles and consent allow; this type only keeps the lease single.
    /// The present holder gets the lease they have. The answer to who has to wait for the desk is
    /// ``Answer/pending``, and then comes as ``Event/granted(_:to:)``.
    public mutating func request(by participant: ParticipantID, policy: Policy = .ifFree) -> Answer {
        if let current, current.holder == participant { return .granted(current.id) }
        if waiting == participant { return .pending }
        switch policy {
        case .refuse:
            return .denied(.notAllowed)
        case .ifFree:
            if let holder = current?.holder ?? waiting { return .denied(.held(by: holder)) }
        case .takeOver:
            // Leave the lease where it is if there is no id left to give.
            if nextID != .max { end(.takenOver) }
        }
        // Ids are never reused: a session that has used all of them grants nothing more.
        guard nextID != .max else { return .denied(.notAllowed) }
        guard isReleased else {
            waiting = participant
            return .pending
        }
        return .granted(grant(to: participant))
    }

    /// Gives control back; nothing happens unless `participant` holds it.
    public mutating func release(by participant: ParticipantID) {
        if waiting == participant { waiting = nil }
        guard current?.holder == participant else { return }
        end(.released)
    }

    /// Takes control away from whoever holds it.
    public mutating func revoke() { end(.revoked) }

    // MARK: What happened

    /// The desk holds nothing of what was pressed before the last ``Event/releaseAll``.
    public mutating func handleReleased() {
        isReleased = true
        guard current == nil, let participant = waiting, nextID != .max else { return }
        waiting = nil
        _ = grant(to: participant)
    }

    /// The participant has left for good.
    public mutating func handleDeparture(of participant: ParticipantID) {
        if waiting == participant { waiting = nil }
        guard current?.holder == participant else { return }
        end(.departed)
    }

    /// The participant's control channel is lost; what they held is released at once, and the lease
    /// ends after ``grace`` unless they are back.
    public mutating func handleDisconnect(of participant: ParticipantID, now: Instant) {
        guard current?.holder == participant, current?.expiry == nil else { return }
        current?.expiry = now + grace
        release()
    }

    /// The participant's control channel is there again, perhaps opened by a page that was loaded anew
    /// and counts its pointer moves from the start.
    public mutating func handleReconnect(of participant: ParticipantID) {
        guard current?.holder == participant else { return }
        current?.expiry = nil
        current?.order = PointerOrder()
    }

    public mutating func handleTimeout(now: Instant) {
        guard let expiry = current?.expiry, expiry <= now else { return }
        end(.expired)
    }

    /// When ``handleTimeout(now:)`` is next due.
    public func pollTimeout() -> Instant? { current?.expiry }

    /// What the owner must do next, oldest first.
    public mutating func pollEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    // MARK: Control events

    /// Judges the control event that fills `bytes`, sent by `participant`.
    public mutating func accept(_ bytes: RawSpan, from participant: ParticipantID, now: Instant) -> Verdict {
        guard var event = try? ControlEvent(parsing: bytes) else { return refuse(.malformed) }
        guard let current, current.holder == participant else { return refuse(.notHolder) }
        guard current.id == event.lease else { return refuse(.wrongLease) }
        if let expiry = current.expiry {
            // A clock past the expiry ends the lease even if the timer has not fired yet.
            if expiry <= now { end(.expired) }
            return refuse(.disconnected)
        }
        guard self.current?.admit(event, now: now) == true else { return refuse(.tooFast) }
        guard self.current?.order.accept(&event) == true else { return refuse(.stale) }
        forwarded &+= 1
        return .forward(event)
    }

    private mutating func refuse(_ reason: Refusal) -> Verdict {
        refusals.count(reason)
        return .refused(reason)
    }

    private mutating func end(_ reason: EndReason) {
        guard let ended = current else { return }
        current = nil
        release()
        events.append(.ended(ended.id, of: ended.holder, reason))
    }

    private mutating func release() {
        isReleased = false
        events.append(.releaseAll)
    }

    private mutating func grant(to participant: ParticipantID) -> LeaseID {
        let id = LeaseID(nextID)
        nextID += 1
        current = Current(id: id, holder: participant)
        events.append(.granted(id, to: participant))
        return id
    }
}

extension ControlLease {
    /// What the session's rules say about one request.
    public enum Policy: Hashable, Sendable {
        /// Grant unless somebody else holds control.
        case ifFree
        /// Do not grant: the participant's role or a missing consent forbids it.
        case refuse
        /// Grant, and end the lease of whoever holds control.
        case takeOver
    }

    public enum Answer: Hashable, Sendable {
        case granted(LeaseID)
        case denied(Denial)
        /// Granted as soon as the desk has let go of what somebody else pressed.
        case pending
    }

    public enum Denial: Hashable, Sendable {
        case held(by: ParticipantID)
        case notAllowed
    }

    public enum EndReason: Hashable, Sendable {
        case departed
        case expired
        case released
        case revoked
        case takenOver
    }

    /// What the owner must do or tell.
    public enum Event: Hashable, Sendable {
        case ended(LeaseID, of: ParticipantID, EndReason)
        case granted(LeaseID, to: ParticipantID)
        /// Send ``DeskCommand/releaseAll(_:)``: what the holder held must not stay held.
        case releaseAll
    }

    public enum Verdict: Hashable, Sendable {
        case forward(ControlEvent)
        case refused(Refusal)
    }

    /// Why a control event was not forwarded.
    public enum Refusal: Int, Hashable, Sendable, CaseIterable {
        /// The holder's connection counts as lost.
        case disconnected
        case malformed
        case notHolder
        /// A pointer move older than one that was already forwarded.
        case stale
        case tooFast
        /// The holder used the id of a lease that is not, or no longer, theirs.
        case wrongLease
    }
}

extension ControlLease {
    fileprivate struct Current {
        let id: LeaseID
        let holder: ParticipantID
        /// When the lease of a disconnected holder ends.
        var expiry: Instant?
        var order = PointerOrder()
        // Generous: mice report up to 1,000 times a second, pens and several at once a little more; people do
        // nothing else 500 times a second.
        var moves = RateLimit(rate: 2_500, burst: 1_000)
        var others = RateLimit(rate: 500, burst: 500)
        // A bucket of their own, so that presses can never use up what releases need: a release held back
        // would leave a key or button down.
        var releases = RateLimit(rate: 500, burst: 1_000)
        // Keys of texts: more than the desk types, which a page waits for.
        var texts = RateLimit(rate: 2_000, burst: 1_000)

        init(id: LeaseID, holder: ParticipantID) {
            self.id = id
            self.holder = holder
        }

        mutating func admit(_ event: ControlEvent, now: Instant) -> Bool {
            switch event.action {
            case .pointerMove: moves.admit(now: now)
            case .pointerPath(let points): moves.admit(points.count, now: now)
            case .text(let keysyms): texts.admit(keysyms.count, now: now)
            case .buttonUp, .keyUp, .releaseAll: releases.admit(now: now)
            case .buttonDown, .keyDown, .wheel: others.admit(now: now)
            }
        }
    }
}
