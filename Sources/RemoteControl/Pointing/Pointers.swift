#if canImport(Wire)
public import Wire
#endif

/// The pointers that people show one another over the desk: who points where, and who is told of it when.
///
/// Pages say where their person points (``handle(_:from:on:now:)``); who may, and who sees it, is the owner's to know. After each
/// call, and at ``pollTimeout()``, ``pollMessages(for:now:)`` has what each viewer is to be told: in one message all that
/// they see, at most once a ``period``, and nothing while nothing changes. Messages get lost: what has changed last is
/// told twice more.
public struct Pointers: Hashable, Sendable {
    /// Somebody who has a channel by which they can be told.
    public struct Viewer: Hashable, Sendable {
        public var id: ParticipantID
        /// Whether they see the desk; if not, there is nothing over it either.
        public var seesDesk: Bool

        public init(_ id: ParticipantID, seesDesk: Bool = true) {
            self.id = id
            self.seesDesk = seesDesk
        }
    }

    private struct Pointer: Hashable {
        var point: DeskPoint
        var moved: Instant
        var press: PointersMessage.Press?
        var pressed: Instant?
    }

    /// What came by somebody's channel.
    private struct Source: Hashable {
        var sequence: UInt16?
        var presses: UInt16 = 0
        var moveRate = RateLimit(rate: Pointers.moveRate, burst: 30)
        var pressRate = RateLimit(rate: Pointers.pressRate, burst: Pointers.pressRate)
    }

    /// What a viewer was told last.
    private struct Told: Hashable {
        var pointers: [PointersMessage.Pointer] = []
        var repeats = 0
    }

    /// Of everybody who has pointed, until they leave.
    private var sources: [ParticipantID: Source] = [:]
    private var pointers: [ParticipantID: Pointer] = [:]
    private var told: [ParticipantID: Told] = [:]
    /// When viewers are told next; `nil`: there is nothing to tell.
    private var due: Instant?
    private var last: Instant?
    private var sequence: UInt16 = 0
    private var lastPress: UInt16 = 0

    public init() {}

    /// Who points just now.
    public var people: [ParticipantID] { pointers.keys.sorted { $0.rawValue < $1.rawValue } }

    // MARK: Whoever points

    /// Somebody's page has opened its channel, and counts from the beginning.
    public mutating func handleOpened(of participant: ParticipantID) {
        sources[participant]?.sequence = nil
        sources[participant]?.presses = 0
    }

    /// Somebody who may points, or does not any more.
    ///
    /// - Parameter desk: The size of the desk in pixels; what lies outside is taken to the edge.
    public mutating func handle(
        _ message: PointingMessage,
        from participant: ParticipantID,
        on desk: (width: Int, height: Int),
        now: Instant
    ) {
        var source = sources[participant] ?? Source()
        defer { sources[participant] = source }
        guard desk.width > 0, desk.height > 0, source.moveRate.admit(now: now) else { return }
        let before = pointers[participant]
        // One that is late is not worth anything; after a silence there is nothing to be later than.
        if before != nil, let last = source.sequence, Int16(bitPattern: message.sequence &- last) <= 0 {
            return
        }
        source.sequence = message.sequence
        let isPress = message.presses != source.presses
        source.presses = message.presses
        guard message.isShown else { return remove(participant, now: now) }
        var pointer = before ?? Pointer(point: message.point, moved: now)
        pointer.point = message.point.within(desk)
        pointer.moved = now
        if isPress, source.pressRate.admit(now: now) {
            lastPress = lastPress == .max ? 1 : lastPress + 1
            pointer.press = .init(number: lastPress, point: message.press.within(desk))
            pointer.pressed = now
        }
        pointers[participant] = pointer
        changed(now: now)
    }

    /// Somebody who drives the desk has their pointer there.
    public mutating func show(_ participant: ParticipantID, at point: DeskPoint, now: Instant) {
        var pointer = pointers[participant] ?? Pointer(point: point, moved: now)
        pointer.point = point
        pointer.moved = now
        pointers[participant] = pointer
        changed(now: now)
    }

    /// Somebody points no more: they have left, or may not.
    public mutating func remove(_ participant: ParticipantID, now: Instant) {
        if pointers.removeValue(forKey: participant) != nil { changed(now: now) }
    }

    /// Somebody has left for good.
    public mutating func handleDeparture(of participant: ParticipantID, now: Instant) {
        remove(participant, now: now)
        sources[participant] = nil
        told[participant] = nil
    }

    // MARK: Whoever sees it

    /// A viewer's channel is a new one, by which nothing has been told.
    public mutating func handleViewer(_ participant: ParticipantID, now: Instant) {
        told[participant] = nil
        if !pointers.isEmpty { changed(now: now) }
    }

    /// Who sees the desk has changed.
    public mutating func handleSight(now: Instant) {
        // Where nobody points there is nothing to be seen or hidden.
        if !pointers.isEmpty || told.values.contains(where: { !$0.pointers.isEmpty }) { changed(now: now) }
    }

    /// What each of these is to be told now.
    ///
    /// - Parameter viewers: Everybody who can be told.
    public mutating func pollMessages(
        for viewers: [Viewer],
        now: Instant
    ) -> [(viewer: ParticipantID, message: PointersMessage)] {
        expire(now: now)
        guard let due, due <= now else { return [] }
        self.due = nil
        last = now
        sequence &+= 1
        var messages: [(viewer: ParticipantID, message: PointersMessage)] = []
        var next: [ParticipantID: Told] = [:]
        let all = shown(now: now)
        for viewer in viewers {
            let pointers = viewer.seesDesk ? all.filter { $0.person != viewer.id } : []
            var told = told[viewer.id] ?? Told()
            if told.pointers != pointers {
                told = Told(pointers: pointers, repeats: Self.repeats)
            } else if told.repeats > 0 {
                told.repeats -= 1
            } else {
                next[viewer.id] = told
                continue
            }
            next[viewer.id] = told
            messages.append((viewer.id, PointersMessage(sequence: sequence, pointers: pointers)))
        }
        told = next
        if told.values.contains(where: { $0.repeats > 0 }) { self.due = now + Self.repetition }
        return messages
    }

    /// When ``pollMessages(for:now:)`` is next due.
    public func pollTimeout() -> Instant? {
        let expiry = pointers.values.map(\.moved).min().map { $0 + Self.lifetime }
        return [due, expiry].lazy.compactMap(\.self).min()
    }

    /// What there is to be seen, by whoever is not the one who points.
    private func shown(now: Instant) -> [PointersMessage.Pointer] {
        people.prefix(PointersMessage.maximumCount).compactMap { id in
            pointers[id].map { pointer in
                // Who comes later is not told of an old press.
                let isFresh = pointer.pressed.map { now < $0 + Self.pressLifetime } ?? false
                return .init(person: id, point: pointer.point, press: isFresh ? pointer.press : nil)
            }
        }
    }

    private mutating func expire(now: Instant) {
        for (id, pointer) in pointers where pointer.moved + Self.lifetime <= now { remove(id, now: now) }
    }

    private mutating func changed(now: Instant) {
        let soon = last.map { max(now, $0 + Self.period) } ?? now
        due = min(due ?? soon, soon)
    }

    /// How long a pointer is there that does not move.
    public static let lifetime = Interval.seconds(3)
    /// A viewer is told at most once in it.
    public static let period = Interval.milliseconds(33)
    /// Messages a second from one person.
    public static let moveRate: Int64 = 60
    /// Presses a second of one person.
    public static let pressRate: Int64 = 5
    private static let pressLifetime = Interval.milliseconds(500)
    private static let repetition = Interval.milliseconds(100)
    private static let repeats = 2
}

extension DeskPoint {
    /// The pixel of a desk that is nearest; its sides have at least one.
    fileprivate func within(_ desk: (width: Int, height: Int)) -> DeskPoint {
        DeskPoint(
            x: UInt16(clamping: min(Int(x), desk.width - 1)),
            y: UInt16(clamping: min(Int(y), desk.height - 1))
        )
    }
}
