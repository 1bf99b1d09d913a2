extension SettingGroup {
    /// When the room ends, and how.
    package static let life = SettingGroup(
        title: "The end of the room (docs/life.md).",
        settings: [
            Setting(
                "life.grace",
                .number,
                default: "25",
                """
                Seconds for which a session goes on after SIGTERM, while people are told and nobody new is let in, 0 to \
                3600; keep it below the time after which whoever runs the container kills it (podman stop: 10 s; \
                Kubernetes: 30 s).
                """
            ),
            Setting(
                "life.empty",
                .number,
                default: "0",
                "Minutes that nobody may be in the room before it ends, 0 to 10080; 0: it waits for ever."
            ),
            Setting(
                "life.longest",
                .number,
                default: "0",
                """
                Minutes that a session may last from when somebody first comes, 0 to 10080; 0: for ever. People are told 5 \
                and 1 before.
                """
            ),
            Setting(
                "life.codes",
                .flag,
                default: "off",
                "Whether a room that ends by itself exits with 10 (empty) or 11 (longest) instead of 0, on or off."
            ),
        ]
    )
}
