public import Wire

/// Decides which size the desk's screen is to have, from what people ask for and what the desk says.
///
/// One change is under way at a time, and ``period`` lies between two; of those who ask meanwhile the last one counts. What
/// was chosen last is asked for anew when the desk comes back with another size, as after a crash of its X server.
///
/// Call ``choose(_:by:now:)`` and `handle…` as things happen, then ``pollCommand(now:)`` and ``pollEvent()`` until they return
/// `nil`, and ``handleTimeout(now:)`` when ``pollTimeout()`` has come.
public struct SizeChanges: Sendable {
    public enum Refusal: Error, Hashable, Sendable {
        case deskAway
        /// This screen has one size.
        case fixed
        case tooLarge
    }

    public enum Event: Hashable, Sendable {
        /// Something of ``state`` has changed.
        case changed
        /// The desk has not done what this person asked for.
        case refused(ParticipantID)
        /// The screen has another size than before.
        case resized
    }

    public struct State: Hashable, Sendable {
        /// Pixels, as the screen has them; 0 while that is not known.
        public var width: UInt16 = 0
        public var height: UInt16 = 0
        /// Whose choice that is; `nil`: nobody's, as at the start or when a program has changed it.
        public var chooser: ParticipantID?
        /// What can be had at most; `nil`: the size cannot be changed.
        public var largest: DeskSize?
    }

    private struct Choice: Hashable, Sendable {
        var size: DeskSize
        /// `nil`: it is only asked for anew.
        var person: ParticipantID?
    }

    public private(set) var state = State()
    /// What was chosen last.
    public private(set) var chosen: DeskSize?

    private let limit: DeskSize?
    private var chooser: ParticipantID?
    private var wanted: Choice?
    private var asked: (choice: Choice, deadline: Instant)?
    private var nextChange: Instant?
    private var isDeskThere = false
    private var hasReported = false
    private var events: [Event] = []

    /// - Parameters:
    ///   - limit: What can be had at most, if the X server has it; `nil`: the size is not to be changed.
    ///   - chosen: What was chosen before.
    public init(limit: DeskSize?, chosen: DeskSize? = nil) {
        self.limit = limit
        self.chosen = limit == nil ? nil : chosen
    }

    // MARK: People

    public mutating func choose(
        _ size: DeskSize,
        by person: ParticipantID,
        now: Instant
    ) throws(Refusal) {
        guard limit != nil else { throw .fixed }
        guard isDeskThere, hasReported else { throw .deskAway }
        guard let largest = state.largest else { throw .fixed }
        guard size.fits(in: largest) else { throw .tooLarge }
        wanted = Choice(size: size, person: person)
    }

    // MARK: The desk

    public mutating func handleConnected() {
        isDeskThere = true
    }

    /// What was not done yet is asked for anew when the desk is back.
    public mutating func handleDisconnected() {
        for choice in [asked?.choice, wanted].compactMap(\.self) { keep(choice) }
        (wanted, asked) = (nil, nil)
        (isDeskThere, hasReported) = (false, false)
    }

    public mutating func handle(_ report: DeskScreenReport, now: Instant) {
        let before = state
        let isFirst = !hasReported && report.width > 0
        if report.width > 0 {
            hasReported = true
            (state.width, state.height) = (report.width, report.height)
            let server = DeskSize(
                width: min(Int(report.largestWidth), Int(DeskSize.greatest.width)),
                height: min(Int(report.largestHeight), Int(DeskSize.greatest.height))
            )
            state.largest = server.flatMap { limit?.intersection($0) }
        }
        settle(report.outcome)
        let mayBe = chosen.flatMap { chosen in state.largest.map { chosen.fits(in: $0) } } ?? false
        if isFirst, mayBe, wanted == nil, let chosen, !isShown(chosen) {
            wanted = Choice(size: chosen)
        }
        state.chooser = chosen.map(isShown) ?? false ? chooser : nil
        let isResized = (before.width, before.height) != (state.width, state.height)
        if isResized { events.append(.resized) }
        if state != before { events.append(.changed) }
    }

    /// Takes in what became of the change that is under way.
    private mutating func settle(_ outcome: DeskScreenReport.Outcome) {
        guard outcome != .told, let choice = asked?.choice else { return }
        asked = nil
        if outcome == .done {
            keep(choice)
        } else if let person = choice.person {
            events.append(.refused(person))
        }
    }

    private mutating func keep(_ choice: Choice) {
        chosen = choice.size
        if let person = choice.person { chooser = person }
    }

    private func isShown(_ size: DeskSize) -> Bool {
        size.width == state.width && size.height == state.height
    }

    // MARK: What follows

    /// What to tell the desk now.
    public mutating func pollCommand(now: Instant) -> DeskSize? {
        guard let choice = wanted, asked == nil, isDeskThere, now >= nextChange ?? now else { return nil }
        wanted = nil
        if isShown(choice.size) {
            // It is somebody else's choice now.
            keep(choice)
            if state.chooser != chooser {
                state.chooser = chooser
                events.append(.changed)
            }
            return nil
        }
        asked = (choice, now + Self.answerTimeout)
        nextChange = now + Self.period
        return choice.size
    }

    public mutating func pollEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    public mutating func handleTimeout(now: Instant) {
        guard let asked, asked.deadline <= now else { return }
        settle(.refused)
    }

    public func pollTimeout() -> Instant? {
        [asked?.deadline, wanted == nil || asked != nil ? nil : nextChange].compactMap(\.self).min()
    }

    /// Between two changes: each costs everybody a key frame.
    public static let period = Interval.milliseconds(400)
    private static let answerTimeout = Interval.seconds(5)
}
