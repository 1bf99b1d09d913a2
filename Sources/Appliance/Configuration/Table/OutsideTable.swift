extension SettingGroup {
    /// Programs and pages that are not the room's own.
    package static let outside = SettingGroup(
        title: "Programs and pages of others: WHIP and WHEP (docs/whip-whep.md).",
        settings: [
            Setting(
                "outside.view",
                .flag,
                default: "on",
                """
                Whether whoever has the right (watchOutside) can watch the desk by another program or page, by WHEP at /whep, on or \
                off.
                """
            ),
            Setting(
                "outside.publish",
                .flag,
                default: "on",
                """
                Whether whoever has the right (publishOutside) can send a camera and a microphone by another program or page, by \
                WHIP at /whip, on or off.
                """
            ),
            Setting(
                "outside.origins",
                .list,
                """
                Origins of pages, separated by commas, that may do so in a browser, such as https://clinic.example, or * for all. \
                Programs that are not browsers need none.
                """
            ),
        ]
    )
}
