/// What may be started from the page, and what is new when the desk is reset.
package struct ActivitySettings: Hashable, Sendable {
    /// `desk.shelf`: the absolute path of a directory of `.desktop` files, or a list, separated by semicolons, of `Name: command`
    /// (``Shelf``).
    package var shelf: String?
    /// `desk.home`: the absolute path of a directory that the room makes, where programs on the desk have their home directory, which
    /// is new for each session and whenever the desk is reset (``DeskHome``).
    ///
    /// Default: programs have the home directory of the user as whom they run, and nothing in it is ever deleted.
    package var home: String?
    /// `desk.skeleton`: the absolute path of a directory, a copy of whose files such a home begins with.
    package var skeleton: String?

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        shelf = values.text("desk.shelf")
        home = try Self.path("desk.home", values)
        skeleton = try Self.path("desk.skeleton", values)
        guard skeleton == nil || home != nil else {
            throw ConfigurationError(
                key: "desk.skeleton",
                problem: "is for the home directory that the room makes: set desk.home, too"
            )
        }
    }

    private static func path(
        _ key: String,
        _ values: SettingValues
    ) throws(ConfigurationError) -> String? {
        guard let path = values.text(key) else { return nil }
        guard path.hasPrefix("/") else {
            throw ConfigurationError(key: key, problem: "“\(path)” does not begin with a slash")
        }
        return path
    }
}
