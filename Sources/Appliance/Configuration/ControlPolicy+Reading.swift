internal import RemoteControl
internal import Wire

extension ControlPolicy {
    /// Reads the settings `control.ask`, `control.free`, `control.consent`, `control.hands`, `control.limit` and
    /// `control.timeout`.
    init(reading values: SettingValues) throws(ConfigurationError) {
        self.init()
        ask = try values.choice("control.ask") ?? ask
        free = try values.choice("control.free") ?? free
        consent = try values.choice("control.consent") ?? consent
        hands = try values.number("control.hands", in: 1...Self.mostHands) ?? hands
        if let seconds = try values.number("control.limit", in: 0...86_400), seconds != 0 {
            guard seconds >= 10 else {
                throw ConfigurationError(
                    key: "control.limit",
                    problem: "“\(seconds)” is less than ten seconds"
                )
            }
            limit = .seconds(Int64(seconds))
        }
        if let seconds = try values.number("control.timeout", in: 5...300) {
            timeout = .seconds(Int64(seconds))
        }
    }
}
