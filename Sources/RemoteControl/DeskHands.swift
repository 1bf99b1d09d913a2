internal import Wire

/// The further hands on the desk's screen: each comes with its first event, has a lease and a silence limit of its own
/// (``SeatTenancy``), and goes when the room says that nobody has it any more.
///
/// Belongs to ``DeskSeat``, and lives on its thread. After each call drain ``pollReport(now:)``.
final class DeskHands {
    private struct Hand {
        let screen: DeskScreen
        let lease: LeaseID
        var tenancy = SeatTenancy()
    }

    /// What happens to the descriptors that the seat's loop is to watch.
    struct Watch {
        let add: (CInt) -> Void
        let remove: (CInt) -> Void
    }

    private let first: DeskScreen
    private let displayName: String?
    private let watch: Watch
    private var hands: [FurtherHand: Hand] = [:]
    /// Those that the X server could not have, and under which lease.
    private var failed: [FurtherHand: LeaseID] = [:]
    /// Of each that was removed, the lease that it was for: it is over.
    private var ended: [FurtherHand: LeaseID] = [:]
    private var reports: [DeskReport] = []
    /// What the keys of all hands mean.
    private var map: [UInt] = []

    private(set) var dropped: UInt64 = 0
    private var injectedBefore: UInt64 = 0
    private var droppedBefore: UInt64 = 0

    init(on first: DeskScreen, display name: String?, watch: Watch) {
        self.first = first
        displayName = name
        self.watch = watch
    }

    /// Control events that reached the X server, and those that could not.
    var inputCounts: (injected: UInt64, dropped: UInt64) {
        hands.values.reduce((injectedBefore, dropped + droppedBefore)) {
            ($0.0 + $1.screen.injected, $0.1 + $1.screen.dropped)
        }
    }

    /// Carries out an event of one of them; returns whether it reached the X server.
    func handle(_ event: ControlEvent, of hand: FurtherHand, now: Instant) -> Bool {
        guard let screen = screen(of: hand, for: event.lease, now: now) else {
            dropped += 1
            drop(event)
            return false
        }
        hands[hand]?.tenancy.handleEvent(now: now)
        screen.inject(event, now: now)
        collect(from: hand)
        return true
    }

    /// The screen for events under a lease; `nil`: it has ended, or there is no such hand.
    private func screen(of hand: FurtherHand, for lease: LeaseID, now: Instant) -> DeskScreen? {
        switch hands[hand]?.tenancy.admit(lease) {
        case .carryOut?: return hands[hand]?.screen
        case .outdated?: return nil
        // Another one's: place, focus and all that the last one had are gone with them.
        case .releaseFirst?: remove(hand, now: now)
        case nil: break
        }
        if failed[hand] == lease { return nil }
        if let last = ended[hand], lease <= last { return nil }
        guard let screen = try? DeskScreen(hand, of: first, display: displayName) else {
            failed[hand] = lease
            reports.append(.handFailed(hand))
            return nil
        }
        for descriptor in screen.descriptors { watch.add(descriptor) }
        var made = Hand(screen: screen, lease: lease)
        made.tenancy.handleMessage(now: now)
        _ = made.tenancy.admit(lease)
        if hands.isEmpty { map = first.map }
        hands[hand] = made
        first.hasOtherHands = true
        return screen
    }

    private func drop(_ event: ControlEvent) {
        guard case .text = event.action else { return }
        reports.append(
            .typed(
                TextReceipt(lease: event.lease, sequence: event.sequence, outcome: .released, delivered: 0)
            )
        )
    }

    /// Releases what a hand holds.
    func release(_ hand: FurtherHand, now: Instant) {
        hands[hand]?.screen.releaseAll(now: now)
        collect(from: hand)
    }

    func releaseAll(now: Instant) {
        for hand in hands.keys { release(hand, now: now) }
    }

    /// Nobody has the hand any more.
    func remove(_ hand: FurtherHand, now: Instant) {
        guard let (screen, lease) = hands[hand].map({ ($0.screen, $0.lease) }) else { return }
        ended[hand] = lease
        for descriptor in screen.descriptors { watch.remove(descriptor) }
        screen.leave(first, now: now)
        collect(from: hand)
        injectedBefore += screen.injected
        droppedBefore += screen.dropped
        hands[hand] = nil
        first.hasOtherHands = !hands.isEmpty
    }

    func removeAll(now: Instant) {
        for hand in hands.keys { remove(hand, now: now) }
    }

    /// Returns when the server has carried out everything.
    func synchronize() {
        for hand in hands.values { hand.screen.synchronize() }
    }

    // MARK: Time

    /// A message of the room has come.
    func handleMessage(now: Instant) {
        for hand in hands.keys { hands[hand]?.tenancy.handleMessage(now: now) }
    }

    func handleTimeout(now: Instant) {
        let isNewMap = first.pollNewMap() && !hands.isEmpty && takeNewMap()
        for (hand, one) in hands {
            if isNewMap { one.screen.copyMap(of: first, now: now) }
            if one.screen.isHolding, hands[hand]?.tenancy.handleTimeout(now: now) == true {
                one.screen.releaseAll(now: now)
            }
            if one.screen.isPressing, one.tenancy.isHolderSilent(now: now) { one.screen.letGo(now: now) }
            one.screen.handleTimeout(now: now)
            one.screen.handleEvents(now: now)
            collect(from: hand)
            while let message = one.screen.pollCursor(now: now) { reports.append(.handCursor(hand, message)) }
        }
    }

    /// Whether the keys of the first hand mean something else than when further ones were given its map.
    private func takeNewMap() -> Bool {
        let new = first.map
        defer { map = new }
        return new != map
    }

    func pollTimeout() -> Instant? {
        hands.values.flatMap {
            let silence = $0.screen.isHolding ? $0.tenancy.pollTimeout() : nil
            return [$0.screen.pollTimeout(), silence, $0.screen.isPressing ? $0.tenancy.holderTimeout : nil]
        }
        .compactMap(\.self).min()
    }

    /// What the room is to be told, oldest first.
    func pollReport() -> DeskReport? { reports.isEmpty ? nil : reports.removeFirst() }

    private func collect(from hand: FurtherHand) {
        while let answer = hands[hand]?.screen.pollAnswer() { reports.append(DeskReport(answer)) }
    }
}
