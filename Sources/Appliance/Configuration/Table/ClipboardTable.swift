extension SettingGroup {
    /// What is copied on the desk, and elsewhere.
    package static let clipboard = SettingGroup(
        title: "The desk's clipboard and people's own.",
        settings: [
            Setting(
                "clipboard.use",
                .choice,
                default: "both",
                """
                What crosses between the desk's clipboard and that of whoever has the right (clipboardIn, clipboardOut): off, in \
                (onto the desk), out (from the desk) or both.
                """
            ),
            Setting(
                "clipboard.bytes",
                .number,
                default: "8388608",
                "Most bytes of one copy, in all its flavours (text, HTML, PNG), 1024 to 67108864."
            ),
        ]
    )
}
