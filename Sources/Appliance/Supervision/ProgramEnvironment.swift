/// What programs on the desk get to see of the room's environment: what a desktop needs, and nothing else.
///
/// A list of what is allowed, because nobody can know what secrets a machine's owner keeps in it.
package struct ProgramEnvironment: Sendable {
    private var names = Self.usual

    /// - Parameter further: Further names; one that ends with `*` stands for all that begin so.
    package init(further: [String] = []) {
        names += further
    }

    /// What is left of an environment, with characters in UTF-8.
    package func filter(_ environment: [String: String]) -> [String: String] {
        // The room's own settings have secrets of its own, whatever the further names are.
        Self.writingUTF8(
            environment.filter { variable in
                !variable.key.hasPrefix("DESKROOM_") && names.contains { Self.matches(variable.key, $0) }
            }
        )
    }

    /// What people type and paste is Unicode: where no locale that says so is chosen, terminals and others take each
    /// character for several, or for none.
    private static func writingUTF8(_ environment: [String: String]) -> [String: String] {
        // POSIX.1-2017 §8.2: the first that is set and not empty decides.
        let chosen = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        if let words = chosen?.lowercased(), words.contains("utf-8") || words.contains("utf8") {
            return environment
        }
        var environment = environment
        // All else stays as it was chosen.
        if let all = environment.removeValue(forKey: "LC_ALL"), !all.isEmpty { environment["LANG"] = all }
        environment["LC_CTYPE"] = "C.UTF-8"
        return environment
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
