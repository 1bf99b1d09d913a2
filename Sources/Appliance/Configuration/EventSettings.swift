package import TLS

/// Where what happens in the room is told; `docs/observability.md` says what is.
package struct EventSettings: Hashable, Sendable {
    /// `events.url`: the address that events are sent to (https, or http on this machine); default: none.
    package var address: WebhookAddress?
    /// `events.secret`: what they are signed with: at least 32 characters, or whsec_ and base64 of at least 32 bytes.
    package var secret = ""
    /// `events.queue`: how many wait for a receiver that does not take them, 1 to 100,000; default 1,000.
    package var queue = 1_000
    /// `events.authorities`: a file in PEM of who may vouch for the receiver; default: whom this machine trusts.
    package var authorities: String?

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        queue = try values.number("events.queue", in: 1...100_000) ?? queue
        authorities = values.text("events.authorities")
        secret = values.text("events.secret") ?? secret
        guard let text = values.text("events.url") else { return }
        guard let address = WebhookAddress(text) else {
            throw ConfigurationError(
                key: "events.url",
                problem: "is no address that begins with https://, or with http:// on this machine"
            )
        }
        guard WebhookSignature(secret: secret) != nil else {
            throw ConfigurationError(
                key: "events.secret",
                problem:
                    "is not 32 characters or more, or whsec_ and base64 of 32 bytes (openssl rand -hex 32 makes one)"
            )
        }
        self.address = address
    }

    /// What vouches for the receiver; `nil` for plain HTTP.
    package func tls() throws(ConfigurationError) -> TLSContext? {
        guard address?.isSecure == true else { return nil }
        do {
            return try TLSContext(clientTrusting: authorities)
        } catch {
            throw ConfigurationError(key: "events.authorities", problem: "cannot be used: \(error.reason)")
        }
    }
}
