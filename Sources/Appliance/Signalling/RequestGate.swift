internal import HTTPTypes
internal import Logging
internal import MediasoupSignalling

/// Which requests the room answers: by the name that they were sent to, and the page that they come from.
struct RequestGate: Sendable {
    /// In words for whoever has the browser; whoever runs the room finds the same in the log.
    struct Refusal: Sendable {
        let status: HTTPResponse.Status
        let words: String
    }

    private let hosts: AdmittedHosts
    private let origins: [String]
    private let allowed: AllowedOrigins
    private let base: PublicBase?
    /// The room speaks plain HTTP because a proxy speaks HTTPS: nobody else may bring people in.
    private let needsProxy: Bool
    private let hostNotice: Notice
    private let originNotice: Notice
    private let plainNotice: Notice

    init(_ configuration: Configuration, log: Logger) {
        hosts = AdmittedHosts(configuration)
        origins = configuration.origins
        allowed = configuration.allowedOrigins
        base = configuration.front.base
        needsProxy = configuration.front.tls == .off && !configuration.isLocal
        hostNotice = Notice(
            """
            A request for a name that this room does not answer to was refused; if the name is yours, set http.base \
            (DESKROOM_HTTP_BASE) to the address that people open, or add the name to http.hosts (DESKROOM_HTTP_HOSTS)
            """,
            to: log
        )
        originNotice = Notice(
            """
            A page of another origin was refused; if people open this room by that origin, set http.base \
            (DESKROOM_HTTP_BASE) to the address that they open, or add the origin to http.origins \
            (DESKROOM_HTTP_ORIGINS); if it is a site of yours that this room is a part of, add it to page.origins \
            (DESKROOM_PAGE_ORIGINS); a proxy has to pass on Host and be named in http.proxies (DESKROOM_HTTP_PROXIES)
            """,
            to: log
        )
        plainNotice = Notice(
            """
            Somebody came by plain HTTP and not through a proxy, and was refused: http.tls (DESKROOM_HTTP_TLS) is off; \
            if it was your proxy, add its address to http.proxies (DESKROOM_HTTP_PROXIES)
            """,
            to: log
        )
    }

    /// Why a request is not answered; `nil` if it is.
    ///
    /// - Parameter path: Without the prefix.
    func refusal(of path: Substring, from source: RequestSource) -> Refusal? {
        guard hosts.admit(source.host) else {
            hostNotice.say(source.host)
            return Refusal(status: .misdirectedRequest, words: Self.wrongHost)
        }
        if needsProxy, !source.isByProxy,
            ["/", "/index.html", "/room"].contains(path) || OutsidePath(String(path)) != nil
                || BroadcastRoute.takes(path)
        {
            plainNotice.say()
            return Refusal(status: .forbidden, words: Self.plain)
        }
        return nil
    }

    /// Why a request may not become a WebSocket; `nil` if it may.
    ///
    /// A browser sends its page's origin, which must be this server's own or a configured one, so that no
    /// other site can enter the room from a visitor's place in the network.
    func refusal(ofWebSocketAt path: Substring, origin: String?, from source: RequestSource) -> Refusal? {
        guard path == "/room" else { return Refusal(status: .forbidden, words: Self.nothing) }
        if let refusal = refusal(of: path, from: source) { return refusal }
        guard caller(origin: origin, from: source) == .foreign else { return nil }
        return Refusal(status: .forbidden, words: Self.wrongOrigin)
    }

    /// Whose page asks for something.
    enum Caller: Hashable, Sendable {
        /// One of the room's own, or a program that is no browser.
        case own
        /// One of `page.origins`.
        case allowed
        /// Any other; whoever runs the room is told of the first.
        case foreign
    }

    /// - Parameter origin: The header `Origin` (RFC 6454 §7); programs that are not browsers send none.
    func caller(origin: String?, from source: RequestSource) -> Caller {
        guard let origin, !origins.contains(origin), origin != base?.origin else { return .own }
        if let host = source.host?.lowercased() {
            let own = PublicBase.shortened(host, isSecure: source.isSecure)
            if origin == (source.isSecure ? "https://" : "http://") + own { return .own }
        }
        if allowed.allows(origin) { return .allowed }
        originNotice.say(origin)
        return .foreign
    }

    private static let wrongHost = """
        This room does not answer to the name in your address bar.
        Open it by the address that was printed when it started, or have whoever runs it set http.base \
        (DESKROOM_HTTP_BASE) to the address that you have opened, or add the name to http.hosts (DESKROOM_HTTP_HOSTS).

        """
    static let wrongOrigin = """
        This page comes from an address that the room does not know as its own.
        Whoever runs it can set http.base (DESKROOM_HTTP_BASE) to the address that people open, or add it to \
        http.origins (DESKROOM_HTTP_ORIGINS); a site that the room is to be a part of belongs into page.origins \
        (DESKROOM_PAGE_ORIGINS).

        """
    private static let plain = """
        This room is reached by HTTPS, through its proxy, and not directly.
        Whoever runs it finds in its log what to set if you did come through the proxy (http.proxies).

        """
    private static let nothing = "There is no WebSocket here.\n"
}
