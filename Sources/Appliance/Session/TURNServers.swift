package import WebRTC

/// What a browser is told about ICE: the servers it may use, with a name and a password of its own.
package struct ICEServers: Encodable, Hashable, Sendable {
    package struct Server: Encodable, Hashable, Sendable {
        package var urls: [String]
        package var username: String
        package var credential: String

        package init(urls: [String], username: String, credential: String) {
            self.urls = urls
            self.username = username
            self.credential = credential
        }
    }

    /// What is shown to the room's own TURN server, which is where the page came from.
    package struct Own: Encodable, Hashable, Sendable {
        package var username: String
        package var credential: String

        package init(username: String, credential: String) {
            self.username = username
            self.credential = credential
        }
    }

    /// As for `RTCConfiguration.iceServers`.
    package var servers: [Server]
    /// `nil`: the room is none.
    package var own: Own?
    /// Whether media goes through them only.
    package var only: Bool

    package init(servers: [Server], own: Own? = nil, only: Bool) {
        self.servers = servers
        self.own = own
        self.only = only
    }
}

/// Makes what browsers show to the TURN servers.
package struct TURNServers: Sendable {
    private let settings: TURNSettings
    /// For the servers that share a secret with the room, and for the room's own.
    private let shared, own: TURNCredentials?

    /// - Parameter own: For the room's own server; `nil`: there is none.
    package init(_ settings: TURNSettings, own: TURNCredentials? = nil) {
        self.settings = settings
        self.own = own
        shared = settings.secret.map { TURNCredentials(secret: $0) }
    }

    /// How long a browser can go on with what it was told before it is told again; `nil`: for ever.
    package var renewal: Duration? {
        own == nil && (settings.urls.isEmpty || shared == nil) ? nil : .seconds(settings.lifetime / 2)
    }

    /// `nil` if there are no servers.
    ///
    /// - Parameters:
    ///   - id: Tells people apart in the server's log, by a number.
    ///   - now: Seconds since 1970.
    ///   - limit: Seconds for which they are good at most, if that is less than what is set.
    package func servers(for id: UInt64, now: Int64, atMost limit: Int = .max) -> ICEServers? {
        guard !settings.urls.isEmpty || own != nil else { return nil }
        // The time at which it expires, and a number.
        let name = TURNCredentials.username(for: id, until: now + Int64(min(settings.lifetime, limit)))
        var servers = ICEServers(servers: [], only: settings.isOnly)
        if !settings.urls.isEmpty {
            let username = shared == nil ? settings.username ?? "" : name
            let password = shared?.password(for: name) ?? settings.password ?? ""
            servers.servers = [.init(urls: settings.urls, username: username, credential: password)]
        }
        if let own { servers.own = .init(username: name, credential: own.password(for: name)) }
        return servers
    }
}
