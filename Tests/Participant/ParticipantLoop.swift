internal import Glibc
internal import IO
public import Wire

/// Runs participants and plain publishers on the calling thread: a `poll` loop, for load generators and
/// tests.
public final class ParticipantLoop {
    public private(set) var participants: [ParticipantSocket] = []
    public private(set) var publishers: [PlainPublisher] = []
    private var descriptors: [pollfd] = []

    public init() {}

    public func add(_ participant: ParticipantSocket) { participants.append(participant) }
    public func add(_ publisher: PlainPublisher) { publishers.append(publisher) }

    /// Runs until `condition` holds, which is asked after each wake-up; returns whether it does within
    /// `limit`.
    @discardableResult
    public func run(limit: Interval, until condition: () -> Bool = { false }) -> Bool {
        let end = Instant.now() + limit
        while !condition() {
            let now = Instant.now()
            guard now < end else { return false }
            wait(until: min(end, nextTimeout() ?? end), now: now)
            handle(now: .now())
        }
        return true
    }

    private func nextTimeout() -> Instant? {
        var next: Instant?
        func consider(_ due: Instant?) { if let due { next = min(next ?? due, due) } }
        for socket in participants { consider(socket.participant.pollTimeout()) }
        for publisher in publishers { consider(publisher.stream.pollTimeout()) }
        return next
    }

    private func wait(until deadline: Instant, now: Instant) {
        // A participant that changed its path has another descriptor.
        descriptors.removeAll(keepingCapacity: true)
        for socket in participants {
            descriptors.append(pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0))
        }
        for publisher in publishers {
            descriptors.append(pollfd(fd: publisher.descriptor, events: Int16(POLLIN), revents: 0))
        }
        // Rounded up: waking a moment early would be waking twice.
        let milliseconds = max(0, ((deadline - now).nanoseconds + 999_999) / 1_000_000)
        poll(&descriptors, nfds_t(descriptors.count), CInt(clamping: milliseconds))
    }

    private func handle(now: Instant) {
        for (index, socket) in participants.enumerated() {
            if index < descriptors.count, descriptors[index].revents != 0 { socket.receive(now: now) }
            if let due = socket.participant.pollTimeout(), now >= due { socket.handleTimeout(now: now) }
        }
        for (index, publisher) in publishers.enumerated() {
            let position = participants.count + index
            if position < descriptors.count, descriptors[position].revents != 0 {
                publisher.receive(now: now)
            }
            if let due = publisher.stream.pollTimeout(), now >= due { publisher.handleTimeout(now: now) }
        }
    }
}
