internal import Glibc
internal import IO
public import Wire

/// Something with a socket and a clock, for a ``ParticipantLoop`` to run.
public protocol ParticipantLoopMember: AnyObject {
    /// May change from one wake-up to the next.
    var descriptor: CInt { get }
    /// When ``handleTimeout(now:)`` is due; `nil`: never.
    func pollTimeout() -> Instant?
    /// There is something to read.
    func receive(now: Instant)
    func handleTimeout(now: Instant)
}

/// Runs participants, plain publishers and what else has a socket on the calling thread: a `poll` loop, for
/// load generators and tests.
public final class ParticipantLoop {
    /// The least time between two wake-ups: what comes meanwhile is handled together.
    public var pause = Interval.zero
    private var members: [any ParticipantLoopMember] = []
    private var deadlines: [Instant] = []
    private var descriptors: [pollfd] = []

    public init() {}

    public func add(_ member: any ParticipantLoopMember) {
        members.append(member)
        deadlines.append(Self.deadline(of: member))
    }

    public func remove(_ member: any ParticipantLoopMember) {
        guard let index = members.firstIndex(where: { $0 === member }) else { return }
        members.remove(at: index)
        deadlines.remove(at: index)
    }

    /// Runs until `condition` holds, which is asked after each wake-up and may add and remove members;
    /// returns whether it does within `limit`.
    @discardableResult
    public func run(limit: Interval, until condition: () -> Bool = { false }) -> Bool {
        let end = Instant.now() + limit
        // Whoever owns them may have asked something of them meanwhile.
        for index in members.indices { deadlines[index] = Self.deadline(of: members[index]) }
        var last = Instant.now()
        while !condition() {
            let now = Instant.now()
            guard now < end else { return false }
            sleep(until: min(last + pause, end), now: now)
            wait(until: min(end, deadlines.min() ?? end), now: .now())
            last = .now()
            handle(now: last)
        }
        return true
    }

    private func sleep(until deadline: Instant, now: Instant) {
        guard deadline > now else { return }
        usleep(useconds_t(clamping: (deadline - now).nanoseconds / 1_000))
    }

    private func wait(until deadline: Instant, now: Instant) {
        // A participant that changed its path has another descriptor.
        descriptors.removeAll(keepingCapacity: true)
        for member in members {
            descriptors.append(pollfd(fd: member.descriptor, events: Int16(POLLIN), revents: 0))
        }
        // Rounded up: waking a moment early would be waking twice.
        let milliseconds = max(0, ((deadline - now).nanoseconds + 999_999) / 1_000_000)
        poll(&descriptors, nfds_t(descriptors.count), CInt(clamping: milliseconds))
    }

    private func handle(now: Instant) {
        for (index, member) in members.enumerated() {
            let isReadable = descriptors[index].revents != 0
            guard isReadable || now >= deadlines[index] else { continue }
            if isReadable { member.receive(now: now) }
            if let due = member.pollTimeout(), now >= due { member.handleTimeout(now: now) }
            deadlines[index] = Self.deadline(of: member)
        }
    }

    private static func deadline(of member: any ParticipantLoopMember) -> Instant {
        member.pollTimeout() ?? Instant(nanoseconds: .max)
    }
}

extension ParticipantSocket: ParticipantLoopMember {
    public func pollTimeout() -> Instant? { participant.pollTimeout() }
}

extension PlainPublisher: ParticipantLoopMember {
    public func pollTimeout() -> Instant? { stream.pollTimeout() }
}
