package import IO
package import RemoteControl
package import SFU
internal import Wire

/// The only way from people's input to the desk: judges each control event by the lease and passes on what
/// the holder sent.
///
/// Its executor is the Worker's event loop, so an event is judged and handed to the desk process on the
/// thread on which its packet was decrypted, with no other thread in between.
package actor ControlRelay {
    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// What became of somebody's text, for their page.
    package struct Answer: Hashable, Sendable {
        package var participant: ParticipantID
        package var receipt: TextReceipt
    }

    /// What happened to the lease, for the session to tell people.
    package nonisolated let events: AsyncStream<ControlLease.Event>
    /// What became of texts; the oldest are dropped if nobody reads them.
    package nonisolated let receipts: AsyncStream<Answer>

    private var lease: ControlLease
    private var hold: DeskHold
    private var link: SeqPacketSocket?
    private let cutOff: @Sendable () -> Void
    private var isStopped = false
    /// For what the lease and the state of the desk wait for.
    private lazy var timer = executor.makeTimer { [weak self] now in
        self?.assumeIsolated { $0.handleTimeout(now: now) }
    }
    private var delays = DelayHistogram()
    private var undelivered: UInt64 = 0
    private var message = [UInt8](repeating: 0, count: DeskCommand.maximumLength)
    private let emit: AsyncStream<ControlLease.Event>.Continuation
    private let texts = TextReceipts()

    /// - Parameters:
    ///   - executor: The media thread's.
    ///   - hold: What the desk may still hold.
    ///   - cutOff: Ends the desk process at once, even one that is stopped; another one is to take its place.
    package init(
        on executor: EventLoop,
        lease: ControlLease = ControlLease(),
        hold: DeskHold = DeskHold(),
        cutOff: @escaping @Sendable () -> Void = {}
    ) {
        self.executor = executor
        self.lease = lease
        self.hold = hold
        self.cutOff = cutOff
        (events, emit) = AsyncStream.makeStream()
        receipts = texts.answers
    }

    // MARK: The desk

    /// A desk process has connected: nobody's events reach it before it has said that nothing is held.
    package func attach(_ link: consuming SeqPacketSocket) {
        self.link = consume link
        hold.handleConnected(now: .now())
        settle()
    }

    /// The desk process is gone.
    package func detach() {
        link = nil
        hold.handleDisconnected()
        settle()
    }

    /// What the desk has answered.
    package func handle(_ report: DeskReport) {
        switch report {
        case .reached(let mark):
            hold.handleReached(mark, now: .now())
            settle()
        case .typed(let receipt):
            guard let holder = lease.holder, lease.lease == receipt.lease else { return }
            texts.pass(receipt, to: holder)
        case .cursor, .statistics, .status: break
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

    // MARK: The lease

    package func request(
        by participant: ParticipantID,
        policy: ControlLease.Policy = .ifFree
    ) -> ControlLease.Answer {
        let answer = lease.request(by: participant, policy: policy)
        settle()
        // A desk that holds nothing has let go at once.
        guard answer == .pending, lease.holder == participant, let id = lease.lease else { return answer }
        return .granted(id)
    }

    /// Asks whoever is in control for it, and waits; or takes it from somebody whose page is lost.
    ///
    /// - Parameter absent: Who cannot give it back; of no effect if it is somebody else's by now.
    package func ask(
        by participant: ParticipantID,
        insteadOf absent: ParticipantID? = nil
    ) -> ControlLease.Answer {
        if let absent, absent == lease.holder { return request(by: participant, policy: .takeOver) }
        let answer = lease.ask(by: participant, now: .now())
        settle()
        guard answer == .pending, lease.holder == participant, let id = lease.lease else { return answer }
        return .granted(id)
    }

    /// Gives control back, or waits for it no longer.
    package func release(by participant: ParticipantID) {
        lease.withdraw(by: participant)
        lease.release(by: participant)
        settle()
    }

    /// Whether the holder has given control to somebody who waited for it.
    package func grant(to participant: ParticipantID, by holder: ParticipantID) -> Bool {
        defer { settle() }
        return lease.grant(to: participant, by: holder, now: .now())
    }

    /// Whether the holder has kept control from somebody who waited for it.
    package func decline(_ participant: ParticipantID, by holder: ParticipantID) -> Bool {
        defer { settle() }
        return lease.decline(participant, by: holder, now: .now())
    }

    /// The participant's page has come out of sight, or back.
    package func handleVisibility(of participant: ParticipantID, isHidden: Bool) {
        lease.handleVisibility(of: participant, isHidden: isHidden, now: .now())
        settle()
    }

    /// Something about a person in the room that matters for control.
    package enum Change: Hashable, Sendable {
        /// They have left for good.
        case departed(ParticipantID)
        /// Their page may be gone: what they hold is released; the lease stays.
        case pageLost(ParticipantID)
        case rights(ControlRights, of: ParticipantID)
    }

    /// Takes changes in the order in which they happened.
    package func handle(_ changes: [Change]) {
        for change in changes {
            switch change {
            case .departed(let participant): lease.handleDeparture(of: participant)
            case .pageLost(let participant): if lease.holder == participant { hold.release(now: .now()) }
            case .rights(let rights, let participant): lease.setRights(rights, of: participant)
            }
        }
        settle()
    }

    /// The participant's connection is lost: what they hold is released at once, and the lease a while later.
    package func handleDisconnect(of participant: ParticipantID) {
        lease.handleDisconnect(of: participant, now: .now())
        settle()
    }

    package func handleReconnect(of participant: ParticipantID) {
        lease.handleReconnect(of: participant)
        settle()
    }

    /// Carries out what the lease and the state of the desk ask for, until neither has more to say.
    private func settle() {
        let now = Instant.now()
        var isSettled = false
        while !isSettled {
            isSettled = true
            if hold.isEmpty { lease.handleReleased() }
            lease.handleVacancy(now: now)
            while let event = lease.pollEvent() {
                isSettled = false
                if case .releaseAll = event { hold.release(now: now) } else { emit.yield(event) }
            }
            while let action = hold.pollAction() {
                isSettled = false
                carryOut(action, now: now)
            }
        }
        armTimer()
    }

    private func carryOut(_ action: DeskHold.Action, now: Instant) {
        switch action {
        case .send(let command): if !send(command) { hold.handleUnsent(now: now) }
        case .cutOff:
            link = nil
            cutOff()
        }
    }

    // MARK: Time

    private func armTimer() {
        timer.arm([lease.pollTimeout(), hold.pollTimeout()].lazy.compactMap(\.self).min())
    }

    private func handleTimeout(now: Instant) {
        lease.handleTimeout(now: now)
        hold.handleTimeout(now: now)
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
        let verdict = unsafe lease.accept(message.bytes.span.bytes, from: participant, now: now)
        switch verdict {
        case .forward(let event):
            guard hold.canForward, send(.input(event)) else {
                undelivered += 1
                texts.refuse(event, .deskAway, of: participant)
                hold.handleUndelivered(event.action, now: now)
                return settle()
            }
            if hold.handleForwarded(now: now) { armTimer() }
            delays.count(now - message.received)
        case .refused(.notAllowed): texts.refuse(message, .notAllowed, of: participant)
        case .refused(.tooFast): texts.refuse(message, .tooFast, of: participant)
        case .refused:
            // An event that came too late may have ended the lease.
            if lease.holder == nil, timer.deadline != nil { settle() }
        }
    }

    /// What went through, what did not, and how long it took from the data channel to the desk's socket.
    package var statistics: ControlStatistics {
        ControlStatistics(
            forwarded: lease.forwarded,
            refused: lease.refusals,
            undelivered: undelivered,
            delay: delays
        )
    }

    package func stop() {
        isStopped = true
        timer.arm(nil)
        // The desk lets go of everything when the link closes.
        link = nil
        emit.finish()
        texts.finish()
    }
}
