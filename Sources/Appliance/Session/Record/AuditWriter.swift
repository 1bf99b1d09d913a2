package import Audit
package import IO
package import Logging
internal import Synchronization
package import Wire

/// Brings entries to the audit's file, one after the other, on a thread of its own: each waits for the disk.
///
/// What cannot be written waits and is tried again, so that the file has no gap when the disk has room once more.
package actor AuditWriter: EventLoopActor {
    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Whether entries reach the disk, whenever that changes; for one reader.
    package nonisolated let changes: AsyncStream<Bool>
    private nonisolated let emit: AsyncStream<Bool>.Continuation
    private nonisolated let waiting = Mutex(Waiting())
    /// Something waits to be written.
    private nonisolated let wakes: AsyncStream<Void>
    private nonisolated let wake: AsyncStream<Void>.Continuation
    private let file: AuditFile
    private let log: Logger
    private let period: Duration

    private struct Waiting {
        var entries: [(entry: AuditEntry, time: AuditTime)] = []
        var isFailing = false
        var counts = AuditCounts()
    }

    /// - Parameter period: After which what could not be written is tried again.
    package init(_ file: sending AuditFile, log: Logger, period: Duration = .seconds(1)) throws(SystemError) {
        executor = try EventLoop()
        self.file = file
        self.log = log
        self.period = period
        (changes, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package nonisolated func start() { executor.start(self, named: "audit") }

    /// Writes what waits, as far as the disk takes it, and ends; to be called after the last ``append(_:at:)``.
    package func stop() {
        wake.finish()
        emit.finish()
        while write() {}
        executor.stop()
    }

    /// Whether everything has been written, but for what is on its way.
    package nonisolated var isKeepingUp: Bool {
        waiting.withLock { !$0.isFailing && $0.entries.count < Self.most / 2 }
    }

    package nonisolated var counts: AuditCounts {
        var counts = waiting.withLock { waiting in
            var counts = waiting.counts
            counts.waiting = waiting.entries.count
            return counts
        }
        counts.isKeepingUp = isKeepingUp
        return counts
    }

    /// Takes an entry from whoever has no time to wait; they stay in the order of these calls.
    package nonisolated func append(_ entry: AuditEntry, at time: AuditTime) {
        let isTaken = waiting.withLock { waiting in
            guard waiting.entries.count < Self.most else {
                waiting.counts.lost += 1
                return false
            }
            waiting.entries.append((entry, time))
            return true
        }
        // Nobody comes in any more then (``isKeepingUp``), and those who are in do not do so much.
        if !isTaken { log.error("An entry of the audit is lost: too many wait for the disk") }
        wake.yield()
    }

    /// Writes for as long as the room runs.
    package func run() async {
        for await _ in wakes {
            while isAnythingLeft, !Task.isCancelled {
                if !write() { try? await Task.sleep(for: period) }
            }
        }
    }

    private var isAnythingLeft: Bool { waiting.withLock { !$0.entries.isEmpty || $0.isFailing } }

    /// Writes the oldest entry, or the head once more; `false` if there is nothing, or it has to wait.
    private func write() -> Bool {
        let next = waiting.withLock { $0.entries.first }
        guard next != nil || isAnythingLeft else { return false }
        var isKept = next != nil
        var problem: String?
        do throws(AuditError) {
            if let next { try file.append(next.entry, at: next.time) } else { try file.writeHead() }
        } catch {
            problem = error.description
            if case .headNotWritten = error {} else { isKept = false }
        }
        let hasChanged = waiting.withLock { waiting in
            if isKept {
                waiting.entries.removeFirst()
                waiting.counts.written += 1
            }
            if problem != nil { waiting.counts.failed += 1 }
            defer { waiting.isFailing = problem != nil }
            return waiting.isFailing != (problem != nil)
        }
        if hasChanged {
            if let problem {
                log.error("The audit cannot be kept", metadata: ["reason": "\(problem)"])
            } else {
                log.notice("The audit is kept again")
            }
            emit.yield(problem == nil)
        }
        return problem == nil
    }

    // MARK: EventLoopActor

    package func handleReadable(_ descriptor: CInt, now: Instant) {}
    package func handleTimeout(now: Instant) {}
    package func pollTimeout() -> Instant? { nil }

    /// Entries that wait.
    private static let most = 8_192
}
