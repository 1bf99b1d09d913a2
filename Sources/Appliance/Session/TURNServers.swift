internal import COpenSSL
internal import Foundation

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

    /// As for `RTCConfiguration.iceServers`.
    package var servers: [Server]
    /// Whether media goes through them only.
    package var only: Bool

    package init(servers: [Server], only: Bool) {
        self.servers = servers
        self.only = only
    }
}

/// Makes what browsers show to the TURN servers.
package struct TURNServers: Sendable {
    private let settings: TURNSettings

    package init(_ settings: TURNSettings) {
        self.settings = settings
    }

    /// How long a browser can go on with what it was told before it is told again; `nil`: for ever.
    package var renewal: Duration? {
        settings.urls.isEmpty || settings.secret == nil ? nil : .seconds(settings.lifetime / 2)
    }

    /// `nil` if there are no servers.
    ///
    /// - Parameters:
    ///   - id: Tells people apart in the server's log, by a number.
    ///   - now: Seconds since 1970.
    ///   - limit: Seconds for which they are good at most, if that is less than what is set.
    package func servers(for id: UInt64, now: Int64, atMost limit: Int = .max) -> ICEServers? {
        guard !settings.urls.isEmpty else { return nil }
        var username = settings.username ?? ""
        var credential = settings.password ?? ""
        if let secret = settings.secret {
            // “A REST API For Access To TURN Services”, §2.2: the time at which it expires, and a name.
            username = "\(now + Int64(min(settings.lifetime, limit))):\(id)"
            credential = Self.password(username, secret: secret)
        }
        let server = ICEServers.Server(urls: settings.urls, username: username, credential: credential)
        return ICEServers(servers: [server], only: settings.isOnly)
    }

    /// HMAC-SHA1 of the name, in base64.
    private static func password(_ username: String, secret: String) -> String {
        let (key, text) = (Array(secret.utf8), Array(username.utf8))
        let capacity = Int(EVP_MAX_MD_SIZE)
        let digest = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { space, count in
            var length: CUnsignedInt = 0
            // It writes at most EVP_MAX_MD_SIZE bytes.
            unsafe HMAC(EVP_sha1(), key, CInt(key.count), text, text.count, space.baseAddress, &length)
            count = Int(length)
        }
        return Data(digest).base64EncodedString()
    }
}
