package import Access
package import Wire

/// How many connections of the test page there may be: few at once, few from one address, and few a minute.
///
/// A test costs the room a handshake and a few megabytes, which its session must not feel.
///
/// Ask ``begin(from:now:)`` before each, and say ``end(from:)`` once it is over, if it was let in.
package struct CheckAllowance: Sendable {
    package struct Limits: Hashable, Sendable {
        /// At once: in all, and from one address.
        package var total = 8
        package var perAddress = 4
        /// Begun within a minute from one address: a whole test takes a handful.
        package var perMinute = 20
        /// Addresses that are remembered.
        package var addresses = 1_024

        package init() {}
    }

    private struct Share {
        var open = 0
        var begun: [Instant] = []
    }

    private let limits: Limits
    private var shares: [NetworkShare?: Share] = [:]
    /// Tests that are under way.
    package private(set) var count = 0

    package init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Lets a test begin; else the seconds to wait.
    ///
    /// - Parameter share: Where it comes from; `nil`: nobody knows, which is one address of its own.
    package mutating func begin(from share: NetworkShare?, now: Instant) -> Int64? {
        var known = shares[share] ?? Share()
        known.begun.removeAll { now - $0 >= Self.minute }
        guard count < limits.total, known.open < limits.perAddress else { return Self.soon }
        if known.begun.count >= limits.perMinute, let oldest = known.begun.first {
            return max(1, (oldest + Self.minute - now).nanoseconds / 1_000_000_000)
        }
        if shares[share] == nil, shares.count >= limits.addresses {
            shares = shares.filter { $0.value.open > 0 || $0.value.begun.contains { now - $0 < Self.minute } }
            guard shares.count < limits.addresses else { return Self.soon }
        }
        known.open += 1
        known.begun.append(now)
        shares[share] = known
        count += 1
        return nil
    }

    package mutating func end(from share: NetworkShare?) {
        guard let known = shares[share], known.open > 0 else { return }
        shares[share]?.open -= 1
        count -= 1
    }

    private static let minute = Interval.seconds(60)
    /// Seconds.
    private static let soon: Int64 = 5
}
