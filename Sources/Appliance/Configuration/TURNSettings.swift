/// TURN servers (RFC 8656) that browsers may reach the room's media through.
package struct TURNSettings: Hashable, Sendable {
    /// `turn.builtin`: whether the room itself is a TURN server for its own media, over TLS at the page's port; `on` or `off`.
    ///
    /// Default: `on` where people reach the room's own TLS (``Configuration/hasOwnTURN``).
    package var isBuiltIn: Bool?
    /// `turn.urls`: addresses of the servers, separated by commas, such as `turn:turn.example.org:3478?transport=udp` or
    /// `turns:turn.example.org:443?transport=tcp` (RFC 7065); default: none.
    package var urls: [String] = []
    /// `turn.secret`: the secret that the servers share with the room (coturn: `static-auth-secret`), from which each
    /// browser is made a name and a password of its own that expire.
    package var secret: String?
    /// `turn.username`: the name by which all browsers are known to the servers, where there is no secret.
    package var username: String?
    /// `turn.password`: its password.
    package var password: String?
    /// `turn.lifetime`: seconds for which a browser's name and password are good, 60 to 604,800; default 86,400.
    ///
    /// Browsers are told new ones at half of it.
    package var lifetime = 86_400
    /// `turn.only`: `on`: browsers send media through the servers only; default `off`.
    package var isOnly = false

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        isBuiltIn = try values.flag("turn.builtin")
        urls = values.list("turn.urls") ?? urls
        secret = values.text("turn.secret")
        username = values.text("turn.username")
        password = values.text("turn.password")
        lifetime = try values.number("turn.lifetime", in: 60...604_800) ?? lifetime
        isOnly = try values.flag("turn.only") ?? isOnly
        for url in urls where !Self.isTURN(url) {
            throw ConfigurationError(
                key: "turn.urls",
                problem:
                    "“\(url)” is not of the form turn:host:port?transport=udp, or turns:host:port?transport=tcp"
            )
        }
        guard (username == nil) == (password == nil) else {
            throw ConfigurationError(
                key: username == nil ? "turn.username" : "turn.password",
                problem: "a name and its password belong together: set both, or neither"
            )
        }
        guard secret == nil || username == nil else {
            throw ConfigurationError(
                key: "turn.secret",
                problem: "makes names and passwords; turn.username and turn.password are for servers without"
            )
        }
        guard urls.isEmpty || secret != nil || username != nil else {
            throw ConfigurationError(
                key: "turn.urls",
                problem: "servers want a password: set turn.secret, or turn.username and turn.password"
            )
        }
        guard !urls.isEmpty || (secret == nil && username == nil) else {
            throw ConfigurationError(key: "turn.urls", problem: "names no server")
        }
    }

    /// `turn:` or `turns:`, a host, perhaps a port and a transport (RFC 7065 §3.1).
    private static func isTURN(_ text: String) -> Bool {
        let form =
            /turns?:(?:[A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:\?transport=(?:udp|tcp))?/
        return text.wholeMatch(of: form) != nil
    }
}
