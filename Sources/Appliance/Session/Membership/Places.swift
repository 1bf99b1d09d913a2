package import Access
package import RemoteControl
package import Wire

/// Who gets a place in the room: shares for each address, and the places of those who never showed that they can
/// see it.
///
/// A person has proved themselves when a connection of theirs was secured (DTLS): they are never given up for
/// somebody outside. Others are, when a place is needed, once they are gone or have had time enough.
package struct Places {
    /// A person in the room.
    package struct Seat: Hashable, Sendable {
        package var id: ParticipantID
        package var share: NetworkShare?
        package var isProved: Bool
        /// Whether their page's WebSocket is lost.
        package var isAway: Bool
        package var joined: Instant

        package init(id: ParticipantID, share: NetworkShare?, isProved: Bool, isAway: Bool, joined: Instant) {
            self.id = id
            self.share = share
            self.isProved = isProved
            self.isAway = isAway
            self.joined = joined
        }
    }

    package enum Answer: Hashable, Sendable {
        case admitted
        /// After this one has been given up.
        case evict(ParticipantID)
        case refused(Refusal)
    }

    /// Why somebody cannot come in.
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case full
        /// So many people have come from one address.
        case sharing(Int)
        case tooFast

        package var description: String {
            switch self {
            case .full: "The room is full."
            case .sharing(let most):
                """
                There are \(most) people in the room already who share your network address. Whoever runs the room \
                can allow more (session.sharing).
                """
            case .tooFast: "Too many people came from your network address at once. Try again in a moment."
            }
        }
    }

    private let people: Int
    private let sharing: Int
    private var rates: [NetworkShare: RateLimit] = [:]

    /// - Parameter people: Most people in the room.
    /// - Parameter sharing: Most of them from one address.
    package init(people: Int, sharing: Int) {
        self.people = people
        self.sharing = sharing
    }

    /// Addresses that are remembered.
    package var addresses: Int { rates.count }

    /// - Parameter share: `nil` for somebody who comes by a proxy that does not say from where.
    package mutating func admit(_ share: NetworkShare?, seats: [Seat], now: Instant) -> Answer {
        let neighbours = seats.filter { $0.share == share }
        if share != nil, neighbours.count >= sharing {
            return given(neighbours, seats, now).map { .evict($0) } ?? .refused(.sharing(sharing))
        }
        if seats.count >= people {
            return given(seats, seats, now).map { .evict($0) } ?? .refused(.full)
        }
        guard isInTime(share, now) else { return .refused(.tooFast) }
        return .admitted
    }

    /// Whose place is given up: of the address that has most of them, the one that came first.
    private func given(_ candidates: [Seat], _ seats: [Seat], _ now: Instant) -> ParticipantID? {
        let unproved = candidates.filter {
            !$0.isProved && ($0.isAway || now - $0.joined >= Self.probation)
        }
        let weights = seats.reduce(into: [NetworkShare?: Int]()) { $0[$1.share, default: 0] += 1 }
        return unproved.max {
            let (one, other) = (weights[$0.share] ?? 0, weights[$1.share] ?? 0)
            return one != other ? one < other : $0.joined > $1.joined
        }?.id
    }

    private mutating func isInTime(_ share: NetworkShare?, _ now: Instant) -> Bool {
        guard let share else { return true }
        // Those that have come of late are few, unless there is a flood of addresses, which are then forgotten.
        if rates[share] == nil, rates.count >= Self.remembered { rates.removeAll(keepingCapacity: true) }
        let burst = Int64(2 * sharing + 16)
        return rates[share, default: RateLimit(rate: Self.rate, burst: burst)].admit(now: now)
    }

    /// For a first connection to be secured.
    private static let probation = Interval.seconds(15)
    /// People a second from one address, over time.
    private static let rate: Int64 = 5
    private static let remembered = 4_096
}
