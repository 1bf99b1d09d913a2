internal import WebRTC
internal import Wire

/// When what one path carries is shared out among its consumers, how, and what is told of it.
///
/// It begins with the first feedback (``handleFeedback(now:)``) and is repeated while ``next`` is not `nil`.
struct Adaptation {
    /// When to look again; `nil` before the first feedback, and while nobody answers.
    private(set) var next: Instant?

    private var allocator = Allocator()
    /// When the first feedback came: a moment later it is known what the path carries.
    private var began: Instant?
    private var told: (bitrate: Int, at: Instant)?

    /// The peer has told what has arrived.
    mutating func handleFeedback(now: Instant) {
        if next == nil { next = now }
        if began == nil { began = now }
    }

    /// - Parameter next: `nil`: the next feedback starts it again.
    mutating func putOff(until next: Instant?) { self.next = next }

    /// Grants consumers what fits in `available` bits per second.
    mutating func allocate(_ consumers: [Consumer], available: Int, news: TransportNews, now: Instant) {
        let isKnown = began.map { now - $0 >= Self.beginning } ?? false
        let demands = consumers.map { $0.demand(isPathKnown: isKnown, now: now) }
        for (index, grant) in allocator.allocate(demands, available: available, now: now).enumerated() {
            let consumer = consumers[index]
            guard consumer.kind == .video, !demands[index].layers.isEmpty,
                grant.layer != consumer.granted
            else { continue }
            news.hasGrants = true
            let wasLimited = consumer.isLimited
            consumer.grant(grant.layer, isHighest: grant.layer == demands[index].layers.last, now: now)
            if consumer.isLimited != wasLimited {
                news.events.append(.consumerLimited(consumer.id, isPaused: consumer.isLimited))
            }
        }
    }

    /// Whether `target` is to be told: at first, and when it has changed by a twentieth, once a second.
    mutating func isNews(_ target: Int, now: Instant) -> Bool {
        if let told {
            guard now - told.at >= .seconds(1), abs(target - told.bitrate) * 20 >= told.bitrate else {
                return false
            }
        }
        told = (target, now)
        return true
    }

    /// Probes have found by then what the path carries.
    private static let beginning = Interval.seconds(1)
}
