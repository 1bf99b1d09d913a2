#if canImport(Wire)
public import Wire
#endif

/// Who may drive the desk: at most one participant at a time, under a numbered lease.
///
/// Commands are ``request(by:policy:)``, ``release(by:)`` and ``revoke()``; what happens to people
/// comes in by `handle…`. After each call drain ``pollEvent()`` and carry out what it says, in order,
/// then schedule ``pollTimeout()``. ``accept(_:from:now:)`` judges each control event: what it does not
/// forward must not reach the desk.
public struct ControlLease {
    /// How long a holder whose connection is lost keeps the lease.
    public let grace: Interval

    private var current: Current?
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
    /// The present holder gets the lease they have.
    public mutating func request(by participant: ParticipantID, policy: Policy = .ifFree) -> Answer {
        if let current, current.holder == participant { return .granted(current.id) }
        switch policy {
        case .refuse:
            return .denied(.notAllowed)
        case .ifFree:
            if let current { return .denied(.held(by: current.holder)) }
        case .takeOver:
            // Leave the lease where it is if there is no id left to give.
            if nextID != .max { end(.takenOver) }
        }
        // Ids are never reused: a session that has used all of them grants nothing more.
        guard nextID != .max else { return .denied(.notAllowed) }
        let id = LeaseID(nextID)
        nextID += 1
        current = Current(id: id, holder: participant)
        events.append(.granted(id, to: participant))
        return .granted(id)
    }

    /// Gives control back; nothing happens unless `participant` holds it.
    public mutating func release(by participant: ParticipantID) {
        guard current?.holder == participant else { return }
        end(.released)
    }

    /// Takes control away from whoever holds it.
    public mutating func revoke() { end(.revoked) }

    // MARK: What happened

    /// The participant has left for good.
    public mutating func handleDeparture(of participant: ParticipantID) {
        guard current?.holder == participant else { return }
        end(.departed)
    }

    /// The participant's control channel is lost; what they held is released at once, and the lease
    /// ends after ``grace`` unless they are back.
    public mutating func handleDisconnect(of participant: ParticipantID, now: Instant) {
        guard current?.holder == participant, current?.expiry == nil else { return }
        current?.expiry = now + grace
        events.append(.releaseAll)
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
        guard let event = try? ControlEvent(parsing: bytes) else { return refuse(.malformed) }
        guard let current, current.holder == participant else { return refuse(.notHolder) }
        guard current.id == event.lease else { return refuse(.wrongLease) }
        if let expiry = current.expiry {
            // A clock past the expiry ends the lease even if the timer has not fired yet.
            if expiry <= now { end(.expired) }
            return refuse(.disconnected)
        }
        guard self.current?.admit(event, now: now) == true else { return refuse(.tooFast) }
        guard self.current?.order.accept(event) == true else { return refuse(.stale) }
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
        events.append(.releaseAll)
        events.append(.ended(ended.id, of: ended.holder, reason))
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
        /// Send ``DeskCommand/releaseAll``: what the holder held must not stay held.
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
        // Generous: mice report up to 1,000 times a second, people do nothing else 500 times a second.
        var moves = RateLimit(rate: 1_000, burst: 500)
        var others = RateLimit(rate: 500, burst: 500)
        // A bucket of their own, so that presses can never use up what releases need: a release held back
        // would leave a key or button down.
        var releases = RateLimit(rate: 500, burst: 1_000)

        init(id: LeaseID, holder: ParticipantID) {
            self.id = id
            self.holder = holder
        }

        mutating func admit(_ event: ControlEvent, now: Instant) -> Bool {
            switch event.action {
            case .pointerMove: moves.admit(now: now)
            case .buttonUp, .keyUp, .releaseAll: releases.admit(now: now)
            case .buttonDown, .keyDown, .wheel: others.admit(now: now)
            }
        }
    }
}
