extension SettingGroup {
    /// What people share.
    package static let desk = SettingGroup(
        title: "The desk.",
        settings: [
            Setting(
                "desk.width",
                .number,
                default: "1920",
                "Size in pixels, even: 320 to 3840 and 240 to 2160."
            ),
            Setting(
                "desk.height",
                .number,
                default: "1080",
                ""
            ),
            Setting(
                "desk.display",
                .text,
                "Attach to this X display, e.g. :0, instead of starting one."
            ),
            Setting(
                "desk.sound",
                .text,
                """
                Attach to this PulseAudio server, e.g. unix:/run/pulse/native, instead of starting one.
                """
            ),
            Setting(
                "desk.sound.source",
                .text,
                default: "desk.monitor",
                "The PulseAudio source that people hear."
            ),
            Setting(
                "desk.sound.people",
                .text,
                default: "people",
                """
                The PulseAudio sink into which the microphones of those are played whom somebody with the right (soundIn) lets \
                the desk's programs hear, and whose monitor these record; off: nobody can be heard. With a server of your own \
                (desk.sound) the default is off, and the sink has to be there.
                """
            ),
            Setting(
                "desk.layout",
                .choice,
                default: "auto",
                """
                The desk's keyboard layout: auto (that of whoever drives, if they may arrange the desk and their browser tells) or \
                a name of XKB's: us gb de at ch ch-fr fr be ca es latam it pt br dk no se fi pl cz sk hu ro si hr tr gr ru ua il \
                us-dvorak. Text arrives whatever it is.
                """
            ),
            Setting(
                "desk.fps",
                .number,
                default: "30",
                "Most frames a second, 1 to 60. A still desk sends none."
            ),
            Setting(
                "desk.capture",
                .choice,
                default: "damage",
                """
                How the screen is read: damage (only what changed) or ximagesrc (all of it, every time).
                """
            ),
            Setting(
                "desk.unmasked",
                .choice,
                default: "clinicians",
                """
                Who sees the desk as it is while something of it is hidden from others: clinicians or \
                nobody.
                """
            ),
            Setting(
                "desk.bitrate",
                .number,
                default: "5000000",
                "Most bits a second of picture, 100000 to 100000000."
            ),
            Setting(
                "desk.audio.bitrate",
                .number,
                default: "96000",
                "Bits a second of sound, 6000 to 510000."
            ),
            Setting(
                "desk.wm",
                .text,
                default: "openbox",
                "Window manager; empty for none."
            ),
            Setting(
                "desk.apps",
                .list,
                """
                Programs on the desk, shell commands with semicolons between; each is started again when \
                it ends.
                """
            ),
            Setting(
                "desk.shelf",
                .text,
                """
                What may be started and stopped from the page (docs/activities.md): a directory of .desktop files, or a list with \
                semicolons between, e.g. Whiteboard: xournalpp; Terminal: xterm.
                """
            ),
            Setting(
                "desk.home",
                .path,
                """
                A directory that the room makes, and that nobody else uses: programs on the desk get their home directory in it, \
                which is deleted and made anew for each session, and when the desk is reset. Default: they have their user's own, \
                and nothing is ever deleted.
                """
            ),
            Setting(
                "desk.skeleton",
                .path,
                "A directory of files that such a home begins with, e.g. /etc/skel."
            ),
            Setting(
                "desk.app.memory",
                .number,
                default: "0",
                """
                Megabytes of memory that each process of these programs, and of what is started from the page, may have for itself, 0 to \
                1048576; 0: as many as there are.
                """
            ),
            Setting(
                "desk.user",
                .text,
                """
                The user as whom everything on the desk runs; default: the room's own. Only root, or a \
                room with the capabilities SETUID, SETGID and KILL, can run programs as another.
                """
            ),
            Setting(
                "desk.environment",
                .list,
                """
                Further variables that programs on the desk see of this environment, commas between; \
                NAME* is all that begin so. They see what a desktop needs (PATH, HOME, LANG, LC_*, \
                XDG_*, GTK_* ...), and never a setting of the room.
                """
            ),
            Setting(
                "desk.network",
                .choice,
                default: "others",
                """
                What programs on the desk can connect to: all, others (everything but the room's own TCP \
                port, on any machine, on kernels with landlock 4, Linux 6.7) or none. Where the room's \
                port is 80 or 443, which they may need elsewhere, the default is all.
                """
            ),
            Setting(
                "desk.opengl",
                .flag,
                default: "off",
                """
                Whether programs can draw by OpenGL, on or off: on for those that need it, at 50 MB of memory. The image has \
                it if it was built with further programs (container/build --with).
                """
            ),
        ]
    )
}
