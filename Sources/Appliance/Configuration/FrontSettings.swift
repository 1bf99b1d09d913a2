/// What is in front of the room's own port, and how people come through it; `docs/reach.md` says how to set it up.
package struct FrontSettings: Hashable, Sendable {
    /// `http.base`: the address by which people reach the room from outside, perhaps with a path, such as
    /// `https://rooms.example.org/s/42/`; default: that of the port.
    ///
    /// Links are made with it, its host and origin are admitted, and its path is taken off requests that a proxy
    /// passes on as they are.
    package var base: PublicBase?
    /// `http.tls`: `auto`: HTTPS on any address but localhost; `off`: plain HTTP, for proxies of `http.proxies` that
    /// speak HTTPS; default `auto`.
    package var tls = TLSChoice.auto
    /// `http.forwarded`: by which headers the proxies of `http.proxies` say who asks: `x-forwarded`
    /// (`X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix`) or `forwarded` (RFC 7239); default `x-forwarded`.
    ///
    /// A proxy passes on what a browser wrote into the other one.
    package var forwarded = ForwardedChoice.xForwarded
    /// `http.proxy.protocol`: `on`: each connection begins with a PROXY header, version 1 or 2, and comes from one of
    /// `http.proxies`; default `off`.
    package var hasProxyHeader = false

    package enum TLSChoice: String, CaseIterable, Hashable, Sendable { case auto, off }
    package enum ForwardedChoice: String, CaseIterable, Hashable, Sendable {
        case forwarded
        case xForwarded = "x-forwarded"
    }

    package init() {}

    /// - Parameter hasProxies: Whether `http.proxies` names any.
    /// - Parameter hasCertificate: Whether `tls.certificate` is set.
    init(
        reading values: SettingValues,
        hasProxies: Bool,
        hasCertificate: Bool
    ) throws(ConfigurationError) {
        if let text = values.text("http.base") {
            do throws(PublicBase.Problem) {
                base = try PublicBase(text)
            } catch {
                throw ConfigurationError(key: "http.base", problem: "“\(text)” \(error.words)")
            }
        }
        tls = try values.choice("http.tls") ?? tls
        forwarded = try values.choice("http.forwarded") ?? forwarded
        hasProxyHeader = try values.flag("http.proxy.protocol") ?? hasProxyHeader
        guard tls == .auto || hasProxies else {
            throw ConfigurationError(
                key: "http.tls",
                problem:
                    "off is for a proxy that speaks HTTPS: name it in http.proxies (DESKROOM_HTTP_PROXIES)"
            )
        }
        guard tls == .auto || !hasCertificate else {
            throw ConfigurationError(
                key: "http.tls",
                problem: "is off, and tls.certificate is set: choose one"
            )
        }
        guard !hasProxyHeader || hasProxies else {
            throw ConfigurationError(
                key: "http.proxy.protocol",
                problem: "is on, and http.proxies (DESKROOM_HTTP_PROXIES) names nobody who may send it"
            )
        }
    }
}
