internal import CLinux
internal import Glibc
internal import IO
internal import Participant
internal import Wire

/// The load generator's one thread: `epoll` over every viewer's socket, and the sources' clocks.
final class Loop {
    private(set) var viewers: [Viewer] = []
    private(set) var sources: [PlainPublisher] = []
    private let epoll: CInt
    private let inbox = Inbox()
    private var queue = TransmitQueue(capacity: 1_024)
    /// When each viewer is next due, in nanoseconds: looked through at each wake-up, so kept apart.
    private var deadlines: [Int64] = []
    private var ready = [epoll_event](repeating: epoll_event(), count: 256)

    init() throws {
        epoll = try SystemError.check(epoll_create1(CInt(EPOLL_CLOEXEC)))
    }

    deinit {
        close(epoll)
    }

    func add(_ viewer: Viewer) throws {
        try watch(viewer.descriptor, UInt64(viewers.count))
        viewers.append(viewer)
        deadlines.append(viewer.pollTimeout()?.nanoseconds ?? .max)
        act(viewers.count - 1) { participant, queue in participant.start(now: .now(), into: &queue) }
    }

    /// A viewer leaves without a word, and another one takes the place.
    func replace(_ index: Int, with viewer: Viewer) throws {
        epoll_ctl(epoll, EPOLL_CTL_DEL, viewers[index].descriptor, nil)
        try watch(viewer.descriptor, UInt64(index))
        viewers[index] = viewer
        deadlines[index] = .max
        act(index) { participant, queue in participant.start(now: .now(), into: &queue) }
    }

    /// The newest viewer leaves without a word.
    func removeLast() {
        guard let viewer = viewers.popLast() else { return }
        epoll_ctl(epoll, EPOLL_CTL_DEL, viewer.descriptor, nil)
        deadlines.removeLast()
    }

    func add(_ source: PlainPublisher) throws {
        try watch(source.descriptor, Self.source | UInt64(sources.count))
        sources.append(source)
    }

    /// Gives `body` a viewer's participant, if it has one, and sends what it says.
    func act(_ index: Int, _ body: (Participant, inout TransmitQueue) -> Void) {
        guard let participant = viewers[index].participant else { return }
        body(participant, &queue)
        viewers[index].flush(&queue)
        rearm(index)
    }

    /// Runs until `condition` holds, which is asked after each wake-up; returns whether it does within
    /// `limit`.
    @discardableResult
    func run(_ limit: Interval, until condition: () -> Bool = { false }) -> Bool {
        let end = Instant.now() + limit
        while !condition() {
            let now = Instant.now()
            guard now < end else { return false }
            let count = wait(until: min(end, nextTimeout()), now: now)
            for event in ready[..<count] {
                let index = Int(event.data.u64 & ~Self.source)
                if event.data.u64 & Self.source != 0 {
                    sources[index].receive(now: .now())
                } else {
                    viewers[index].receive(inbox, &queue)
                    rearm(index)
                }
            }
            handleTimeouts()
        }
        return true
    }

    private func handleTimeouts() {
        let now = Instant.now()
        for source in sources {
            if let due = source.stream.pollTimeout(), now >= due { source.handleTimeout(now: .now()) }
        }
        for index in deadlines.indices where deadlines[index] <= now.nanoseconds {
            viewers[index].handleTimeout(now: now, &queue)
            rearm(index)
        }
    }

    private func rearm(_ index: Int) {
        deadlines[index] = viewers[index].pollTimeout()?.nanoseconds ?? .max
    }

    private func nextTimeout() -> Instant {
        var next = Int64.max
        for deadline in deadlines { next = min(next, deadline) }
        for source in sources {
            if let due = source.stream.pollTimeout() { next = min(next, due.nanoseconds) }
        }
        return Instant(nanoseconds: next)
    }

    private func wait(until deadline: Instant, now: Instant) -> Int {
        let delay = max(0, (deadline - now).nanoseconds)
        var timeout = timespec(tv_sec: Int(delay / 1_000_000_000), tv_nsec: Int(delay % 1_000_000_000))
        return max(0, Int(epoll_pwait2(epoll, &ready, CInt(ready.count), &timeout, nil)))
    }

    private func watch(_ descriptor: CInt, _ token: UInt64) throws(SystemError) {
        var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data_t(u64: token))
        try SystemError.check(epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event))
    }

    private static let source: UInt64 = 1 << 32
}
