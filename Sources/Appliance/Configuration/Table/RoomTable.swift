extension SettingGroup {
    /// The rest.
    package static let room = SettingGroup(
        title: "The room.",
        settings: [
            Setting(
                "runtime.dir",
                .path,
                "Directory for sockets. Default: a fresh one under $XDG_RUNTIME_DIR or /tmp."
            ),
            Setting(
                "session.people",
                .number,
                default: "50",
                "Most people in the room, 1 to 500."
            ),
            Setting(
                "session.sharing",
                .number,
                default: "0",
                """
                Most people from one network address, such as that of a router they share, 0 to 500; 0: \
                half of the above, at least 16.
                """
            ),
            Setting(
                "control.idle",
                .number,
                default: "120",
                """
                Seconds after which somebody in control who does nothing loses it to another who asks, 0 \
                to 3600; 0: never.
                """
            ),
            Setting(
                "control.ask",
                .choice,
                default: "holder",
                """
                Who answers somebody that asks for control while another one has it: holder, clinician \
                (whoever may give it) or both.
                """
            ),
            Setting(
                "control.free",
                .choice,
                default: "take",
                """
                What somebody gets who asks while nobody has it: take (control), or ask (whoever may \
                give it).
                """
            ),
            Setting(
                "control.consent",
                .choice,
                default: "none",
                "Whose consent is needed before somebody else drives: none or client."
            ),
            Setting(
                "control.hands",
                .number,
                default: "1",
                """
                How many people may drive at once, 1 to 4, each with a pointer and a keyboard of their \
                own, where whoever may give control lets them (docs/hands.md).
                """
            ),
            Setting(
                "control.limit",
                .number,
                default: "0",
                """
                Seconds for which those have control who may not give it, 10 to 86400; 0: without an \
                end.
                """
            ),
            Setting(
                "control.timeout",
                .number,
                default: "30",
                "Seconds after which no answer to a question about control is a No, 5 to 300."
            ),
            Setting(
                "log.level",
                .choice,
                default: "info",
                "trace, debug, info, notice, warning, error or critical."
            ),
        ]
    )
}
