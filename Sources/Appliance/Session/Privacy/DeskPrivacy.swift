internal import Access
internal import Audit
internal import GstBridge
internal import RemoteControl
internal import SFU
internal import Wire

/// Hides what people ask for: in the room at once, and in the desk process, whose word it waits for.
///
/// Between the two nothing of the desk's picture reaches anybody but who may see behind it. Whatever the room has kept of
/// before is forgotten (``Worker/withhold(_:)``); what the desk process had under way is not let in
/// (``Worker/release(_:from:)``).
@SessionActor final class DeskPrivacy {
    private let roster: Roster
    private let streams: DeskStreams
    private let worker: Worker
    private let relay: ControlRelay
    private let audit: AuditLog
    private let policy: Configuration.Unmasked
    /// Whether this way of capture can hide anything.
    private let canHide: Bool
    private let memory: RoomMemory?
    private(set) var hidden = HiddenDesk()
    /// Who has asked for the list of windows, and waits for it.
    private var listeners: Set<ParticipantID> = []

    /// - Parameter memory: What the room before has left, and where it is left to the next that something is hidden.
    init(
        _ configuration: Configuration,
        _ roster: Roster,
        _ streams: DeskStreams,
        worker: Worker,
        relay: ControlRelay,
        audit: AuditLog,
        memory: RoomMemory?
    ) {
        self.roster = roster
        self.streams = streams
        self.worker = worker
        self.relay = relay
        self.audit = audit
        self.memory = memory
        policy = configuration.unmasked
        canHide = configuration.capture == .damage
        guard let left = memory?.content, left.isHiding, canHide else { return }
        hidden.handleRoomLost(isSilent: left.isSilent)
        audit.append(.curtain(isOn: true, by: .room))
    }

    // MARK: Who sees what

    /// Whether somebody gets the desk as it is while something is hidden from others.
    func seesAll(_ id: ParticipantID) -> Bool {
        guard policy == .clinicians, let grant = roster.membership[id]?.grant else { return false }
        return grant.role == .clinician && grant.rights.isSuperset(of: [.mask, .see])
    }

    /// Whether something is hidden from somebody.
    func hides(from id: ParticipantID) -> Bool { hidden.isHiding && !seesAll(id) }

    /// Whether everything is hidden from somebody.
    func curtains(_ id: ParticipantID) -> Bool { hidden.isCurtainDown && !seesAll(id) }

    /// Whether somebody must not hear the desk.
    func silences(_ id: ParticipantID) -> Bool { hidden.isSilent && !seesAll(id) }

    /// What somebody is as far as control goes: behind the curtain drives only who sees what they do.
    func standing(of id: ParticipantID) -> FloorStanding? {
        var standing = roster.standing(of: id)
        standing?.isBlind = curtains(id)
        return standing
    }

    /// Where things are hidden only those learn who may hide them.
    func state(for id: ParticipantID) -> RoomMessage.Privacy {
        var state = RoomMessage.Privacy(
            curtain: hidden.isCurtainDown,
            sound: !hidden.isSilent,
            masked: !hidden.rectangles.isEmpty || !hidden.windows.isEmpty,
            clear: !hides(from: id)
        )
        guard roster.rights(of: id).contains(.mask) else { return state }
        state.details = RoomMessage.Privacy.Details(
            rectangles: hidden.rectangles.map { .init($0) },
            windows: hidden.windows,
            lost: hidden.windows.filter(hidden.lost.contains),
            fallen: hidden.hasFallen,
            resized: hidden.isOutgrown
        )
        return state
    }

    private func tell() {
        for person in roster.everybody { roster.send(.privacy(state(for: person.id)), to: person.id) }
    }

    // MARK: What people ask

    /// - Returns: Why it cannot be.
    func setCurtain(isDown: Bool, isSilent: Bool, by id: ParticipantID) async -> Refusal? {
        guard canHide else { return Refusal(.cannotHide) }
        hidden.setCurtain(isDown: isDown, isSilent: isSilent)
        audit.append(.curtain(isOn: isDown, by: .person(id.rawValue)))
        await apply()
        return nil
    }

    /// - Returns: Why it cannot be.
    func setMasks(
        _ rectangles: [DeskCover.Rectangle],
        windows: [UInt32],
        by id: ParticipantID
    ) async -> Refusal? {
        guard canHide else { return Refusal(.cannotHide) }
        hidden.setMasks(rectangles, windows: windows)
        let count = rectangles.count + windows.count
        audit.append(.mask(isOn: count > 0, count: count, by: .person(id.rawValue)))
        await apply()
        return nil
    }

    func listWindows(for id: ParticipantID) async {
        listeners.insert(id)
        // Without a desk there are none.
        if await !relay.send(.listWindows) { handleWindows([]) }
    }

    private func remember() {
        memory?.update { [hidden] in
            $0.isHiding = hidden.isHiding
            $0.isSilent = hidden.isSilent
        }
    }

    private func apply() async {
        remember()
        tell()
        await updateStandings()
        await withhold()
        // What is hidden by now, should somebody have changed it meanwhile.
        if let cover = hidden.cover { await relay.send(.cover(cover)) }
    }

    private func updateStandings() async {
        await relay.handle(
            roster.everybody.compactMap { person in
                standing(of: person.id).map { .standing($0, of: person.id) }
            }
        )
    }

    private func withhold() async {
        for producer in producers { try? await worker.withhold(producer) }
    }

    // MARK: The desk process

    /// A desk process has connected: before it is told to capture anything it learns what is hidden.
    func handleConnected() async {
        if let cover = hidden.cover { await relay.send(.cover(cover)) }
    }

    /// The desk process is gone; returns whether something else is hidden now.
    func handleDisconnected() async -> Bool {
        if !listeners.isEmpty { handleWindows([]) }
        guard hidden.handleDeskLost() else { return false }
        audit.append(.curtain(isOn: true, by: .room))
        audit.append(.mask(isOn: !hidden.rectangles.isEmpty, count: hidden.rectangles.count, by: .room))
        remember()
        tell()
        await updateStandings()
        await withhold()
        return true
    }

    /// The screen has another size; returns whether something else is hidden now.
    func handleResized() async -> Bool {
        guard hidden.handleResized() else { return false }
        audit.append(.curtain(isOn: true, by: .room))
        await apply()
        return true
    }

    /// Asks the desk again, should it not have heard.
    func repeatIfUnanswered() async {
        if hidden.isAwaited { await handleConnected() }
    }

    /// What clients get is covered, from a moment on.
    func handle(_ covered: DeskCovered) async {
        guard hidden.handleCovered(covered.number) else { return }
        let since = Instant(nanoseconds: Int64(clamping: covered.since))
        for producer in producers {
            // Somebody may have hidden more while the one before was awaited.
            guard hidden.number == covered.number else { return }
            var timestamps: [UInt32: UInt32] = [:]
            for stream in streams.streams where stream.producer == producer {
                let ssrc = stream.description.ssrc
                timestamps[ssrc] = CaptureStream(stream.name).timestamp(at: since, ssrc: ssrc)
            }
            try? await worker.release(producer, from: timestamps)
        }
    }

    func handleLost(_ window: UInt32) {
        if hidden.handleLost(window) { tell() }
    }

    func handleWindows(_ windows: [DeskWindow]) {
        let asked = listeners
        listeners = []
        for id in asked where roster.rights(of: id).contains(.mask) {
            roster.send(.windows(windows.map { .init(id: $0.id, title: $0.title) }), to: id)
        }
    }

    /// Those whose pictures are covered.
    private var producers: [ProducerID] { [DeskStreamName.h264, .vp8].compactMap(streams.producer) }
}
