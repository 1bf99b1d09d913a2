/// Who may come by something else than the room's page (`docs/whip-whep.md`).
package struct OutsideSettings: Hashable, Sendable {
    /// `outside.view`: whether the desk can be watched by WHEP: `on` or `off`; default `on`.
    package var isViewed = true
    /// `outside.publish`: whether cameras and microphones can come by WHIP: `on` or `off`; default `on`.
    package var isPublished = true
    /// `outside.origins`: the origins, separated by commas, of other pages that may do so in a browser; default none.
    package var origins = AllowedOrigins()
    /// `*` in `outside.origins`: pages of any origin may.
    package var takesEveryOrigin = false

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        isViewed = try values.flag("outside.view") ?? true
        isPublished = try values.flag("outside.publish") ?? true
        let texts = values.list("outside.origins") ?? []
        takesEveryOrigin = texts.contains("*")
        do throws(AllowedOrigins.Problem) {
            origins = try AllowedOrigins(texts.filter { $0 != "*" })
        } catch {
            throw ConfigurationError(key: "outside.origins", problem: "“\(error.text)” \(error.words)")
        }
    }

    package func takes(_ client: OutsideClient) -> Bool {
        switch client {
        case .publisher: isPublished
        case .viewer: isViewed
        }
    }

    /// Whether a page of this origin may read what it is answered.
    package func admits(_ origin: String) -> Bool { takesEveryOrigin || origins.allows(origin) }
}
