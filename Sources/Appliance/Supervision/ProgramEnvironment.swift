/// What programs on the desk get to see of the room's environment: what a desktop needs, and nothing else.
///
/// A list of what is allowed, because nobody can know what secrets a machine's owner keeps in it.
package struct ProgramEnvironment: Sendable {
    private var names = Self.usual

    /// - Parameter further: Further names; one that ends with `*` stands for all that begin so.
    package init(further: [String] = []) {
        names += further
    }

    /// What is left of an environment.
    package func filter(_ environment: [String: String]) -> [String: String] {
        // The room's own settings have secrets of its own, whatever the further names are.
        environment.filter { variable in
            !variable.key.hasPrefix("DESKROOM_") && names.contains { Self.matches(variable.key, $0) }
        }
    }

    private static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    private static let usual = [
        "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TERM", "LD_LIBRARY_PATH",
        "LANG", "LANGUAGE", "LC_*", "TZ",
        "DISPLAY", "XAUTHORITY", "PULSE_SERVER", "PULSE_SINK", "PULSE_SOURCE", "PULSE_COOKIE", "XDG_*",
        "GTK_*", "GDK_*", "QT_*", "GST_*", "XKB_*", "XCURSOR_*", "FONTCONFIG_*", "LIBGL_*", "MESA_*",
    ]
}
