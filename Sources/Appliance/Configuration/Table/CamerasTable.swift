extension SettingGroup {
    /// What browsers send.
    package static let cameras = SettingGroup(
        title: "Cameras and microphones.",
        settings: [
            Setting(
                "camera.codec",
                .choice,
                default: "vp8",
                """
                The codec of cameras: vp8, h264, vp9 or av1. VP8 and H.264 send each size as a stream of \
                its own; VP9 and AV1 send all sizes in one stream of layers, for less bandwidth and more \
                work in the sender's browser. A browser that cannot send what is chosen sends VP8; one \
                that cannot show it says so in the place of the picture.
                """
            ),
            Setting(
                "microphone.redundancy",
                .flag,
                default: "off",
                """
                Whether microphones send everything twice (RFC 2198), on or off: what is lost is heard \
                all the same, for twice the bandwidth of speech. Browsers that do not know it are sent \
                the sound once.
                """
            ),
        ]
    )
}
