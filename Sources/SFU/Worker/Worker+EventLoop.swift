internal import IO
public import Wire

extension Worker {
    // MARK: Wake-ups

    public func handleReadable(_ descriptor: CInt, now: Instant) {
        if descriptor == port.descriptor {
            receive(now: now)
        } else if let socket = plainSockets.first(where: { $0.descriptor == descriptor }) {
            socket.receive(into: core, now: now)
        }
    }

    public func handleTimeout(now: Instant) {
        wakeUps += 1
        // Being awake, it costs next to nothing.
        if core.patience.until != nil, !isPortRead { receive(now: now) }
        isPortRead = false
        core.handleTimeout(now: now, into: &queue)
        finishWakeUp(now: now)
    }

    public func pollTimeout() -> Instant? {
        guard let gathering else { return core.pollTimeout() }
        return min(gathering, core.pollTimeout() ?? gathering)
    }

    public func pollPatience() -> Instant? { core.patience.until }

    /// Takes what is at the port, a batch at a time; a flood gets a bounded share of the thread.
    private func receive(now: Instant) {
        isPortRead = true
        for _ in 0..<Self.batchesPerWakeUp {
            let count = port.receive()
            for index in 0..<count {
                port.withDatagram(at: index) { datagram, source in
                    core.handle(&datagram, from: source, now: now, into: &queue)
                }
                if queue.isNearlyFull { port.flush(&queue) }
            }
            guard count == UDPSocket.batchSize else { break }
            forward(now: now)
        }
        core.endReceiving(now: now)
    }

    /// Sends what has come up: media, answers, feedback, events.
    func finishWakeUp(now: Instant) {
        forward(now: now)
        if !queue.isEmpty { port.flush(&queue) }
        for socket in plainSockets { socket.sendFeedback(now: now) }
        guard !core.events.isEmpty else { return }
        for event in core.events { deliver(event) }
        core.events.removeAll(keepingCapacity: true)
    }

    private func forward(now: Instant) {
        gathering = core.gathering(now: now)
        guard gathering == nil else { return }
        while core.forward(now: now, into: &queue) { port.flush(&queue) }
    }

    private func deliver(_ event: WorkerEvent) {
        switch event {
        case .dataMessage(_, let id, let message):
            if let subscription = subscriptions[id] {
                subscription.yield(message)
                return
            }
        case .dataProducerClosed(_, let id):
            subscriptions.removeValue(forKey: id)?.finish()
        default: break
        }
        emit.yield(event)
    }

    /// 1 024 datagrams: then timers and calls have their turn.
    private static let batchesPerWakeUp = 16
}
