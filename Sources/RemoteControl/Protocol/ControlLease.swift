#if canImport(Wire)
public import Wire
#endif

/// Who may drive the desk: at most one participant at a time, under a numbered lease.
///
/// What somebody may do with it say their ``ControlRights``: who has none never gets the lease and does not keep it.
/// Commands are ``request(by:policy:)``, ``release(by:)`` and ``revoke()``, and for people who ask one another
/// ``ask(by:now:)``, ``grant(to:by:now:)``, ``decline(_:by:now:)`` and ``withdraw(by:)``; what happens to people
/// comes in by `handle…`. After each call drain ``pollEvent()`` and carry out what it says, in order,
/// then schedule ``pollTimeout()``. Nobody gets the lease while the desk may still hold what somebody before them
/// pressed: after ``Event/releaseAll`` the next one waits for ``handleReleased()``; and where control has become
/// free, ``handleVacancy(now:)`` gives it to whoever has asked first. ``accept(_:from:now:)`` judges each control
/// event: what it does not forward must not reach the desk.
public struct ControlLease: Hashable, Sendable {
    /// How long a holder whose connection is lost keeps the lease.
    public let grace: Interval
    /// How long a holder who sends nothing keeps the lease while somebody else waits for it; `nil`: for ever.
    public let idle: Interval?

    private var rights: RightsOfParticipants
    private var current: Current?
    /// Who gets the lease when the desk holds nothing any more.
    private var next: Next?
    private(set) var isReleased = true
    private var requests: ControlRequests
    private var nextID: UInt32
    /// It is not given.
    private let lastID: UInt32
    private var events: [Event] = []

    /// Control events refused so far, by reason.
    public private(set) var refusals = RefusalCounts()
    /// Control events forwarded so far.
    public private(set) var forwarded: UInt64 = 0

    /// - Parameters:
    ///   - timeout: How long somebody waits for control.
    ///   - others: The rights of participants of whom ``setRights(_:of:)`` has said nothing.
    ///   - hand: Which one it is for (``LeaseID/hand``).
    public init(
        grace: Interval = .seconds(10),
        idle: Interval? = .seconds(120),
        timeout: Interval = .seconds(300),
        others: ControlRights = .all,
        hand: FurtherHand? = nil
    ) {
        let ids = LeaseID.ids(of: Int(hand?.rawValue ?? 0))
        (nextID, lastID) = (ids.lowerBound, ids.upperBound)
        self.grace = grace
        self.idle = idle
        requests = ControlRequests(timeout: timeout)
        rights = RightsOfParticipants(others: others)
    }

    /// The lease in force.
    public var lease: LeaseID? { current?.id }
    /// The participant who holds the lease.
    public var holder: ParticipantID? { current?.holder }
    /// Who waits for control, in the order in which they asked.
    public var waiting: [ParticipantID] { requests.participants }
    /// Who gets the lease as soon as the desk has let go.
    var upcoming: ParticipantID? { next?.participant }
    func expiry(ofRequestBy participant: ParticipantID) -> Instant? { requests.expiry(of: participant) }
    var isFree: Bool { current == nil && next == nil }

    // MARK: Commands

    /// Asks for control.
    ///
    /// The present holder gets the lease they have. The answer to who has to wait for the desk is
    /// ``Answer/pending``, and then comes as ``Event/granted(_:to:)``.
    public mutating func request(by participant: ParticipantID, policy: Policy = .ifFree) -> Answer {
        if let current, current.holder == participant { return .granted(current.id) }
        if next?.participant == participant { return .pending }
        guard !rights[participant].isEmpty else { return .denied(.notAllowed) }
        switch policy {
        case .ifFree:
            if let holder = current?.holder ?? next?.participant { return .denied(.held(by: holder)) }
        case .takeOver:
            // Leave the lease where it is if there is no id left to give.
            if nextID != lastID { end(.takenOver) }
        }
        // Ids are never reused: a session that has used all of them grants nothing more.
        guard nextID != lastID else { return .denied(.notAllowed) }
        guard isReleased else {
            next = Next(participant: participant)
            return .pending
        }
        return .granted(grant(to: participant))
    }

    /// Gives control back; nothing happens unless `participant` holds it.
    public mutating func release(by participant: ParticipantID) {
        if next?.participant == participant { next = nil }
        guard current?.holder == participant else { return }
        end(.released)
    }

    /// Takes control away from whoever holds it.
    public mutating func revoke(_ reason: EndReason = .revoked) { end(reason) }

    /// What a participant may do with the lease from now on; with nothing, they lose it and wait for it no longer.
    public mutating func setRights(_ new: ControlRights, of participant: ParticipantID) {
        let old = rights[participant]
        rights[participant] = new
        if new.isEmpty {
            if next?.participant == participant { next = nil }
            withdraw(by: participant)
            if current?.holder == participant { end(.revoked) }
        } else if current?.holder == participant, !new.isSuperset(of: old) {
            // What they may not press any more they may hold.
            release()
        }
    }

    // MARK: What happened

    /// The desk holds nothing of what was pressed before the last ``Event/releaseAll``.
    public mutating func handleReleased() {
        isReleased = true
        guard current == nil, let next, nextID != lastID else { return }
        self.next = nil
        _ = grant(to: next.participant)
        if let asked = next.asked { tellOfWaiting(now: asked) }
    }

    /// The participant has left for good.
    public mutating func handleDeparture(of participant: ParticipantID) {
        rights.forget(participant)
        if next?.participant == participant { next = nil }
        if requests.forget(participant) { events.append(.waiting(waiting)) }
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

    /// The participant's page has come out of sight, or back: who holds control there cannot use it.
    public mutating func handleVisibility(of participant: ParticipantID, isHidden: Bool, now: Instant) {
        guard let current, current.holder == participant else { return }
        self.current?.hidden = isHidden ? current.hidden ?? now : nil
    }

    public mutating func handleTimeout(now: Instant) {
        if requests.lapse(now: now) { events.append(.waiting(waiting)) }
        if let expiry = current?.expiry, expiry <= now {
            end(.expired)
        } else if let takeover, takeover <= now {
            end(.idle)
        }
    }

    /// When ``handleTimeout(now:)`` is next due.
    public func pollTimeout() -> Instant? {
        [current?.expiry, takeover, requests.expiry].lazy.compactMap(\.self).min()
    }

    /// What the owner must do next, oldest first.
    public mutating func pollEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    // MARK: Control events

    /// Whether somebody has the pointer under this lease: not while their connection counts as lost.
    public func mayPoint(_ participant: ParticipantID, under id: LeaseID) -> Bool {
        guard let current, current.holder == participant, current.id == id else { return false }
        return current.expiry == nil && rights[participant].contains(.pointer)
    }

    /// Whether somebody types on the desk under this lease: not while their connection counts as lost.
    public func mayType(_ participant: ParticipantID, under id: LeaseID) -> Bool {
        guard let current, current.holder == participant, current.id == id else { return false }
        return current.expiry == nil && rights[participant].contains(.keyboard)
    }

    /// Judges the control event that fills `bytes`, sent by `participant`.
    public mutating func accept(_ bytes: RawSpan, from participant: ParticipantID, now: Instant) -> Verdict {
        guard var event = try? ControlEvent(parsing: bytes) else { return refuse(.malformed) }
        guard let current, current.holder == participant else { return refuse(.notHolder) }
        guard current.id == event.lease else { return refuse(.wrongLease) }
        guard rights[participant].allow(event.action) else { return refuse(.notAllowed) }
        if let expiry = current.expiry {
            // A clock past the expiry ends the lease even if the timer has not fired yet.
            if expiry <= now { end(.expired) }
            return refuse(.disconnected)
        }
        guard self.current?.admit(event, now: now) == true else { return refuse(.tooFast) }
        guard self.current?.order.accept(&event) == true else { return refuse(.stale) }
        forwarded &+= 1
        // A page lets go when its window loses the focus, and says by itself what is held: that is no sign of use.
        switch event.action {
        case .held, .releaseAll: break
        default: self.current?.used = now
        }
        return .forward(event)
    }

    /// When whoever waits may have the lease of a holder who does nothing with it.
    private var takeover: Instant? {
        guard let idle, let current, let first = requests.first else { return nil }
        var quiet = (current.used ?? first.asked) + idle
        if let hidden = current.hidden { quiet = min(quiet, hidden + min(idle, Self.hiddenIdle)) }
        // Who was told a moment ago may still answer.
        return max(quiet, first.asked + min(idle, Self.notice))
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
        if requests.remove(participant) { events.append(.waiting(waiting)) }
        events.append(.granted(id, to: participant))
        return id
    }

    private struct Next: Hashable {
        let participant: ParticipantID
        /// When those who go on waiting asked anew; `nil` if nobody was passed over for it.
        var asked: Instant?
    }

    private static let hiddenIdle = Interval.seconds(5)
    private static let notice = Interval.seconds(10)
}

// MARK: People who ask one another
extension ControlLease {
    /// Asks for control, and waits for it while somebody else has it.
    ///
    /// The holder is told by ``Event/requested(by:of:)``. Control passes to whoever waits when the holder gives
    /// it up or loses it, or does nothing for ``idle``: then not before they have known for ten seconds.
    public mutating func ask(by participant: ParticipantID, now: Instant) -> Answer {
        let answer = request(by: participant)
        guard case .denied(.held(let holder)) = answer else { return answer }
        let isTold = enqueue(participant, now: now)
        if current == nil {
            // Who is about to get control is told when they have it.
            next?.asked = now
        } else if isTold {
            events.append(.requested(by: participant, of: holder))
        }
        return answer
    }

    /// Notes that somebody waits; returns whether whoever is asked is to be told of it.
    mutating func enqueue(_ participant: ParticipantID, now: Instant) -> Bool {
        let isNew = !requests.contains(participant)
        defer { if isNew { events.append(.waiting(waiting)) } }
        return requests.add(participant, now: now)
    }

    /// Gives control to somebody who waits; returns `false` unless they do and `holder` has it.
    @discardableResult
    public mutating func grant(
        to participant: ParticipantID,
        by holder: ParticipantID,
        now: Instant
    ) -> Bool {
        guard current?.holder == holder, requests.contains(participant) else { return false }
        return pass(to: participant, policy: .takeOver, now: now)
    }

    /// Keeps control although somebody waits; returns `false` unless they do and `holder` has it.
    @discardableResult
    public mutating func decline(
        _ participant: ParticipantID,
        by holder: ParticipantID,
        now: Instant
    ) -> Bool {
        guard current?.holder == holder, requests.remove(participant) else { return false }
        current?.used = now
        events.append(.waiting(waiting))
        return true
    }

    /// Waits no longer.
    public mutating func withdraw(by participant: ParticipantID) {
        if requests.remove(participant) { events.append(.waiting(waiting)) }
    }

    /// Gives control, where nobody has it, to whoever has waited longest.
    public mutating func handleVacancy(now: Instant) {
        guard current == nil, next == nil, let first = requests.first?.participant else { return }
        _ = pass(to: first, policy: .ifFree, now: now)
    }

    /// Gives control, now or when the desk holds nothing, to somebody; those who wait ask the new holder.
    mutating func pass(to participant: ParticipantID, policy: Policy, now: Instant) -> Bool {
        switch request(by: participant, policy: policy) {
        case .granted: tellOfWaiting(now: now)
        case .pending: next?.asked = now
        case .denied: return false
        }
        return true
    }

    private mutating func tellOfWaiting(now: Instant) {
        guard let current else { return }
        requests.askAnew(now: now)
        events += waiting.map { .requested(by: $0, of: current.holder) }
    }
}

extension ControlLease {
    /// What becomes of whoever holds control.
    public enum Policy: Hashable, Sendable {
        /// Grant unless somebody else holds control.
        case ifFree
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
        /// The participant has no right to it, or there is no lease left to give.
        case notAllowed
    }

    public enum EndReason: Hashable, Sendable {
        case departed
        /// The desk stopped, and what was open on it may be gone.
        case deskRestarted
        /// The holder's connection was lost for longer than ``ControlLease/grace``.
        case expired
        /// The holder did nothing for as long as ``ControlLease/idle`` while somebody else waited.
        case idle
        /// The holder is to watch for now (``FloorRestrictions``).
        case locked
        case released
        /// The holder may not have it any more.
        case revoked
        case takenOver
        /// The time for which it was given is over.
        case timeIsUp
    }

    /// What the owner must do or tell.
    public enum Event: Hashable, Sendable {
        case ended(LeaseID, of: ParticipantID, EndReason)
        case granted(LeaseID, to: ParticipantID)
        /// Send ``DeskCommand/releaseAll(_:)``: what the holder held must not stay held.
        case releaseAll
        /// The holder is to be told that somebody asks for control.
        case requested(by: ParticipantID, of: ParticipantID)
        /// Who waits for control now, in the order in which they asked.
        case waiting([ParticipantID])
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
        /// The holder may drive the desk, but not in this way.
        case notAllowed
        case notHolder
        /// A pointer move older than one that was already forwarded.
        case stale
        case tooFast
        /// The holder used the id of a lease that is not, or no longer, theirs.
        case wrongLease
    }
}

extension ControlLease {
    fileprivate struct Current: Hashable {
        let id: LeaseID
        let holder: ParticipantID
        /// When the lease of a disconnected holder ends.
        var expiry: Instant?
        /// When an event of theirs was last forwarded, or they said that they go on; `nil`: not yet.
        var used: Instant?
        /// Since when their page is out of sight.
        var hidden: Instant?
        var order = PointerOrder()
        // Generous: mice report up to 1,000 times a second, pens and several at once a little more; people do
        // nothing else 500 times a second.
        var moves = RateLimit(rate: 2_500, burst: 1_000)
        var others = RateLimit(rate: 500, burst: 500)
        // A bucket of their own, so that presses can never use up what releases need: a release held back
        // would leave a key or button down.
        var releases = RateLimit(rate: 500, burst: 1_000)
        // A page says four times a second what is held.
        var states = RateLimit(rate: 20, burst: 40)
        // Keys of texts: more than the desk types, which a page waits for.
        var texts = RateLimit(rate: 2_000, burst: 1_000)

        init(id: LeaseID, holder: ParticipantID) {
            self.id = id
            self.holder = holder
        }

        mutating func admit(_ event: ControlEvent, now: Instant) -> Bool {
            switch event.action {
            case .pointerMotion, .pointerMove: moves.admit(now: now)
            case .pointerPath(let points): moves.admit(points.count, now: now)
            case .text(let keysyms, _): texts.admit(keysyms.count, now: now)
            case .held: states.admit(now: now)
            case .buttonUp, .keyUp, .releaseAll: releases.admit(now: now)
            case .buttonDown, .keyDown, .wheel: others.admit(now: now)
            }
        }
    }
}
