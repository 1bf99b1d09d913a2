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

    /// What happened to the lease, for the session to tell people.
    package nonisolated let events: AsyncStream<ControlLease.Event>

    private var lease: ControlLease
    private var link: SeqPacketSocket?
    private var readers: [DataProducerID: Task<Void, Never>] = [:]
    private var expiry: Task<Void, Never>?
    private var delays = DelayHistogram()
    private var undelivered: UInt64 = 0
    private var message = [UInt8](repeating: 0, count: DeskCommand.maximumLength)
    private let emit: AsyncStream<ControlLease.Event>.Continuation

    /// - Parameter executor: The media thread's.
    package init(on executor: EventLoop, lease: ControlLease = ControlLease()) {
        self.executor = executor
        self.lease = lease
        (events, emit) = AsyncStream.makeStream()
    }

    // MARK: The desk

    /// The desk process has connected; what was held before is not held in the new one.
    package func attach(_ link: consuming SeqPacketSocket) {
        self.link = consume link
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
        defer { handleLeaseEvents() }
        return lease.request(by: participant, policy: policy)
    }

    package func release(by participant: ParticipantID) {
        lease.release(by: participant)
        handleLeaseEvents()
    }

    package func handleDeparture(of participant: ParticipantID) {
        lease.handleDeparture(of: participant)
        handleLeaseEvents()
    }

    /// The participant's connection is lost: what they hold is released at once, and the lease a while later.
    package func handleDisconnect(of participant: ParticipantID) {
        lease.handleDisconnect(of: participant, now: .now())
        handleLeaseEvents()
    }

    /// The participant's page may be gone: what they hold is released; the lease stays.
    package func releaseHeld(by participant: ParticipantID) {
        if lease.holder == participant { send(.releaseAll) }
    }

    package func handleReconnect(of participant: ParticipantID) {
        lease.handleReconnect(of: participant)
        handleLeaseEvents()
    }

    private func handleLeaseEvents() {
        while let event = lease.pollEvent() {
            if case .releaseAll = event {
                send(.releaseAll)
            } else {
                emit.yield(event)
            }
        }
        expiry?.cancel()
        expiry = nil
        guard let due = lease.pollTimeout() else { return }
        expiry = Task { [weak self] in
            let left = max(0, (due - .now()).nanoseconds)
            do { try await Task.sleep(for: .nanoseconds(left + 1_000_000)) } catch { return }
            await self?.handleExpiry()
        }
    }

    private func handleExpiry() {
        lease.handleTimeout(now: .now())
        handleLeaseEvents()
    }

    // MARK: Control events

    /// Reads a participant's control channel for as long as it is open.
    package func read(
        _ messages: AsyncStream<DataMessage>,
        of channel: DataProducerID,
        from participant: ParticipantID
    ) {
        readers[channel]?.cancel()
        readers[channel] = Task {
            for await message in messages { self.handle(message, from: participant) }
            self.readers[channel] = nil
        }
    }

    /// Judges one message of a control channel.
    package func handle(_ message: DataMessage, from participant: ParticipantID) {
        let now = Instant.now()
        let verdict = unsafe lease.accept(message.bytes.span.bytes, from: participant, now: now)
        handleLeaseEventsIfAny()
        guard case .forward(let event) = verdict else { return }
        guard send(.input(event)) else {
            undelivered += 1
            return
        }
        delays.count(now - message.received)
    }

    /// An event that came too late may have ended the lease.
    private func handleLeaseEventsIfAny() {
        guard lease.holder == nil, expiry != nil else { return }
        handleLeaseEvents()
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
        for reader in readers.values { reader.cancel() }
        readers.removeAll()
        expiry?.cancel()
        send(.releaseAll)
        link = nil
        emit.finish()
    }
}
