internal import Wire

/// When the room ends by itself, and how it ends when it is told to; `docs/life.md` says what happens then.
package struct LifeSettings: Hashable, Sendable {
    /// `life.grace`: seconds, 0 to 3,600, for which a session goes on after SIGTERM, while people are told; 0: not at all;
    /// default 25.
    package var grace = 25
    /// `life.empty`: minutes, 0 to 10,080, that nobody may be in the room before it ends; default 0: it waits for ever.
    package var empty = 0.0
    /// `life.longest`: minutes, 0 to 10,080, that a session may last from when somebody first comes; default 0: it may last
    /// for ever.
    package var longest = 0.0
    /// `life.codes`: `on`: a room that ends by itself exits with 10 (empty) or 11 (longest), not with 0; default `off`, so
    /// that nothing starts it again because of that.
    package var hasCodes = false

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        grace = try values.number("life.grace", in: 0...3_600) ?? grace
        empty = try Self.minutes("life.empty", values) ?? empty
        longest = try Self.minutes("life.longest", values) ?? longest
        hasCodes = try values.flag("life.codes") ?? hasCodes
    }

    package var limits: RoomLife.Limits {
        var limits = RoomLife.Limits()
        limits.grace = .seconds(Int64(grace))
        limits.empty = Self.interval(empty)
        limits.longest = Self.interval(longest)
        return limits
    }

    private static func interval(_ minutes: Double) -> Interval? {
        minutes == 0 ? nil : .milliseconds(Int64(minutes * 60_000))
    }

    private static func minutes(_ key: String, _ values: SettingValues) throws(ConfigurationError) -> Double?
    {
        guard let text = values.text(key) else { return nil }
        guard let minutes = Double(text), (0...10_080).contains(minutes) else {
            throw ConfigurationError(
                key: key,
                problem: "“\(text)” is not a number of minutes from 0 to 10080"
            )
        }
        return minutes
    }
}
