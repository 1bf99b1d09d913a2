internal import HTTPTypes
internal import Hummingbird
internal import IO
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import Wire

/// Finds out where each request comes from, through whatever proxies are in front of the room.
struct FrontDoor: Sendable {
    /// Whom connections are from that begin with a PROXY header.
    let peers = ProxiedPeers()
    private let proxies: TrustedProxies
    private let settings: FrontSettings
    private let usesTLS: Bool
    private let unknownProxy: Notice
    private let otherHeader: Notice
    private let noHeader: Notice
    private let notProxy: Notice

    init(_ configuration: Configuration, log: Logger) {
        proxies = configuration.trustedProxies
        settings = configuration.front
        usesTLS = configuration.usesTLS
        unknownProxy = Notice(
            """
            Requests say that they come through a proxy which http.proxies (DESKROOM_HTTP_PROXIES) does not name: \
            all who are behind it count as one address
            """,
            to: log
        )
        otherHeader = Notice(
            """
            A proxy of http.proxies says who asks by the header that http.forwarded (DESKROOM_HTTP_FORWARDED) does not \
            name: x-forwarded for X-Forwarded-For, forwarded for Forwarded
            """,
            to: log
        )
        noHeader = Notice(
            """
            A connection was closed that did not begin with a PROXY header: have the proxy send one (nginx: \
            proxy_protocol on; HAProxy: send-proxy-v2), or set http.proxy.protocol (DESKROOM_HTTP_PROXY_PROTOCOL) to off
            """,
            to: log
        )
        notProxy = Notice(
            """
            A connection was closed that http.proxies (DESKROOM_HTTP_PROXIES) does not name: with http.proxy.protocol \
            (DESKROOM_HTTP_PROXY_PROTOCOL) on, only proxies may connect
            """,
            to: log
        )
    }

    /// What has to stand before everything else on a connection: `nil` if nobody may connect from there.
    func handlers(for channel: any Channel) -> [ProxyHeaderHandler]? {
        guard settings.hasProxyHeader else { return [] }
        guard proxies.contain(channel.remoteAddress?.ipAddress ?? "") else {
            notProxy.say()
            return nil
        }
        return [ProxyHeaderHandler(peers, notice: noHeader)]
    }

    func source(of channel: any Channel, _ head: HTTPRequestHead) -> RequestSource {
        let peer = channel.remoteAddress?.ipAddress ?? ""
        return source(peer, ObjectIdentifier(channel), host: head.headers.first(name: "host")) { name in
            head.headers[name]
        }
    }

    func source(of request: Request, _ context: PeerRequestContext) -> RequestSource {
        source(context.peer, context.connection, host: request.head.authority) { name in
            HTTPField.Name(name).map { request.headers[values: $0] } ?? []
        }
    }

    private func source(
        _ peer: String,
        _ connection: ObjectIdentifier,
        host: String?,
        values: (String) -> [String]
    ) -> RequestSource {
        let header = peers[connection]
        let source = RequestSource(
            peer: header?.source?.text ?? peer,
            isByProxy: proxies.contain(peer),
            isSecure: usesTLS || header?.isSecure == true,
            host: host,
            proxies: proxies,
            forwarded: settings.forwarded,
            values: values
        )
        if source.hasUnknownProxy { unknownProxy.say() }
        if source.isByProxy {
            let isX = settings.forwarded == .xForwarded
            let named = isX ? "x-forwarded-for" : "forwarded"
            let other = isX ? "forwarded" : "x-forwarded-for"
            if values(named).isEmpty, !values(other).isEmpty { otherHeader.say() }
        }
        return source
    }

    /// What a request's path may begin with.
    func prefixes(_ source: RequestSource) -> [String] {
        [settings.base?.prefix, source.prefix].compactMap { $0 }.filter { !$0.isEmpty }
    }

    /// The path without its prefix and query.
    func path(of target: String, from source: RequestSource) -> Substring {
        switch PathPrefix.remove(prefixes(source), from: target) {
        case .path(let path): Substring(path).prefix { $0 != "?" }
        case .directory, .none: Substring(target).prefix { $0 != "?" }
        }
    }
}
