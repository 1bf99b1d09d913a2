internal import Logging

/// What all sources say together, and everything that is wrong with it.
package struct ReadSettings: Sendable {
    package let sources: SettingSources
    /// Good only without ``mistakes``.
    package private(set) var configuration: Configuration
    package let mistakes: [SettingMistake]
    package var warnings: [SettingMistake] { sources.warnings }

    package init(_ sources: SettingSources) {
        self.sources = sources
        var mistakes = sources.mistakes
        var values = SettingValues(sources.values.mapValues(\.text))
        var configuration: Configuration?
        // Whoever reads a setting stops at the first mistake. So it is noted and left out, and all is read again.
        while configuration == nil {
            do throws(ConfigurationError) {
                configuration = try Configuration(reading: values)
            } catch {
                let mistake = sources.placed(error)
                if !mistakes.contains(mistake) { mistakes.append(mistake) }
                // What is missed cannot be left out: the mistakes behind it come to light once it is mended.
                guard values.leaveOut(error.key) else { break }
            }
        }
        self.configuration = configuration ?? Configuration()
        self.mistakes = mistakes
    }

    /// Gives the session a name for this start, if none was set.
    ///
    /// - Parameter name: The one that it has already.
    mutating func nameSession(_ name: String? = nil) {
        if let name { configuration.log.session = name } else { configuration.log.nameSession() }
    }

    /// Has the room listen where the one before did, if it lets the system choose.
    mutating func take(_ memory: RoomMemory.Content) {
        if configuration.port == 0, let port = memory.port { configuration.port = port }
        if configuration.metrics.port == 0, let port = memory.metricsPort {
            configuration.metrics.port = port
        }
    }

    /// Files that only the room may read.
    var secretFiles: [String] {
        [
            configuration.keyPath, sources.file, configuration.access.keyFile, configuration.audit.key,
            configuration.audit.file, configuration.audit.file.map { $0 + ".head" },
        ]
        .compactMap { $0 } + sources.secretFiles
    }

    /// Says what was passed over.
    func tell(_ log: Logger) {
        for warning in warnings {
            log.warning("A setting is not as it should be", metadata: ["setting": "\(warning)"])
        }
    }

    /// Every setting as it holds, and where it comes from.
    package var effective: [EffectiveSetting] {
        SettingsTable.all.map { setting in
            let value = sources.values[setting.key]
            return EffectiveSetting(
                setting: setting,
                text: value?.text ?? setting.defaultText,
                place: value?.place
            )
        }
    }
}

/// A setting, its value and where it comes from.
package struct EffectiveSetting: Sendable {
    package var setting: Setting
    package var text: String
    /// `nil`: nobody has set it, and the default holds.
    package var place: SettingPlace?
}
