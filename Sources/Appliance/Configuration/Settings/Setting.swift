/// What is known of a setting without reading it: the one place for its names, its default and its words.
package struct Setting: Hashable, Sendable {
    /// What its value has to be.
    package enum Kind: String, Hashable, Sendable {
        /// One of a few words.
        case choice
        /// `on` or `off`.
        case flag
        /// Several, with something between.
        case list
        /// A whole number.
        case number
        /// The place of a file or directory.
        case path
        case text
    }

    package let name: SettingName
    package let kind: Kind
    /// As it would be written; empty: none.
    package let defaultText: String
    /// Whether its value is shown to nobody.
    package let isSecret: Bool
    /// Sentences for whoever sets it; empty: those of the setting before it hold for both.
    package let words: String

    package init(
        _ key: String,
        _ kind: Kind,
        default defaultText: String = "",
        isSecret: Bool = false,
        _ words: String
    ) {
        name = SettingName(key)
        self.kind = kind
        self.defaultText = defaultText
        self.isSecret = isSecret
        self.words = words
    }

    package var key: String { name.key }

    /// The setting that names a file with this one's value in it.
    package var inFile: Setting? {
        guard isSecret else { return nil }
        return Setting(key + Self.fileSuffix, .path, "A file that holds it, instead.")
    }

    private static let fileSuffix = ".file"
}

/// Settings that belong together, under a heading of the sample.
package struct SettingGroup: Sendable {
    /// Empty: the words of the first setting are enough.
    package let title: String
    package let settings: [Setting]

    /// - Parameter settings: Secrets bring the setting of their file with them.
    package init(title: String, settings: [Setting]) {
        self.title = title
        self.settings = settings.flatMap { [$0] + ($0.inFile.map { [$0] } ?? []) }
    }
}
