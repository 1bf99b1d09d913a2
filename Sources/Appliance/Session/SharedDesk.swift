internal import Logging
internal import RemoteControl
package import SFU

/// The desk in the session: what people are told of it, which of its streams are made, and its cursor.
@SessionActor package final class SharedDesk {
    package let streams: DeskStreams
    let privacy: DeskPrivacy
    let layout: DeskLayout
    private let roster: Roster
    private let channels: RoomChannels
    private let control: SessionControl
    private let worker: Worker
    private let relay: ControlRelay
    private let link: DeskLink
    private let log: Logger

    /// As people were last told.
    private(set) var state = RoomMessage.Desk.absent(wasThere: false)
    private(set) var isConnected = false
    /// What the desk process that is connected has last said of itself.
    private(set) var status: DeskStatus?
    private(set) var statistics: DeskStatistics?
    private var hasConnected = false
    /// As the desk's capture and its seat have said last, in pixels.
    private var sizes: [SizeSource: (width: UInt16, height: UInt16)] = [:]

    private enum SizeSource { case capture, seat }
    /// Whether the desk is being made new, and the process that is there or was is of before.
    private var reset = Reset.none
    private var cursorShape: [UInt8]?
    private var cursorPosition: [UInt8]?
    /// Of those who drive beside the holder, which hand is theirs, and how its pointer looks.
    private var hands: [ParticipantID: FurtherHand] = [:]
    private var handShapes: [FurtherHand: [UInt8]] = [:]
    /// Streams that the desk has been told to send.
    private(set) var wantedStreams: Set<DeskStreamName> = [.opus]
    /// Those of them that only somebody with a narrow path watches.
    private var wantedSmallStreams: Set<DeskStreamName> = []

    init(
        _ streams: DeskStreams,
        _ privacy: DeskPrivacy,
        _ layout: DeskLayout,
        _ roster: Roster,
        _ channels: RoomChannels,
        _ control: SessionControl,
        worker: Worker,
        relay: ControlRelay,
        link: DeskLink,
        log: Logger
    ) {
        self.streams = streams
        self.privacy = privacy
        self.layout = layout
        self.roster = roster
        self.channels = channels
        self.control = control
        self.worker = worker
        self.relay = relay
        self.link = link
        self.log = log
    }

    private enum Reset { case none, ending, ended }

    // MARK: The desk process

    /// The desk is being reset: nothing of before is to be seen from now on.
    func handleReset() {
        reset = isConnected ? .ending : .ended
        tell(.beingReset)
    }

    /// Events come one after the other: the next one waits until this is done.
    func handle(_ event: DeskLink.Event) async {
        switch event {
        case .connected:
            isConnected = true
            hasConnected = true
            reset = .none
            await forgetSenders()
            // The process may be gone again; then there is nothing to take, and its end is the next event.
            if let sender = await link.takeSender() { await relay.attach(sender) }
            await layout.handleDesk(isThere: true)
            // Before the first picture is captured.
            await privacy.handleConnected()
            // What is wanted may have changed while these were awaited: it is read after them.
            if let configuration = streams.configuration(wanted: wantedStreams) {
                await relay.send(.configure(configuration))
            }
            log.info("The desk is connected")
        case .disconnected:
            isConnected = false
            (status, statistics) = (nil, nil)
            await relay.detach()
            await layout.handleDesk(isThere: false)
            // From now on any program may use the ports that it sent from.
            await forgetSenders()
            log.warning("The desk is gone")
            if reset == .ending { reset = .ended }
            tell(reset == .none ? .absent(wasThere: hasConnected) : .beingReset)
            if await privacy.handleDisconnected() { await updateCursor() }
        case .report(.status(let status)):
            self.status = status
            if reset == .none { tell(RoomMessage.Desk(status)) }
            await handleSize(status.width, status.height, by: .capture)
        case .report(.cursor(let message)): await show(message)
        case .report(.handCursor(let hand, .shape(let shape))): await show(shape, of: hand)
        // With the name of whose it is.
        case .report(.handCursor(_, .position)): break
        case .report(.statistics(let statistics)):
            self.statistics = statistics
            await privacy.repeatIfUnanswered()
        case .report(.covered(let covered)): await privacy.handle(covered)
        case .report(.windows(let windows)): privacy.handleWindows(windows)
        case .report(.windowLost(let window)): privacy.handleLost(window)
        case .report(.screen(let report)): await handleSize(report.width, report.height, by: .seat)
        // The session hands them on.
        case .report(.clipboardLink), .report(.filesLink), .report(.voicesLink), .voices, .voicesClosed: break
        // They go to the relay.
        case .report(.echoed), .report(.effect), .report(.handFailed), .report(.held), .report(.reached),
            .report(.typed):
            break
        case .report(.layoutSet(let set, let isDone)): await layout.handleSet(set, isDone: isDone)
        }
    }

    /// Windows move when the screen gets another size, which both the capture and the seat tell.
    private func handleSize(_ width: UInt16, _ height: UInt16, by source: SizeSource) async {
        guard width > 0 else { return }
        let before = sizes.updateValue((width, height), forKey: source)
        guard let before, before != (width, height) else { return }
        if await privacy.handleResized() { await updateCursor() }
    }

    /// Whatever is there now is the new desk.
    func handleResetEnd() {
        guard reset == .ending else { return }
        reset = .none
        if let status { tell(RoomMessage.Desk(status)) }
    }

    private func forgetSenders() async {
        for stream in streams.streams { try? await worker.forgetPeer(of: stream.transport) }
    }

    private func tell(_ desk: RoomMessage.Desk) {
        guard desk != state else { return }
        state = desk
        roster.tellAll(.desk(desk))
    }

    // MARK: Streams

    /// Has the desk encode what somebody watches, and H.264 as soon as anybody is here.
    ///
    /// Its encoder is ready before the first person's connection is, and the next one sees it at once; while nobody is here
    /// its memory is given back.
    ///
    /// To be called after whatever may have changed who is here or watches what.
    func updateWantedStreams() async {
        let watched = Set(roster.everybody.compactMap(\.deskStream))
        let always: Set<DeskStreamName> = roster.everybody.isEmpty ? [.opus] : [.h264, .opus]
        let wanted = watched.union(always).union(wantedSmallStreams)
        let started = wanted.subtracting(wantedStreams)
        let stopped = wantedStreams.subtracting(wanted)
        wantedStreams = wanted
        // While one is sent another call may change what is wanted: its word is the newer one.
        for name in started where wantedStreams.contains(name) { await relay.send(.startStream(name)) }
        for name in stopped where !wantedStreams.contains(name) { await relay.send(.stopStream(name)) }
    }

    /// Which encodings of a picture anybody watches; of no effect where the desk makes all of them always.
    package func handleWantedLayers(_ layers: Set<Int>, of producer: ProducerID) async {
        for stream in streams.onDemand(of: producer) {
            if layers.contains(stream.encoding) {
                wantedSmallStreams.insert(stream.name)
            } else {
                wantedSmallStreams.remove(stream.name)
            }
        }
        await updateWantedStreams()
    }

    // MARK: The cursor

    private func show(_ message: CursorMessage) async {
        let bytes = message.encoded()
        switch message {
        case .position:
            cursorPosition = bytes
            await channels.broadcast(bytes, isBinary: true, on: SubscribeChannels.cursorLabel) {
                !self.showsPosition(to: $0.id)
            }
        case .shape:
            cursorShape = bytes
            // It shows what the pointer is over, or what is dragged.
            await channels.broadcast(bytes, isBinary: true, on: SubscribeChannels.cursorLabel) {
                self.privacy.hides(from: $0.id) || self.hands[$0.id] != nil
            }
        }
    }

    /// The pointer of a further hand looks otherwise: its own page shows it, and nobody else's.
    private func show(_ shape: CursorShape, of hand: FurtherHand) async {
        handShapes[hand] = CursorMessage.shape(shape).encoded()
        for (id, own) in hands where own == hand { await sendCursor(to: id) }
    }

    /// Somebody drives beside the holder, or does not any more.
    func handleDrivers() async {
        let before = hands
        hands = control.hands
        for (id, hand) in before where hands[id] != hand { handShapes[hand] = nil }
        for id in Set(before.keys).union(hands.keys) where before[id] != hands[id] {
            await sendCursor(to: id)
        }
    }

    private func sendCursor(to id: ParticipantID) async {
        guard let channel = roster[id]?.subscribe?.channels[SubscribeChannels.cursorLabel] else { return }
        await showCursor(on: channel, to: id)
    }

    /// What is hidden has changed, or from whom: who is not to see what the pointer is over gets a plain one.
    func updateCursor() async {
        for person in roster.everybody {
            guard let channel = person.subscribe?.channels[SubscribeChannels.cursorLabel],
                let shape = shape(for: person.id)
            else { continue }
            await channels.send(shape, isBinary: true, on: channel)
            guard let cursorPosition, showsPosition(to: person.id) else { continue }
            await channels.send(cursorPosition, isBinary: true, on: channel)
        }
    }

    /// The holder's own pointer is already there; and what moves behind the curtain tells what is done there.
    private func showsPosition(to id: ParticipantID) -> Bool {
        !control.drives(id) && !privacy.curtains(id)
    }

    private func shape(for id: ParticipantID) -> [UInt8]? {
        if privacy.hides(from: id) { return PlainCursor.message }
        return hands[id].flatMap { handShapes[$0] } ?? cursorShape
    }

    /// Shows the cursor to a page whose channel has just opened.
    func showCursor(on channel: DataConsumerID, to id: ParticipantID) async {
        if let shape = shape(for: id) { await channels.send(shape, isBinary: true, on: channel) }
        // The cursor may have moved, or the holder be another one, since.
        guard let cursorPosition, showsPosition(to: id) else { return }
        await channels.send(cursorPosition, isBinary: true, on: channel)
    }
}
