internal import CLinux
internal import Glibc
public import Wire

/// The processes that this one starts: started and watched on a thread of their own, and ended with everything that they
/// have started in turn.
///
/// What they leave behind becomes this process's own child (`PR_SET_CHILD_SUBREAPER`), so that nothing gets away. A process
/// is started on the thread of this actor because the kernel ends what a thread has started when the *thread* ends.
public actor ChildProcesses: EventLoopActor {
    /// A process that was started.
    public struct Child: Sendable {
        public let id: Int32
        /// Its ending, once; for one reader.
        public let ending: AsyncStream<ProcessEnding>
        fileprivate let mark: String
    }

    public nonisolated let executor: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The variable by which what a process has left behind is known.
    public static let mark = "DESK_PROGRAM"

    private struct Running {
        var finish: AsyncStream<ProcessEnding>.Continuation
        /// The end of the pipe that is its standard error.
        var errors: CInt?
        var lastWords = LastWords()
        /// Kept instead of these, where it is not `nil`.
        var lastLines: LastLines?
        /// Whether it goes on when all others are ended.
        var isKeptApart: Bool
    }

    private let ended: CInt
    private let niceness = ThreadPriority.ofProcess
    private let killPreference = KillPreference.ofProcess
    private let limit: DescriptorLimit
    private let adoptsOrphans: Bool
    private var running: [pid_t: Running] = [:]
    /// Of processes that have ended, as long as what they have started may write to them: who writes where nobody reads is killed.
    private var lingering: Set<CInt> = []
    private var starts = 0

    /// Creates the actor; there can be one in a process.
    ///
    /// - Parameters:
    ///   - limit: What this process was started with, which its children get.
    ///   - adoptsOrphans: Whether every child of this process is this actor's, and what its children leave behind becomes one.
    public init(limit: DescriptorLimit, adoptsOrphans: Bool = true) throws(SystemError) {
        self.limit = limit
        self.adoptsOrphans = adoptsOrphans
        executor = try EventLoop()
        ended = try SystemError.check(eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK)))
        try executor.watch(ended)
        try SystemError.check(CLinux_watch_children(ended))
        if adoptsOrphans { try SystemError.check(ProcessPrivacy.adoptOrphans()) }
    }

    /// Starts the thread; call once.
    public nonisolated func start() {
        // Whatever this process was given before, as the first one of a container, has perhaps ended already.
        eventfd_write(ended, 1)
        executor.start(self, named: "processes")
    }

    /// Ends whatever still descends from this process, then the thread: the last call.
    public func stop() async {
        await Task {
            if adoptsOrphans { await self.sweep { $0.family(of: $0.children(of: getpid())) } }
        }.value
        executor.stop()
    }

    /// Starts a process in a session of its own.
    ///
    /// - Throws: What the system says, in particular that this process is out of descriptors.
    public func start(_ launch: ProcessLaunch) throws(SystemError) -> Child {
        var launch = launch
        starts += 1
        let mark = "\(getpid())-\(starts)"
        launch.environment[Self.mark] = mark
        var ends: (reading: CInt, writing: CInt)?
        if launch.keepsLastWords || launch.keepsLastLines { ends = try Self.pipe() }
        defer { if let ends { close(ends.writing) } }
        do throws(SystemError) {
            if let ends { try executor.watch(ends.reading) }
            let id = try launch.spawn(errors: ends?.writing, niceness: niceness, limit: limit.original)
            // Only now: as long as it is not yet the program, its files in /proc are root's.
            KillPreference.set(launch.killPreference, of: id, base: killPreference)
            let (ending, finish) = AsyncStream.makeStream(of: ProcessEnding.self)
            running[id] = Running(
                finish: finish,
                errors: ends?.reading,
                lastLines: launch.keepsLastLines ? LastLines() : nil,
                isKeptApart: launch.isKeptApart
            )
            return Child(id: id, ending: ending, mark: mark)
        } catch {
            if let ends { forget(ends.reading) }
            throw error
        }
    }

    /// Ends a process that was started, if it still runs, and everything that it has left behind: asked first, then made to.
    ///
    /// Also where the calling task is cancelled.
    ///
    /// - Parameter timeout: How long it may take once it was asked.
    public func end(_ child: Child, within timeout: Duration = terminationTimeout) async {
        await Task { await self.sweep(within: timeout) { self.remains(of: child, in: $0) } }.value
    }

    /// Whether a process that was started still runs, or something that it has left behind does.
    public func isLeft(_ child: Child) -> Bool { !remains(of: child, in: .now()).isEmpty }

    /// What descends from this process, but for those that are kept apart (``ProcessLaunch/isKeptApart``).
    private func others(in table: ProcessTable) -> Set<pid_t> {
        table.family(of: table.children(of: getpid()).filter { running[$0]?.isKeptApart != true })
    }

    /// How many processes descend from this one, but for those that are kept apart.
    public var otherCount: Int { others(in: .now()).count }

    /// Ends what descends from this process, but for those that are kept apart, however it has been started; returns how many are
    /// left that could not be ended.
    public func endOthers() async -> Int {
        await Task { await self.sweep { self.others(in: $0) } }.value
        return otherCount
    }

    /// The members of a process's session, what bears its mark and has lost its parent, and what descends from them.
    private func remains(of child: Child, in table: ProcessTable) -> Set<pid_t> {
        let orphans = table.children(of: getpid()).filter { orphan in
            running[orphan] == nil && ProcessTable.variable(Self.mark, of: orphan) == child.mark
        }
        return table.family(of: table.members(ofSession: child.id) + orphans)
    }

    /// Ends the processes that `choose` names, again and again until there are none, or they cannot be ended.
    private func sweep(
        within timeout: Duration = terminationTimeout,
        _ choose: (ProcessTable) -> Set<pid_t>
    ) async {
        let start = ContinuousClock.now
        var asked = Set<pid_t>()
        while ContinuousClock.now - start < timeout + Self.killTimeout {
            let remains = choose(.now())
            if remains.isEmpty { return }
            let signal = ContinuousClock.now - start < timeout ? SIGTERM : SIGKILL
            for id in remains where signal == SIGKILL || asked.insert(id).inserted {
                kill(id, signal)
                // What is stopped does not hear otherwise.
                kill(id, SIGCONT)
            }
            try? await Task.sleep(for: Self.pause)
            reap()
        }
    }

    // MARK: EventLoopActor

    public func handleReadable(_ descriptor: CInt, now: Instant) {
        if descriptor == ended {
            var count: eventfd_t = 0
            eventfd_read(ended, &count)
            reap()
        } else if let id = running.first(where: { $0.value.errors == descriptor })?.key {
            listen(to: id)
        } else if lingering.contains(descriptor) {
            if read(descriptor, keeps: { _ in }) {
                lingering.remove(descriptor)
                forget(descriptor)
            }
        }
    }

    public func handleTimeout(now: Instant) {}
    public func pollTimeout() -> Instant? { nil }

    /// Takes note of every child that has ended, orphans among them.
    private func reap() {
        var status: CInt = 0
        if adoptsOrphans {
            while case let id = waitpid(-1, &status, WNOHANG), id > 0 { handleEnd(of: id, status: status) }
        } else {
            for id in running.keys where waitpid(id, &status, WNOHANG) == id {
                handleEnd(of: id, status: status)
            }
        }
    }

    private func handleEnd(of id: pid_t, status: CInt) {
        listen(to: id)
        guard let ended = running.removeValue(forKey: id) else { return }
        if let errors = ended.errors {
            if ended.lastLines == nil { forget(errors) } else { lingering.insert(errors) }
        }
        var ending = ProcessEnding(status: status)
        ending.lastWords = ended.lastWords.text
        ending.lastLines = ended.lastLines?.text ?? []
        ended.finish.yield(ending)
        ended.finish.finish()
    }

    /// Takes in what a process says; one that says much waits.
    private func listen(to id: pid_t) {
        guard let errors = running[id]?.errors else { return }
        let isOver = read(errors) { bytes in
            if running[id]?.lastLines == nil {
                running[id]?.lastWords.handle(bytes)
            } else {
                running[id]?.lastLines?.handle(bytes)
            }
        }
        guard isOver else { return }
        forget(errors)
        running[id]?.errors = nil
    }

    /// Returns whether nobody writes any more.
    private func read(_ descriptor: CInt, keeps: (ArraySlice<UInt8>) -> Void) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        for _ in 0..<16 {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 { return false }
            if count == 0 { return true }
            keeps(buffer[..<count])
        }
        return false
    }

    private func forget(_ descriptor: CInt) {
        executor.unwatch(descriptor)
        close(descriptor)
    }

    private static func pipe() throws(SystemError) -> (reading: CInt, writing: CInt) {
        var ends: (CInt, CInt) = (-1, -1)
        let result = withUnsafeMutableBytes(of: &ends) { bytes in
            CLinux_pipe(bytes.baseAddress?.assumingMemoryBound(to: CInt.self))
        }
        try SystemError.check(result)
        return (ends.0, ends.1)
    }

    /// How long what is asked to end may take, and how long it is then made to.
    public static let terminationTimeout = Duration.seconds(2)
    private static let killTimeout = Duration.seconds(1)
    private static let pause = Duration.milliseconds(20)
}
