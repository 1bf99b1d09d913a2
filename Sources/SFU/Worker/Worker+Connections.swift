internal import IO
internal import WebRTC
public import Wire

/// Media over TCP (RFC 6544 with the frames of RFC 4571): the room listens, browsers connect.
///
/// A connection's far end is an address like any other (``SocketAddress/connection``): what comes is handled as if the port
/// had received it, and what is sent there is taken out of the queue before the port sees it. Where there are no connections,
/// none of this costs anything.
extension Worker {
    // MARK: Where

    /// Where else this room's connections for media may arrive, because somebody hands them over
    /// (``takeConnection(_:received:isShared:)``): told to peers from now on, after the port's own.
    ///
    /// - Parameter addresses: Given where the port itself can be reached, which may change.
    public func announceConnections(at addresses: @escaping @Sendable ([ICECandidate]) -> [SocketAddress]) {
        handedOver = addresses
    }

    /// What was counted of TCP connections.
    public func connectionStatistics() -> ConnectionStatistics {
        var statistics = connections.statistics
        statistics.refused = connections.places.refused
        statistics.evicted = connections.places.evicted
        statistics.strangers = connections.places.strangers
        return statistics
    }

    // MARK: Coming and going

    /// Takes over a connection that somebody else has accepted and begun to read.
    ///
    /// - Parameters:
    ///   - descriptor: Connected; it is the Worker's from now on.
    ///   - received: What was read from it.
    ///   - isShared: Whether its address says nothing of who it is, because a proxy stands between.
    public func takeConnection(_ descriptor: CInt, received: [UInt8], isShared: Bool) {
        let now = Instant.now()
        guard !isOver, let socket = try? FramedSocket(adopting: descriptor),
            let number = admit(socket, isShared: isShared, now: now)
        else { return }
        let memory = connections.memory
        let peer = socket.peer
        unsafe received.withUnsafeBytes { bytes in
            unsafe socket.take(bytes, with: memory) { handle(&$0, from: peer, number, now: now) }
        }
        connections.note(socket, number, now: now)
        finishCall()
    }

    /// Takes connections from the listener, as many as a wake-up has time for.
    func acceptConnections(now: Instant) {
        for _ in 0..<Self.acceptsPerWakeUp {
            guard let outcome = listener?.accept() else { return }
            switch outcome {
            case .nobody: return
            case .accepted(let socket): _ = admit(socket, isShared: false, now: now)
            case .exhausted:
                // Whoever waits is reported for as long as they do.
                if let descriptor = listener?.descriptor { executor.unwatch(descriptor) }
                listeningAgain = now + Self.pause
                return
            }
        }
    }

    private func admit(_ socket: FramedSocket, isShared: Bool, now: Instant) -> UInt16? {
        guard let (number, evicted) = connections.admit(socket, isShared: isShared, now: now) else {
            return nil
        }
        if let evicted { end(evicted, now: now) }
        do throws(SystemError) {
            try executor.watch(socket.descriptor, canWait: true)
        } catch {
            end(number, now: now)
            return nil
        }
        return number
    }

    /// Lets go of a connection, and has its transport use another path at once.
    private func end(_ number: UInt16, now: Instant) {
        guard let socket = connections.remove(number) else { return }
        executor.unwatch(socket.descriptor)
        core.handleClosed(socket.peer, now: now, into: &queue)
    }

    func closeConnections() {
        if let descriptor = listener?.descriptor { executor.unwatch(descriptor) }
        for descriptor in connections.descriptors {
            executor.unwatch(descriptor)
            if let number = connections.number(of: descriptor) { _ = connections.remove(number) }
        }
    }

    // MARK: Receiving

    /// Takes what a connection brings.
    func receiveConnection(_ descriptor: CInt, now: Instant) {
        guard let number = connections.number(of: descriptor), let socket = connections[number] else {
            return
        }
        let memory = connections.memory
        let peer = socket.peer
        socket.receive(with: memory) { handle(&$0, from: peer, number, now: now) }
        connections.note(socket, number, now: now)
        deliverMessages()
    }

    /// Takes one frame; returns whether the connection may stay.
    private func handle(
        _ frame: inout MutableRawSpan,
        from peer: SocketAddress,
        _ number: UInt16,
        now: Instant
    ) -> Bool {
        let isProven = core.accepts(peer)
        // Who is not known begins with a check that one of the transports was meant to get.
        guard isProven || core.isCheck(frame.bytes) else {
            return connections.handleReceived(number, isProven: false, now: now) && !isFirst(number)
        }
        core.handle(&frame, from: peer, now: now, into: &queue)
        if queue.isNearlyFull { flush(now: now) }
        return connections.handleReceived(number, isProven: isProven || core.accepts(peer), now: now)
    }

    private func isFirst(_ number: UInt16) -> Bool { connections[number]?.counters.received == 1 }

    // MARK: Sending

    /// Sends everything that waits for the port or a connection.
    func flush(now: Instant) {
        if !connections.isEmpty {
            connections.send(queue, now: now)
            settleConnections(now: now)
        }
        port.flush(&queue)
    }

    func handleWritableConnection(_ descriptor: CInt, now: Instant) {
        guard let number = connections.number(of: descriptor) else { return }
        connections.handleWritable(number, now: now)
        settleConnections(now: now)
    }

    /// Tells transports whose path has become full, or free again.
    private func settleConnections(now: Instant) {
        guard !connections.changed.isEmpty else { return }
        for number in connections.takeChanged() {
            guard let socket = connections[number] else { continue }
            executor.watchWritable(socket.descriptor, socket.isBlocked)
            core.setBlocked(socket.peer, socket.isBlocked, now: now)
        }
    }

    // MARK: Time

    /// Lets go of connections that are over, or have had their time.
    func handleConnectionTimeout(now: Instant) {
        if let due = listeningAgain, due <= now {
            listeningAgain = nil
            if let descriptor = listener?.descriptor { try? executor.watch(descriptor, canWait: true) }
        }
        while let number = connections.pollExpired(now: now) { end(number, now: now) }
        reapConnections(now: now)
    }

    func reapConnections(now: Instant) {
        guard !connections.broken.isEmpty else { return }
        for number in connections.takeBroken() { end(number, now: now) }
    }

    func pollConnectionTimeout() -> Instant? {
        guard let first = connections.places.pollTimeout() else { return listeningAgain }
        return min(first, listeningAgain ?? first)
    }

    private static let acceptsPerWakeUp = 64
    private static let pause = Interval.seconds(1)
}
