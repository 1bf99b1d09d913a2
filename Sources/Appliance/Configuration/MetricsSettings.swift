internal import Access

/// Who may read `/metrics`, and where; `docs/observability.md` says what is in it.
package struct MetricsSettings: Hashable, Sendable {
    /// Who may read them without a secret.
    package enum Access: String, CaseIterable, Hashable, Sendable {
        /// Programs on this machine, or in this container.
        case local
        /// Nobody, and nobody with a secret either.
        case off
        /// Also programs in private networks (RFC 1918, RFC 4193).
        case `private`
        /// Nobody.
        case token
    }

    /// `metrics.access`: who may read `/metrics`: `local` (programs on this machine), `private` (and in private networks), `token`
    /// (only with a secret), `off`; default `local`.
    package var access = Access.local
    /// `metrics.secret`: a secret of at least 32 characters that a scraper shows as its bearer token; default: only those of
    /// the API.
    package var secret: String?
    /// `metrics.port`: a TCP port of its own for `/metrics` and `/health`, plain HTTP, 0 to 65,535; default: that of the page.
    package var port: Int?

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        access = try values.choice("metrics.access") ?? access
        secret = values.text("metrics.secret")
        port = try values.number("metrics.port", in: 0...65_535)
        guard secret.map({ $0.utf8.count >= TokenKey.shortestSecret }) ?? true else {
            throw ConfigurationError(
                key: "metrics.secret",
                problem:
                    "has less than \(TokenKey.shortestSecret) characters (openssl rand -hex 32 makes one)"
            )
        }
    }
}
