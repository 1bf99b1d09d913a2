extension SettingGroup {
    /// What is recorded.
    package static let audit = SettingGroup(
        title: "",
        settings: [
            Setting(
                "audit.file",
                .path,
                """
                The audit (docs/access.md): a file that entries are added to, each on the disk before \
                the next one. Default: none is kept.
                """
            ),
            Setting(
                "audit.key",
                .path,
                "A private key in PEM (P-256 or Ed25519), which signs how far the audit has come."
            ),
            Setting(
                "audit.required",
                .flag,
                default: "on",
                "Whether nobody new comes in while the audit cannot be written, on or off."
            ),
        ]
    )
}
