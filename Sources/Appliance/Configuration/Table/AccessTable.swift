extension SettingGroup {
    /// Who may come in, and as what.
    package static let access = SettingGroup(
        title: """
            Who may come in. Without any key the room makes a secret for this start, and prints a link for a \
            clinician and one for a client; docs/access.md says what is in a link, and how to make them.
            """,
        settings: [
            Setting(
                "room.name",
                .text,
                default: "deskroom",
                "The room that links are for."
            ),
            Setting(
                "access.secret",
                .text,
                isSecret: true,
                """
                A secret of at least 32 characters that links are signed with (HS256): openssl rand -hex \
                32 makes one.
                """
            ),
            Setting(
                "access.keyFile",
                .path,
                """
                A file of public keys that links are signed with: PEM, a JSON Web Key or JWKS. It is \
                read again when it changes.
                """
            ),
            Setting(
                "access.open",
                .flag,
                default: "off",
                """
                on: no link is needed, and whoever has the address may do everything. For tests and \
                demonstrations.
                """
            ),
            Setting(
                "api.secret",
                .text,
                isSecret: true,
                """
                A secret of at least 32 characters by which the clinic's back end uses the HTTP API \
                (docs/api.md); tokens with the scope admin open it, too.
                """
            ),
            Setting(
                "rights.caregiver",
                .list,
                default: "see hear speak camera chat",
                """
                What each role may do: all of its rights (see hear chat), or what is different (+record \
                -chat); none for none. Rights: see hear speak camera chat pointer keyboard clipboardIn \
                clipboardOut fileIn fileOut admit grant muteOthers remove mask record point arrange soundIn \
                watchOutside publishOutside
                """
            ),
            Setting(
                "rights.client",
                .list,
                default: "see hear speak camera chat pointer keyboard",
                ""
            ),
            Setting(
                "rights.clinician",
                .list,
                default: """
                    see hear speak camera chat pointer keyboard clipboardIn clipboardOut fileIn fileOut admit \
                    grant muteOthers remove mask record point arrange soundIn watchOutside publishOutside
                    """,
                ""
            ),
            Setting(
                "rights.observer",
                .list,
                default: "see hear",
                ""
            ),
            Setting(
                "room.waiting",
                .list,
                default: "client caregiver observer",
                """
                Whose people wait until somebody in the room lets them in: roles with spaces between, or \
                none.
                """
            ),
        ]
    )
}
