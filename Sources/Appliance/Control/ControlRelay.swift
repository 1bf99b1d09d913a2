package import IO
package import RemoteControl
package import SFU
package import Wire

/// The only way from people's input to the desk: judges each control event by the lease (``FloorControl``) and passes on what
/// the holder sent.
///
/// Its executor is the Worker's event loop, so an event is judged and handed to the desk process on the
/// thread on which its packet was decrypted, with no other thread in between.
package actor ControlRelay {
    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// What happened to control, for the session to tell people.
    package nonisolated let events: AsyncStream<FloorControl.Event>
    /// Pictures that show what people have pressed.
    package nonisolated let effects: AsyncStream<PressEffects.Effect>
    /// What pages are told of their events; the oldest are dropped if nobody reads them.
    package nonisolated let answers: AsyncStream<PageAnswer>

    private var floor: FloorControl
    private var hold: DeskHold
    /// Likewise for the people who drive beside the holder, by the hand that they have.
    private var handHolds: [FurtherHand: DeskHold]
    private var link: SeqPacketSocket?
    private let cutOff: @Sendable () -> Void
    private var isStopped = false
    /// For what the floor and the state of the desk wait for.
    private lazy var timer = executor.makeTimer { [weak self] now in
        self?.assumeIsolated { $0.handleTimeout(now: now) }
    }
    private var delays = DelayHistogram()
    private var undelivered: UInt64 = 0
    private var message = [UInt8](repeating: 0, count: DeskCommand.maximumLength)
    private let emit: AsyncStream<FloorControl.Event>.Continuation
    /// How many ``events`` there have been.
    package private(set) var told: UInt64 = 0
    private var presses = PressEffects()
    private let pages = ControlAnswers()
    private var released: UInt64 = 0
    private var questions = DeskQuestions()

    /// - Parameters:
    ///   - executor: The media thread's.
    ///   - hold: What the desk may still hold, of the first hand.
    ///   - cutOff: Ends the desk process at once, even one that is stopped; another one is to take its place.
    package init(
        on executor: EventLoop,
        floor: FloorControl,
        hold: DeskHold = DeskHold(),
        cutOff: @escaping @Sendable () -> Void = {}
    ) {
        self.executor = executor
        self.floor = floor
        self.hold = hold
        handHolds = Dictionary(
            uniqueKeysWithValues: FurtherHand.first(floor.policy.hands - 1).map { ($0, DeskHold(hand: $0)) }
        )
        self.cutOff = cutOff
        (events, emit) = AsyncStream.makeStream()
        effects = presses.effects
        answers = pages.stream
    }

    // MARK: The desk

    /// A desk process has connected: nobody's events reach it before it has said that nothing is held.
    package func attach(_ link: consuming SeqPacketSocket) {
        self.link = consume link
        hold.handleConnected(now: .now())
        for hand in handHolds.keys { handHolds[hand]?.handleConnected(now: .now()) }
        settle()
    }

    /// The desk process is gone, and with it whoever's control of it.
    package func detach() {
        link = nil
        questions.refuseAll()
        hold.handleDisconnected()
        for hand in handHolds.keys { handHolds[hand]?.handleDisconnected() }
        floor.handleDeskRestart(now: .now())
        settle()
    }

    /// What the desk has answered.
    package func handle(_ report: DeskReport) {
        switch report {
        case .reached(let mark):
            questions.handleReached(mark)
            hold.handleReached(mark, now: .now())
            for hand in handHolds.keys { handHolds[hand]?.handleReached(mark, now: .now()) }
            settle()
        case .effect(let effect):
            if let driver = floor.driver(under: effect.lease) { presses.pass(effect, to: driver) }
        case .typed(let receipt): pass(.text(receipt))
        case .echoed(let echo): pass(.echo(echo))
        case .held(let answer):
            released += UInt64(answer.released)
            pass(.held(answer))
        case .handFailed(let hand):
            floor.handleFailed(hand, now: .now())
            settle()
        default: break  // They are for the session.
        }
    }

    /// It is for whoever drives under its lease; whoever has lost control is told nothing more.
    private func pass(_ answer: ControlAnswer) {
        if let driver = floor.driver(under: answer.lease) { pages.pass(answer, to: driver) }
    }

    /// Whether the desk takes in what it is sent, as soon as it says so; `false` if there is none, or it goes first.
    package func askDesk() async -> Bool {
        guard link != nil else { return false }
        return await withCheckedContinuation { waiter in
            let mark = questions.add(waiter)
            if !send(.mark(mark)) { questions.refuse(mark) }
        }
    }

    /// Sends a command to the desk; `false` if there is none, or it does not keep up.
    @discardableResult
    package func send(_ command: DeskCommand) -> Bool {
        guard link != nil else { return false }
        let length = unsafe message.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            command.write(into: &out)
            return unsafe out.finalize(for: buffer)
        }
        let bytes = message
        return unsafe link?.send(bytes.span.bytes.extracting(first: length)) ?? false
    }

    // MARK: Who has control

    /// Asks for control.
    ///
    /// - Parameter absent: Who cannot answer; of no effect if control is somebody else's by now.
    package func request(
        by participant: ParticipantID,
        insteadOf absent: ParticipantID? = nil
    ) -> FloorControl.Answer {
        let answer = floor.request(by: participant, insteadOf: absent, now: .now())
        settle()
        return settled(answer, of: participant)
    }

    /// Gives control, or says why not.
    package func give(
        to participant: ParticipantID,
        by giver: ParticipantID,
        _ terms: ControlTerms? = nil
    ) -> FloorControl.Answer {
        let answer = floor.give(to: participant, by: giver, terms, now: .now())
        settle()
        return settled(answer, of: participant)
    }

    /// Lets somebody drive beside whoever has control, or says why not.
    package func letDrive(
        _ participant: ParticipantID,
        by giver: ParticipantID,
        _ terms: ControlTerms? = nil
    ) -> FloorControl.Answer {
        let answer = floor.letDrive(participant, by: giver, terms, now: .now())
        settle()
        return settled(answer, of: participant)
    }

    /// A desk that holds nothing has let go at once.
    private func settled(_ answer: FloorControl.Answer, of participant: ParticipantID) -> FloorControl.Answer
    {
        guard answer == .pending, let id = floor.leaseID(of: participant) else { return answer }
        return .granted(id)
    }

    /// Has somebody do something else about control; returns what `command` does.
    package func perform<Result: Sendable>(
        _ command: @Sendable (inout FloorControl, Instant) -> Result
    ) -> Result {
        let result = command(&floor, .now())
        settle()
        return result
    }

    /// Something about a person in the room that matters for control.
    package enum Change: Hashable, Sendable {
        /// They have left for good.
        case departed(ParticipantID)
        /// Their page may be gone: what they hold is released; the lease stays.
        case pageLost(ParticipantID)
        case standing(FloorStanding, of: ParticipantID)
    }

    /// Takes changes in the order in which they happened.
    package func handle(_ changes: [Change]) {
        let now = Instant.now()
        for change in changes {
            switch change {
            case .departed(let participant): floor.handleDeparture(of: participant, now: now)
            case .pageLost(let participant):
                if floor.holder == participant { hold.release(now: now) }
                if let hand = floor.hand(of: participant) { handHolds[hand]?.release(now: now) }
            case .standing(let standing, let participant):
                floor.setStanding(standing, of: participant, now: now)
            }
        }
        settle()
    }

    /// The participant's connection is lost: what they hold is released at once, and the lease a while later.
    package func handleDisconnect(of participant: ParticipantID) {
        floor.handleDisconnect(of: participant, now: .now())
        settle()
    }

    package func handleReconnect(of participant: ParticipantID) {
        floor.handleReconnect(of: participant, now: .now())
        settle()
    }

    /// Carries out what the floor and the state of the desk ask for, until neither has more to say.
    private func settle() {
        let now = Instant.now()
        var isSettled = false
        while !isSettled {
            isSettled = true
            if hold.isEmpty { floor.handleReleased(now: now) }
            for (hand, hold) in handHolds where hold.isEmpty { floor.handleReleased(hand, now: now) }
            while let event = floor.pollEvent() {
                isSettled = false
                handle(event, now: now)
            }
            while let action = hold.pollAction() {
                isSettled = false
                if !carryOut(action) { hold.handleUnsent(now: now) }
            }
            for hand in handHolds.keys {
                while let action = handHolds[hand]?.pollAction() {
                    isSettled = false
                    if !carryOut(action) { handHolds[hand]?.handleUnsent(now: now) }
                }
            }
        }
        armTimer()
    }

    private func handle(_ event: FloorControl.Event, now: Instant) {
        switch event {
        case .releaseAll: return hold.release(now: now)
        case .releaseHand(let hand): return handHolds[hand]?.release(now: now) ?? ()
        // Should it not get there, the next one who has the hand gets a new one all the same.
        case .ended(let id, _, _, _): if let hand = FurtherHand(of: id) { send(.removeHand(hand)) }
        default: break
        }
        told += 1
        emit.yield(event)
    }

    /// Returns whether it could be sent.
    private func carryOut(_ action: DeskHold.Action) -> Bool {
        switch action {
        case .send(let command): return send(command)
        case .cutOff:
            link = nil
            questions.refuseAll()
            cutOff()
            return true
        }
    }

    /// Whether somebody types on the desk under this lease at the moment.
    package func mayType(_ participant: ParticipantID, under lease: LeaseID) -> Bool {
        link != nil && floor.mayType(participant, under: lease, now: .now())
    }

    /// Whether somebody has the desk's pointer under this lease at the moment.
    package func mayPoint(_ participant: ParticipantID, under lease: LeaseID) -> Bool {
        link != nil && floor.mayPoint(participant, under: lease, now: .now())
    }

    // MARK: Time

    private func armTimer() {
        var due = [floor.pollTimeout(), hold.pollTimeout()].lazy.compactMap(\.self).min()
        for hold in handHolds.values {
            if let time = hold.pollTimeout() { due = min(due ?? time, time) }
        }
        timer.arm(due)
    }

    private func handleTimeout(now: Instant) {
        floor.handleTimeout(now: now)
        hold.handleTimeout(now: now)
        for hand in handHolds.keys { handHolds[hand]?.handleTimeout(now: now) }
        settle()
    }

    // MARK: Control events

    /// Reads a participant's control channel for as long as it is open: each message as soon as it has arrived, before
    /// the media that came with it goes to anybody.
    package func read(
        _ channel: DataProducerID,
        of worker: Worker,
        from participant: ParticipantID
    ) async throws(SFUError) {
        try await worker.subscribeDirect(channel, by: self) { relay, message in
            relay.handle(message, from: participant)
        }
    }

    /// Judges one message of a control channel.
    package func handle(_ message: DataMessage, from participant: ParticipantID) {
        guard !isStopped else { return }
        let now = Instant.now()
        let verdict = unsafe floor.accept(message.bytes.span.bytes, from: participant, now: now)
        switch verdict {
        case .forward(let event):
            let hand = FurtherHand(of: event.lease)
            guard canForward(to: hand), send(.input(event)) else {
                undelivered += 1
                pages.refuse(event, .deskAway, of: participant)
                if let hand {
                    handHolds[hand]?.handleUndelivered(event.action, now: now)
                } else {
                    hold.handleUndelivered(event.action, now: now)
                }
                return settle()
            }
            let isFirst = hand.map { handHolds[$0]?.handleForwarded(now: now) ?? false }
            if isFirst ?? hold.handleForwarded(now: now) { armTimer() }
            delays.count(now - message.received)
            presses.handle(event, received: message.received)
        case .refused(.notAllowed): pages.refuse(message, .notAllowed, of: participant)
        case .refused(.tooFast): pages.refuse(message, .tooFast, of: participant)
        case .refused:
            // An event that came too late may have ended the lease.
            if floor.hasEvents { settle() }
        }
    }

    /// - Parameter hand: `nil`: the first.
    private func canForward(to hand: FurtherHand?) -> Bool {
        guard let hand else { return hold.canForward }
        return hold.isReady && handHolds[hand]?.canForward == true
    }

    /// What went through, what did not, and how long it took from the data channel to the desk's socket.
    package var statistics: ControlStatistics {
        ControlStatistics(
            forwarded: floor.forwarded,
            refused: floor.refusals,
            undelivered: undelivered,
            released: released,
            delay: delays
        )
    }

    package func stop() {
        isStopped = true
        timer.arm(nil)
        // The desk lets go of everything when the link closes.
        link = nil
        questions.refuseAll()
        emit.finish()
        presses.finish()
        pages.finish()
    }
}
