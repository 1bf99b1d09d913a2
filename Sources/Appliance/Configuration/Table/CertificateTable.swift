extension SettingGroup {
    /// What the page's HTTPS shows.
    package static let certificate = SettingGroup(
        title: "",
        settings: [
            Setting(
                "tls.certificate",
                .path,
                """
                Certificate chain and private key, PEM files, read again within a minute when they change. Without \
                them the room makes one for itself, and browsers warn.
                """
            ),
            Setting(
                "tls.key",
                .path,
                ""
            ),
            Setting(
                "tls.names",
                .list,
                "Host names and addresses for the certificate that the room makes; commas between."
            ),
            Setting(
                "tls.directory",
                .path,
                """
                Where that certificate and its key are kept, so that pages come back by themselves after a restart: a \
                directory that programs on the desk cannot read, such as a volume that is not in their home. Default: \
                $STATE_DIRECTORY, $XDG_STATE_HOME/deskroom or $XDG_RUNTIME_DIR, the first that they cannot read.
                """
            ),
        ]
    )
}
