extension SettingGroup {
    /// The folder on the desk.
    package static let files = SettingGroup(
        title: "Files on the desk and people's own.",
        settings: [
            Setting(
                "files.use",
                .choice,
                default: "both",
                """
                What crosses between the folder on the desk and the devices of whoever has the right (fileIn, fileOut): off, in \
                (onto the desk), out (from the desk) or both.
                """
            ),
            Setting(
                "files.folder",
                .text,
                default: "Shared",
                """
                The folder: a path from the desk's home directory on, or an absolute one, which must exist where it is outside of \
                that. It is made when something is put there.
                """
            ),
            Setting(
                "files.bytes",
                .number,
                default: "2147483648",
                "Most bytes of one file, 1024 to 68719476736."
            ),
            Setting(
                "files.total",
                .number,
                default: "8589934592",
                """
                Most bytes of all that lies in the folder when somebody puts something there, 1024 to 1099511627776.
                """
            ),
        ]
    )
}
