extension SettingGroup {
    /// Programs that speak RTP and nothing else.
    package static let broadcast = SettingGroup(
        title: "Programs that speak plain RTP: mediasoup-demo's broadcaster API (docs/broadcast.md).",
        settings: [
            Setting(
                "broadcast.enabled",
                .flag,
                default: "off",
                """
                Whether whoever has the right (publishOutside, watchOutside) can send a camera and a microphone, or be sent the desk, \
                as plain RTP, by ffmpeg, GStreamer or scripts for mediasoup-demo, at /rooms/, on or off.
                """
            ),
            Setting(
                "broadcast.address",
                .text,
                default: "127.0.0.1",
                """
                The address of this machine where such RTP is received and sent from. On any but the machine's own (127.0.0.1, ::1) \
                it has to be sealed (SRTP).
                """
            ),
            Setting(
                "broadcast.ports",
                .text,
                "The UDP ports for it, such as 50000-50099; empty: any that is free."
            ),
        ]
    )
}
