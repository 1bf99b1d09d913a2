package import Wire

/// How fast the messages of one page are read: as fast as pages talk, and no faster.
///
/// Nothing is refused or lost: whoever sends more is read later, and held back by TCP in the end. Each message
/// counts by its kind, and every one by its size.
package struct MessagePace {
    /// Messages that cost the room about the same.
    package enum Kind: CaseIterable, Hashable, Sendable {
        /// Not understood, and answered with why.
        case bad
        case control
        /// Offers and answers.
        case negotiation
        case ping
        /// What others are told of this person.
        case state
        case views
    }

    private var all = Bucket(rate: 40, burst: 200)
    private var kinds: [Kind: Bucket] = [
        .bad: Bucket(rate: 2, burst: 20),
        .control: Bucket(rate: 4, burst: 20),
        .negotiation: Bucket(rate: 6, burst: 40),
        .ping: Bucket(rate: 5, burst: 20),
        .state: Bucket(rate: 4, burst: 20),
        .views: Bucket(rate: 15, burst: 60),
    ]

    package init() {}

    /// How long to wait before a message of `length` bytes is acted on that was read at `now`.
    package mutating func wait(for kind: Kind, length: Int, now: Instant) -> Interval {
        max(
            all.take(1 + Double(length) / Self.bytesPerMessage, now: now),
            kinds[kind]?.take(1, now: now) ?? .zero
        )
    }

    /// A bucket that may be overdrawn, at the price of a wait (a virtual schedule).
    private struct Bucket {
        /// Messages a second, and at once after a pause.
        let rate: Double
        let burst: Double
        private var left: Double
        private var last: Instant?

        init(rate: Double, burst: Double) {
            self.rate = rate
            self.burst = burst
            left = burst
        }

        mutating func take(_ cost: Double, now: Instant) -> Interval {
            if let last { left = min(burst, left + Double(max(.zero, now - last).nanoseconds) / 1e9 * rate) }
            last = now
            left -= cost
            return left >= 0 ? .zero : Interval(nanoseconds: Int64(-left / rate * 1e9))
        }
    }

    private static let bytesPerMessage = 8_192.0
}

extension ClientMessage {
    package var pace: MessagePace.Kind {
        switch self {
        case .admit, .allow, .consent, .curtain, .declineControl, .endSession, .eyesOnMe, .grantControl,
            .letDrive, .listWindows,
            .lock, .mask, .mute, .refuse, .releaseControl, .remove, .requestControl, .resetDesk,
            .revokeControl,
            .setDeskEars, .setDeskSize, .setLayout, .setRights, .startActivity, .stopActivity, .tell, .turns,
            .watch:
            .control
        case .connections, .goodbye, .inputDelay, .join, .leave, .pageState, .setMedia, .visibility: .state
        case .ping: .ping
        case .publishOffer, .restartSubscribe, .subscribeAnswer, .subscribeFailed: .negotiation
        case .views: .views
        }
    }
}
