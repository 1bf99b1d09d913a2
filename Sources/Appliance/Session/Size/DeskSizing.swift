internal import IO
internal import Logging
internal import RemoteControl
internal import Wire

/// The size of the desk's screen in the session: takes what people choose to the desk, and tells everybody what came of it.
///
/// Whether somebody has the right to, ``Reception`` has asked before; what is done when, ``SizeChanges`` decides.
@SessionActor final class DeskSizing {
    private let roster: Roster
    private let relay: ControlRelay
    private let memory: RoomMemory?
    private let log: Logger
    private let offered: [DeskSize]
    private var changes: SizeChanges
    private let alarm = Alarm()
    private var isSettling = false

    init(
        _ configuration: Configuration,
        _ roster: Roster,
        relay: ControlRelay,
        memory: RoomMemory?,
        log: Logger
    ) {
        self.roster = roster
        self.relay = relay
        self.memory = memory
        self.log = log
        offered = configuration.screen.sizes
        changes = SizeChanges(
            limit: configuration.canResize
                ? configuration.screen.largest(with: configuration.size) : nil,
            chosen: memory?.content.screen
        )
    }

    // MARK: People

    /// - Returns: Why it cannot be.
    func choose(width: Int, height: Int, by id: ParticipantID) async -> Refusal? {
        let largest = changes.state.largest
        guard let size = DeskSize(width: width, height: height) else {
            return largest == nil ? Refusal(.sizeFixed) : outOfRange
        }
        do {
            try changes.choose(size, by: id, now: .now())
        } catch {
            return switch error {
            case .deskAway: Refusal(.deskStopped)
            case .fixed: Refusal(.sizeFixed)
            case .tooLarge: outOfRange
            }
        }
        await settle()
        return nil
    }

    private var outOfRange: Refusal {
        let largest = changes.state.largest ?? .greatest
        return Refusal(.sizeOutOfRange, ["size": .text("\(largest.width) × \(largest.height)")])
    }

    var message: RoomMessage.ScreenSize {
        let state = changes.state
        var message = RoomMessage.ScreenSize()
        (message.width, message.height) = (Int(state.width), Int(state.height))
        message.by = state.chooser?.rawValue
        guard let largest = state.largest else { return message }
        message.largest = .init(largest)
        message.sizes = offered.filter { $0.fits(in: largest) }.map { .init($0) }
        return message
    }

    func tell(_ id: ParticipantID) { roster.send(.deskSize(message), to: id) }

    // MARK: The desk

    func handle(_ event: DeskLink.Event) async {
        switch event {
        case .connected: changes.handleConnected()
        case .disconnected: changes.handleDisconnected()
        case .report(.screen(let report)): changes.handle(report, now: .now())
        case .report, .voices, .voicesClosed: return
        }
        await settle()
    }

    // MARK: What follows

    /// Carries out what is to be done, in order: whoever comes meanwhile leaves it to whoever is at it.
    private func settle() async {
        guard !isSettling else { return }
        isSettling = true
        var command: DeskSize?
        repeat {
            command = changes.pollCommand(now: .now())
            // A desk that does not take it ends, or does not answer in time.
            if let command { await relay.send(.setScreenSize(command)) }
        } while command != nil
        isSettling = false
        while let event = changes.pollEvent() { handle(event) }
        if let memory, memory.content.screen != changes.chosen {
            memory.update { [chosen = changes.chosen] in $0.screen = chosen }
        }
        alarm.set(changes.pollTimeout()) {
            self.changes.handleTimeout(now: .now())
            await self.settle()
        }
    }

    private func handle(_ event: SizeChanges.Event) {
        switch event {
        case .changed: roster.tellAll(.deskSize(message))
        case .refused(let id): roster.send(.error(step: "setDeskSize", Refusal(.sizeRefused)), to: id)
        case .resized:
            let state = changes.state
            log.info(
                "The desk has another size",
                metadata: ["width": "\(state.width)", "height": "\(state.height)"]
            )
        }
    }

    func stop() { alarm.stop() }
}
