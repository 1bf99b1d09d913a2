/// What `files.…` says: the folder on the desk that people put files into and take them from.
package struct FileSettings: Hashable, Sendable {
    package typealias Use = Configuration.ClipboardUse

    /// `files.use`: what crosses between the folder and people's devices, for those who have the right: `off`, `in` (onto the desk),
    /// `out` (from the desk) or `both`; default `both`.
    package var use = Use.both
    /// `files.folder`: its path, from the home directory on, or absolute; default `Shared`.
    package var folder = "Shared"
    /// `files.bytes`: most bytes of one file, 1,024 to 68,719,476,736; default 2,147,483,648.
    package var bytes = 2_147_483_648
    /// `files.total`: most bytes of all that lies in the folder when somebody puts something there, 1,024 to 1,099,511,627,776;
    /// default 8,589,934,592.
    package var total = 8_589_934_592

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        use = try values.choice("files.use") ?? use
        if let text = values.text("files.folder") {
            guard Self.isPath(text) else {
                throw ConfigurationError(
                    key: "files.folder",
                    problem:
                        "“\(text)” is not a path of names, such as Shared or /srv/shared, without . and .."
                )
            }
            folder = text
        }
        bytes = try values.number("files.bytes", in: 1_024...68_719_476_736) ?? bytes
        total = try values.number("files.total", in: 1_024...1_099_511_627_776) ?? total
    }

    private static func isPath(_ text: String) -> Bool {
        let names = text.split(separator: "/", omittingEmptySubsequences: true)
        return !names.isEmpty && !names.contains(".") && !names.contains("..") && !names.contains("~")
    }
}
