package import IO
package import Wire

/// The keeper's end of its link with the room: makes one for each room that is started, hands the room its end of each link with
/// a desk process, and reads what the room says.
///
/// A desk process that is started while there is no room has its link all the same: the next room gets the other end.
package actor RoomLink: EventLoopActor {
    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// What rooms say, in order, and what is said in the place of one that is gone; for one reader.
    package nonisolated let words: AsyncStream<RoomWord>

    private var link: SeqPacketSocket?
    private var isReady = false
    /// The room's end of the link with the desk process that runs, as long as no room has it.
    private var desk: SeqPacketSocket?
    /// By when the desk process that was linked with a room which is gone has to have ended.
    private var deadline: Instant?
    /// What the next room is told at once: what runs of the shelf, and that the desk is being reset.
    private var activities: [UInt8: ActivityState] = [:]
    private var resetting: UInt8?
    /// That it was, and no room has heard of it.
    private var untoldReset: KeeperWord?
    /// Messages that are none.
    package private(set) var malformed: UInt64 = 0
    private let emit: AsyncStream<RoomWord>.Continuation

    package init() throws(SystemError) {
        executor = try EventLoop()
        (words, emit) = AsyncStream.makeStream()
    }

    package nonisolated func start() {
        executor.start(self, named: "room-link")
    }

    package func stop() {
        _ = close()
        emit.finish()
        executor.stop()
    }

    /// Makes the link for a room that is about to be started; returns the end that it inherits.
    ///
    /// The caller closes it as soon as the room has it, so that its end is seen.
    package func open() throws(SystemError) -> SeqPacketSocket {
        var peer: SeqPacketSocket?
        let end = try SeqPacketSocket(pairedWith: &peer)
        try executor.watch(end.descriptor)
        link = consume end
        isReady = false
        if let end = desk.take() { hand(end) }
        for (number, state) in activities.sorted(by: { $0.key < $1.key }) { send(.activity(number, state)) }
        if let resetting { send(.resetting(resetting)) }
        if let word = untoldReset, send(word) { untoldReset = nil }
        // The pair has been made.
        guard let peer = peer.take() else { throw SystemError(number: 0) }
        return peer
    }

    /// The room has ended; returns whether it had been ready.
    package func close() -> Bool {
        receive()
        if let descriptor = link?.descriptor { executor.unwatch(descriptor) }
        link = nil
        // A desk process ends by itself when its link closes, unless it is stuck.
        if desk == nil { deadline = .now() + Self.farewell }
        return isReady
    }

    /// Makes the link for a desk process that is about to be started; returns the end that it inherits.
    package func openDesk() throws(SystemError) -> SeqPacketSocket {
        var peer: SeqPacketSocket?
        let end = try SeqPacketSocket(pairedWith: &peer)
        deadline = nil
        hand(end)
        guard let peer = peer.take() else { throw SystemError(number: 0) }
        return peer
    }

    package func tell(_ word: KeeperWord) {
        let isTold = send(word)
        switch word {
        case .activity(let number, let state): activities[number] = state == .stopped ? nil : state
        case .resetting(let number): resetting = number
        case .reset:
            resetting = nil
            untoldReset = isTold ? nil : word
        case .desk, .restarted: break
        }
    }

    @discardableResult
    private func send(_ word: KeeperWord) -> Bool {
        let bytes = word.bytes
        return unsafe link?.send(bytes.span.bytes) ?? false
    }

    private func hand(_ end: consuming SeqPacketSocket) {
        let bytes = KeeperWord.desk.bytes
        let isSent = unsafe link?.send(bytes.span.bytes, with: end) ?? false
        if !isSent { desk = consume end }
    }

    // MARK: EventLoopActor

    package func handleReadable(_ descriptor: CInt, now: Instant) {
        if descriptor == link?.descriptor { receive() }
    }

    package func handleTimeout(now: Instant) {
        guard let deadline, now >= deadline else { return }
        self.deadline = nil
        emit.yield(.cutOff)
    }

    package func pollTimeout() -> Instant? { deadline }

    private func receive() {
        // Longer than any word.
        var buffer = [UInt8](repeating: 0, count: 16)
        while true {
            var span = buffer.mutableSpan
            var memory = unsafe span.mutableBytes
            switch link?.receive(into: &memory) {
            case .message(let length):
                guard let word = RoomWord(Array(buffer[..<length])) else {
                    malformed += 1
                    continue
                }
                if word == .ready { isReady = true }
                emit.yield(word)
            case .wouldBlock, nil: return
            case .closed:
                // That it has ended is told by its process.
                if let descriptor = link?.descriptor { executor.unwatch(descriptor) }
                return
            }
        }
    }

    private static let farewell = Interval.seconds(2)
}
