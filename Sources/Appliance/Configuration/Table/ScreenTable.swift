extension SettingGroup {
    /// How large the desk can be made while it is in use.
    package static let screen = SettingGroup(
        title: """
            The size of the desk, which whoever has the right (arrange) can change, unless it is attached to a display.
            """,
        settings: [
            Setting(
                "screen.largest",
                .text,
                default: ScreenSettings.defaultLargest,
                """
                The largest size that can be chosen, 320x240 to 3840x2160; where the desk begins larger (desk.width, desk.height), \
                that is. The X server takes 4 bytes of memory for each pixel of it.
                """
            ),
            Setting(
                "screen.sizes",
                .list,
                default: ScreenSettings.defaultSizes,
                "The sizes that are offered, spaces between, beside that of somebody's window; what is larger than allowed is not."
            ),
        ]
    )
}
