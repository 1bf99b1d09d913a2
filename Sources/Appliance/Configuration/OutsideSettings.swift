/// Who may come by something else than the room's page (`docs/whip-whep.md`).
package struct OutsideSettings: Hashable, Sendable {
    /// `outside.view`: whether the desk can be watched by WHEP: `on` or `off`; default `on`.
    package var isViewed = true
    /// `outside.publish`: whether cameras and microphones can come by WHIP: `on` or `off`; default `on`.
    package var isPublished = true
    /// `outside.origins`: the origins, separated by commas, of other pages that may do so in a browser, or `*`; default none.
    package var origins: [String] = []

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        isViewed = try values.flag("outside.view") ?? true
        isPublished = try values.flag("outside.publish") ?? true
        origins = values.list("outside.origins") ?? []
        for origin in origins where origin != "*" && !Self.isOrigin(origin) {
            throw ConfigurationError(
                key: "outside.origins",
                problem: "“\(origin)” is no origin such as https://clinic.example, nor *"
            )
        }
    }

    package func takes(_ client: OutsideClient) -> Bool {
        switch client {
        case .publisher: isPublished
        case .viewer: isViewed
        }
    }

    /// Whether a page of this origin may read what it is answered.
    package func admits(_ origin: String) -> Bool { origins.contains("*") || origins.contains(origin) }

    /// A scheme, a host and perhaps a port (RFC 6454 §6.2).
    private static func isOrigin(_ text: String) -> Bool {
        for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            return !rest.isEmpty && !rest.contains { "/?# ".contains($0) }
        }
        return false
    }
}
