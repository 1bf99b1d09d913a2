internal import IO
internal import SFU
internal import Wire

/// Both ends of a link to a desk, as the room has one: on the media thread, which writes what people do and looks how
/// long that took, and in a thread of its own, which reads it.
///
/// It stands for the room's relay, which looks at the lease besides: some hundred nanoseconds.
actor DeskEnd {
    nonisolated let executor: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// In nanoseconds, of messages that are read at once, and of those that are read in a turn of their own.
    private var delays: (direct: [Int64], inTurn: [Int64]) = ([], [])
    private let link: SeqPacketSocket
    private let desk: DeskProcess

    init(on executor: EventLoop) throws {
        self.executor = executor
        var other: SeqPacketSocket?
        link = try SeqPacketSocket(pairedWith: &other)
        desk = try DeskProcess(other.take())
    }

    /// Reads a channel in the way that its label names.
    func read(_ channel: DataProducerID, _ label: String, of worker: Worker) async throws {
        guard label == "in-turn" else {
            try await worker.subscribeDirect(channel, by: self) { desk, message in
                if let delay = desk.write(message) { desk.delays.direct.append(delay) }
            }
            return
        }
        let messages = try await worker.subscribe(channel)
        Task {
            for await message in messages {
                if let delay = self.write(message) { self.delays.inTurn.append(delay) }
            }
        }
    }

    /// Of both kinds how many there were since the last time, and the delays that half, 99 % and 99.9 % of them and all
    /// stayed within, in nanoseconds.
    func report() -> [Int64] {
        defer { delays = ([], []) }
        return Self.summary(delays.direct) + Self.summary(delays.inTurn)
    }

    private static func summary(_ delays: [Int64]) -> [Int64] {
        let sorted = delays.sorted()
        var summary = [Int64(sorted.count)]
        for share in [0.5, 0.99, 0.999, 1] {
            let rank = Int((Double(sorted.count) * share).rounded(.up))
            summary.append(sorted.isEmpty ? 0 : sorted[max(rank, 1) - 1])
        }
        return summary
    }

    /// A message begins with the time at which it was sent.
    private func write(_ message: DataMessage) -> Int64? {
        guard let sent = message.bytes.span.bytes.bigEndian(UInt64.self, at: 0) else { return nil }
        guard link.send(message.bytes.span.bytes) else { return nil }
        return Instant.now().nanoseconds - Int64(sent)
    }
}

/// The other end: it is woken up for each message, and reads it.
private actor DeskProcess: EventLoopActor {
    nonisolated let executor: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let link: SeqPacketSocket?
    private var buffer = [UInt8](repeating: 0, count: 256)

    init(_ link: consuming SeqPacketSocket?) throws {
        executor = try EventLoop()
        let descriptor = link?.descriptor ?? -1
        self.link = link
        try executor.watch(descriptor)
        executor.start(self, named: "desk")
    }

    func handleReadable(_ descriptor: CInt, now: Instant) {
        var isEmpty = false
        while !isEmpty {
            var span = buffer.mutableSpan
            var bytes = span.mutableBytes
            if case .message? = link?.receive(into: &bytes) { continue }
            isEmpty = true
        }
    }

    func handleTimeout(now: Instant) {}
    func pollTimeout() -> Instant? { nil }
}
