internal import IO
public import Wire

extension Worker {
    // MARK: Wake-ups

    public func handleReadable(_ descriptor: CInt, now: Instant) {
        if descriptor == port.descriptor {
            receive(now: now)
        } else if let socket = plainSockets.first(where: { $0.descriptor == descriptor }) {
            // Its turn is after the port's: what people do goes before what they see.
            socket.isReadable = true
        } else if descriptor == listener?.descriptor {
            acceptConnections(now: now)
        } else {
            receiveConnection(descriptor, now: now)
        }
    }

    public func handleWritable(_ descriptor: CInt, now: Instant) {
        handleWritableConnection(descriptor, now: now)
    }

    public func handleTimeout(now: Instant) {
        wakeUps += 1
        // Being awake, it costs next to nothing.
        if !isPortRead, core.coalescing.until != nil || !deferred.isEmpty { receive(now: now) }
        isPortRead = false
        for socket in plainSockets where socket.isReadable { socket.receive(into: core, now: now) }
        core.handleTimeout(now: now, into: &queue)
        handleConnectionTimeout(now: now)
        finishWakeUp(now: now)
    }

    public func pollTimeout() -> Instant? {
        guard deferred.isEmpty else { return .past }
        var due = core.pollTimeout()
        if let first = pollConnectionTimeout() { due = min(first, due ?? first) }
        guard let burstEnd else { return due }
        return min(burstEnd, due ?? burstEnd)
    }

    public func pollCoalescing() -> Instant? { core.coalescing.until }

    /// Takes what is at the port, a batch at a time; a flood gets a bounded share of the thread.
    private func receive(now: Instant) {
        isPortRead = true
        if !deferred.isEmpty {
            deferred.takeAll { datagram, source in
                core.handle(&datagram, from: source, now: now, into: &queue)
                if queue.isNearlyFull { flush(now: now) }
            }
        }
        for _ in 0..<Self.batchesPerWakeUp {
            let count = port.receive()
            for index in 0..<count {
                port.withDatagram(at: index) { datagram, source in
                    core.handle(&datagram, from: source, now: now, into: &queue)
                }
                if queue.isNearlyFull { flush(now: now) }
            }
            deliverMessages()
            guard count == UDPSocket.batchSize else { break }
            forward(now: now)
        }
        core.endReceiving(now: now)
    }

    /// Sends what a call has brought up.
    func finishCall() { finishWakeUp(now: .now()) }

    /// Sends what has come up: media, answers, feedback, events.
    private func finishWakeUp(now: Instant) {
        forward(now: now)
        if !queue.isEmpty { flush(now: now) }
        reapConnections(now: now)
        for socket in plainSockets { socket.sendFeedback(now: now) }
        guard !core.events.isEmpty else { return }
        for event in core.events { deliver(event) }
        core.events.removeAll(keepingCapacity: true)
    }

    private func forward(now: Instant) {
        burstEnd = core.burstEnd(now: now)
        guard burstEnd == nil else { return }
        while core.forward(now: now, into: &queue) {
            flush(now: now)
            for socket in plainSockets { socket.flush() }
            receiveMessages(now: now)
        }
    }

    // MARK: Messages

    /// Takes what people say in the middle of a fan-out that is too long to wait for, such as that of a key frame to many
    /// viewers; what else is at the port waits until it is done.
    ///
    /// One system call for each time that the queue was full, and none where everything fits into it.
    private func receiveMessages(now: Instant) {
        guard deferred.hasRoom else { return }
        let count = port.receive()
        guard count > 0 else { return }
        for index in 0..<count {
            port.withDatagram(at: index) { datagram, source in
                if core.carriesMessages(datagram.bytes) {
                    core.handle(&datagram, from: source, now: now, into: &queue)
                } else {
                    deferred.append(datagram.bytes, from: source)
                }
            }
        }
        deliverMessages()
        core.endReceiving(now: now)
    }

    /// Hands messages to those who read them at once (``subscribeDirect(_:by:_:)``).
    func deliverMessages() {
        guard core.hasMessages else { return }
        for (id, message) in core.takeMessages(where: { subscriptions.hasHandler($0) }) {
            _ = subscriptions.deliver(message, of: id)
        }
    }

    private func deliver(_ event: WorkerEvent) {
        switch event {
        case .dataMessage(_, let id, let message):
            if subscriptions.deliver(message, of: id) { return }
        case .dataProducerOpened(let transport, let id, _):
            if !pipedDataWaiters.isEmpty { resumePipedData(transport, id) }
        case .dataProducerClosed(_, let id):
            subscriptions.finish(id)
        default: break
        }
        emit.yield(event)
    }

    /// 1 024 datagrams: then timers and calls have their turn.
    private static let batchesPerWakeUp = 16
}
