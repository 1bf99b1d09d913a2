package import Access
internal import HTTPTypes
internal import RemoteControl
package import Wire

/// Who may use the API: whoever knows its secret, or has a token with the scope `admin`; how often anybody may ask, and
/// how often be wrong.
package struct APIDoor: Sendable {
    /// What somebody shows (RFC 6750).
    package enum Credential: Sendable {
        case none
        case secret
        /// Which has to be checked (``TokenDoor``).
        case token(String)
    }

    private enum Asker: Hashable {
        case address(NetworkShare?)
        case token(Identifier)
    }

    private let secret: Secret?
    private var wrong = GuessAllowance<NetworkShare?>()
    private var rates: [Asker: RateLimit] = [:]

    /// - Parameter secret: `nil`: tokens only.
    package init(secret: String?) {
        self.secret = secret.map { Secret($0) }
    }

    /// Addresses and tokens that are remembered.
    package var count: Int { rates.count + wrong.count }

    /// Counts a request, and reads what it shows.
    ///
    /// - Parameter authorization: The header's value.
    package mutating func read(
        _ authorization: String?,
        from share: NetworkShare?,
        now: Instant
    ) throws(APIProblem) -> Credential {
        try take(.address(share), now)
        guard let authorization else { return .none }
        let wait = wrong.wait(of: share, now: now)
        guard wait <= .zero else {
            throw APIProblem(
                .tooManyRequests,
                "There were too many wrong secrets and tokens from this address.",
                retryAfter: (wait.nanoseconds - 1) / 1_000_000_000 + 1
            )
        }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .none }
        let shown = String(parts[1])
        if secret?.matches(shown) == true { return .secret }
        if shown.contains(".") { return .token(shown) }
        wrong.handleFailure(of: share, now: now)
        throw .unauthorized
    }

    /// Counts a request by a token that is good.
    package mutating func take(_ token: JoinToken, now: Instant) throws(APIProblem) {
        try take(.token(token.id ?? token.subject), now)
    }

    private mutating func take(_ asker: Asker, _ now: Instant) throws(APIProblem) {
        // Those that ask of late are few, unless there is a flood of addresses, which are then forgotten.
        if rates[asker] == nil, rates.count >= Self.remembered { rates.removeAll(keepingCapacity: true) }
        guard rates[asker, default: RateLimit(rate: Self.rate, burst: Self.burst)].admit(now: now) else {
            throw APIProblem(
                .tooManyRequests,
                "At most \(Self.rate) requests a second are answered, over time.",
                retryAfter: 1
            )
        }
    }

    private static let rate: Int64 = 50
    private static let burst: Int64 = 250
    private static let remembered = 4_096
}

extension APIProblem {
    static var unauthorized: APIProblem {
        APIProblem(
            .unauthorized,
            "The header Authorization has to be Bearer and the API's secret, or a token with the scope admin."
        )
    }
}
