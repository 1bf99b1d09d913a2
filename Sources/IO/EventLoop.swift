internal import CLinux
internal import Glibc
import Synchronization
public import Wire

/// An actor whose isolation domain is an ``EventLoop``'s thread, and which the loop calls when there is I/O.
///
/// The loop calls these synchronously, so a datagram reaches the actor's state without a task, a
/// suspension or an allocation.
public protocol EventLoopActor: Actor {
    /// `descriptor` is readable, or its peer has closed it.
    func handleReadable(_ descriptor: CInt, now: Instant)
    /// `descriptor`, which ``EventLoop/watchWritable(_:_:)`` names, takes more.
    func handleWritable(_ descriptor: CInt, now: Instant)
    /// Called once per wake-up, after the descriptors: the time given by ``pollTimeout()`` has come,
    /// or the loop woke for another reason.
    func handleTimeout(now: Instant)
    /// When ``handleTimeout(now:)`` is next due.
    func pollTimeout() -> Instant?
    /// Until when descriptors that can wait (``EventLoop/watch(_:canWait:)``) need not be reported; `nil`, the default:
    /// they are reported at once.
    func pollCoalescing() -> Instant?
}

extension EventLoopActor {
    public func pollCoalescing() -> Instant? { nil }
    public func handleWritable(_ descriptor: CInt, now: Instant) {}
}

/// The serial executor of one ``EventLoopActor``, and of any further actor that names it as its executor:
/// a thread that waits in `epoll_pwait2` for readable descriptors, the actor's next timeout, and jobs
/// enqueued by other tasks.
///
/// The loop has no mutable state of its own besides the job queue and the list of timers. Everything the thread works on
/// belongs to its actors, so the compiler checks that nothing else touches it.
public final class EventLoop: SerialExecutor {
    /// Every descriptor, and those that cannot wait.
    private let epoll: CInt
    private let urgent: CInt
    private let wakeup: CInt
    private let jobs = Mutex<[UnownedJob]>([])
    private let timers = Mutex<[WeakTimer]>([])
    private let isStopping = Atomic(false)
    private let thread = Atomic<UInt>(0)

    /// Creates a loop that runs nothing until ``start(_:named:)``.
    public init() throws(SystemError) {
        epoll = try SystemError.check(epoll_create1(CInt(EPOLL_CLOEXEC)))
        urgent = try SystemError.check(epoll_create1(CInt(EPOLL_CLOEXEC)))
        wakeup = try SystemError.check(eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK)))
        try watch(wakeup)
    }

    deinit {
        close(wakeup)
        close(urgent)
        close(epoll)
    }

    /// Reports `descriptor` to the actor whenever it is readable.
    ///
    /// The caller keeps ownership and calls ``unwatch(_:)`` before it closes the descriptor.
    ///
    /// - Parameter canWait: Whether it is left alone until ``EventLoopActor/pollCoalescing()``.
    public func watch(_ descriptor: CInt, canWait: Bool = false) throws(SystemError) {
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(fd: descriptor))
        if !canWait { try SystemError.check(epoll_ctl(urgent, EPOLL_CTL_ADD, descriptor, &event)) }
        try SystemError.check(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event))
    }

    /// Reports a watched `descriptor` also when it is writable, or no longer does.
    ///
    /// Only for one that can wait: what it has to send cannot.
    public func watchWritable(_ descriptor: CInt, _ isWanted: Bool) {
        let events = isWanted ? EPOLLIN.rawValue | EPOLLOUT.rawValue : EPOLLIN.rawValue
        var event = epoll_event(events: events, data: epoll_data_t(fd: descriptor))
        epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event)
        event.events = EPOLLOUT.rawValue
        epoll_ctl(urgent, isWanted ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, descriptor, &event)
    }

    /// Stops reporting `descriptor`.
    public func unwatch(_ descriptor: CInt) {
        var event = epoll_event()
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &event)
        epoll_ctl(urgent, EPOLL_CTL_DEL, descriptor, &event)
    }

    /// Makes a timer for an actor that runs on this loop; it is not armed.
    ///
    /// The caller keeps it: one that is let go is never called again.
    ///
    /// - Parameter handler: Called on the loop's thread with the time of the wake-up, which is not before the deadline;
    ///   the actor is entered with `assumeIsolated`.
    public func makeTimer(_ handler: @escaping @Sendable (Instant) -> Void) -> EventLoopTimer {
        let timer = EventLoopTimer(handler: handler) { [weak self] in
            // On the loop's own thread the deadline is read before the next wait.
            if let self, self.isIsolatingCurrentContext() != true { self.wake() }
        }
        timers.withLock { timers in
            timers.removeAll { $0.timer == nil }
            timers.append(WeakTimer(timer: timer))
        }
        return timer
    }

    /// Starts the thread, named `name` (at most 15 bytes are kept), before others if that is allowed.
    ///
    /// `actor` must name this loop as its executor.
    public func start(_ actor: some EventLoopActor, named name: String) {
        NamedThread(name) { self.run(actor) }.detach()
    }

    /// Makes the thread return once it has run the jobs already enqueued.
    ///
    /// A job enqueued later never runs, so this must be the last call the actors' owner makes.
    public func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
    }

    // MARK: The thread

    private func run(_ actor: some EventLoopActor) {
        ThreadPriority.raise()
        thread.store(UInt(pthread_self()), ordering: .releasing)
        var ready = InlineArray<64, epoll_event>(repeating: epoll_event())
        var jobs: [UnownedJob] = []
        var (deadline, coalescing) = actor.assumeIsolated { ($0.pollTimeout(), $0.pollCoalescing()) }

        while !isStopping.load(ordering: .acquiring) {
            let count = wait(until: earliest(deadline), coalescing, &ready)
            run(&jobs)
            let now = Instant.now()
            handleTimers(now: now)
            (deadline, coalescing) = actor.assumeIsolated { actor in
                for index in 0..<count where ready[index].data.fd != wakeup {
                    let (descriptor, events) = (ready[index].data.fd, ready[index].events)
                    if events & EPOLLOUT.rawValue != 0 { actor.handleWritable(descriptor, now: now) }
                    // An error or a hang-up is read.
                    if events != EPOLLOUT.rawValue { actor.handleReadable(descriptor, now: now) }
                }
                actor.handleTimeout(now: now)
                return (actor.pollTimeout(), actor.pollCoalescing())
            }
        }
        run(&jobs)
    }

    /// The deadline that comes first: the actor's own, or that of a timer.
    private func earliest(_ deadline: Instant?) -> Instant? {
        timers.withLock { timers in
            timers.reduce(deadline) { first, entry in
                guard let due = entry.timer?.deadline else { return first }
                return min(due, first ?? due)
            }
        }
    }

    /// Handlers run outside the lock: they may make timers.
    private func handleTimers(now: Instant) {
        let timers = timers.withLock { $0 }
        for entry in timers { entry.timer?.handleTimeout(now: now) }
    }

    /// Blocks until `deadline` or the first event, and until `coalescing` looks only at what cannot wait; returns how many
    /// events `ready` holds.
    private func wait(
        until deadline: Instant?,
        _ coalescing: Instant?,
        _ ready: inout InlineArray<64, epoll_event>
    ) -> Int {
        if let coalescing, coalescing > .now() {
            let count = wait(for: urgent, until: min(deadline ?? coalescing, coalescing), &ready)
            if count > 0 || deadline ?? coalescing < coalescing { return count }
        }
        return wait(for: epoll, until: deadline, &ready)
    }

    private func wait(
        for epoll: CInt,
        until deadline: Instant?,
        _ ready: inout InlineArray<64, epoll_event>
    ) -> Int {
        var storage = timespec()
        if let deadline {
            let delay = max(0, (deadline - Instant.now()).nanoseconds)
            storage = timespec(tv_sec: Int(delay / 1_000_000_000), tv_nsec: Int(delay % 1_000_000_000))
        }
        var events = ready.mutableSpan
        let count = events.withUnsafeMutableBufferPointer { events in
            withUnsafePointer(to: &storage) { timeout in
                epoll_pwait2(
                    epoll,
                    events.baseAddress,
                    CInt(events.count),
                    deadline == nil ? nil : timeout,
                    nil
                )
            }
        }
        precondition(count >= 0 || errno == EINTR, "epoll_pwait2 rejects only invalid arguments")
        return max(0, Int(count))
    }

    private func run(_ jobs: inout [UnownedJob]) {
        var count: eventfd_t = 0
        eventfd_read(wakeup, &count)
        // Swapping keeps both arrays' storage: a steady loop allocates no queue memory.
        self.jobs.withLock { swap(&$0, &jobs) }
        for job in jobs { job.runSynchronously(on: asUnownedSerialExecutor()) }
        jobs.removeAll(keepingCapacity: true)
    }

    private func wake() {
        eventfd_write(wakeup, 1)
    }

    // MARK: SerialExecutor

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = jobs.withLock { jobs in
            jobs.append(job)
            return jobs.count == 1
        }
        if isFirst { wake() }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }

    public func isIsolatingCurrentContext() -> Bool? {
        thread.load(ordering: .acquiring) == UInt(pthread_self())
    }

    public func checkIsolated() {
        precondition(isIsolatingCurrentContext() == true, "not on this event loop's thread")
    }
}

private struct WeakTimer: Sendable {
    weak let timer: EventLoopTimer?
}
