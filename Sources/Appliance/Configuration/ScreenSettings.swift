package import RemoteControl

/// How large the desk's screen can be made (`screen.…`).
package struct ScreenSettings: Hashable, Sendable {
    /// `screen.largest`: what the X server has room for, unless the desk begins larger; default 2560x1440.
    package var largest: DeskSize
    /// `screen.sizes`: what people can choose from, as far as it fits.
    package var sizes: [DeskSize]

    package init() {
        largest = DeskSize(parsing: Self.defaultLargest) ?? .greatest
        sizes = Self.defaultSizes.split(separator: " ").compactMap { DeskSize(parsing: $0) }
    }

    /// - Throws: ``ConfigurationError``.
    package init(reading values: SettingValues) throws(ConfigurationError) {
        self.init()
        if let text = values.text("screen.largest") {
            largest = try Self.size(text, key: "screen.largest")
        }
        if let texts = values.list("screen.sizes", separator: " ") {
            sizes = []
            for text in texts { sizes.append(try Self.size(text, key: "screen.sizes")) }
            guard sizes.count <= Self.mostSizes else {
                throw ConfigurationError(
                    key: "screen.sizes",
                    problem: "has \(sizes.count) sizes; \(Self.mostSizes) are the most"
                )
            }
        }
    }

    /// What the screen can be made at most, where it begins with this size.
    package func largest(with first: DeskSize) -> DeskSize { largest.union(first) }

    private static func size(_ text: String, key: String) throws(ConfigurationError) -> DeskSize {
        guard let size = DeskSize(parsing: text) else {
            throw ConfigurationError(
                key: key,
                problem: """
                    “\(text)” is no size such as 1280x720, even and from \(DeskSize.smallest) to \(DeskSize.greatest)
                    """
            )
        }
        return size
    }

    package static let defaultLargest = "2560x1440"
    package static let defaultSizes = "1280x720 1600x900 1920x1080 2560x1440 720x1280 2560x720 3840x1080"
    private static let mostSizes = 24
}

extension Configuration {
    /// With which size the desk begins: its sides are in range.
    package var size: DeskSize { DeskSize(width: width, height: height) ?? .smallest }

    /// Whether the size of the screen is the room's to change: on a display of its own, and captured in a way that follows.
    package var canResize: Bool { display == nil && capture == .damage }
}
