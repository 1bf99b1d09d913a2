/// What was set, by whom and where: flags win over the environment, which wins over the file.
package struct SettingSources: Sendable {
    package struct Value: Hashable, Sendable {
        package var text: String
        package var place: SettingPlace
    }

    /// By key.
    package private(set) var values: [String: Value] = [:]
    package private(set) var mistakes: [SettingMistake] = []
    /// What does not keep a room from starting.
    package private(set) var warnings: [SettingMistake] = []
    /// The file of settings, if there is one.
    package let file: String?
    /// Files with secrets in them.
    package private(set) var secretFiles: [String] = []

    /// - Parameters:
    ///   - flags: As in `--set`: `http.port=8443`.
    ///   - file: `nil`: the one that `DESKROOM_CONFIG` names, or that is at `usual`.
    ///   - usual: Where a file is looked for that nobody names.
    package init(
        flags: [String],
        file: String?,
        environment: [String: String],
        usual: String? = Self.usualFile
    ) {
        let named = environment[Self.fileVariable].flatMap { $0.isEmpty ? nil : $0 }
        self.file = file ?? named ?? usual.flatMap { FileStatus.exists($0) ? $0 : nil }
        if let path = self.file { read(SettingsFile(at: path)) }
        read(environment)
        for flag in flags { read(flag) }
        for setting in SettingsTable.all where setting.isSecret { readFile(of: setting) }
    }

    package func text(_ key: String) -> String? { values[key]?.text }

    /// With the place where what it is about was set.
    package func placed(_ error: ConfigurationError) -> SettingMistake {
        SettingMistake(values[error.key]?.place, key: error.key, problem: error.problem)
    }

    private mutating func read(_ file: SettingsFile) {
        mistakes += file.mistakes
        for line in file.lines {
            guard let setting = SettingsTable.setting(variable: line.variable) else { continue }
            values[setting.key] = Value(text: line.value, place: .file(file.path, line: line.number))
        }
    }

    private mutating func read(_ environment: [String: String]) {
        for (variable, value) in environment.sorted(by: { $0.key < $1.key }) {
            guard variable.hasPrefix(SettingName.prefix), variable != Self.fileVariable else { continue }
            let setting = SettingsTable.setting(variable: variable)
            if ServiceLinks.contain(variable, value: value) {
                guard let setting else { continue }
                warnings.append(
                    SettingMistake(
                        .environment,
                        key: setting.key,
                        problem:
                            "looks like what Kubernetes sets for a Service of this name, and is passed over; "
                            + "enableServiceLinks: false in the pod's specification keeps such variables out"
                    )
                )
            } else if let setting {
                values[setting.key] = Value(text: value, place: .environment)
            } else {
                warnings.append(SettingMistake(.environment, problem: SettingsFile.unknown(variable)))
            }
        }
    }

    private mutating func read(_ flag: String) {
        guard let equals = flag.firstIndex(of: "="), equals != flag.startIndex else {
            mistakes.append(
                SettingMistake(.flag, problem: "wants a key, = and a value, such as http.port=8443")
            )
            return
        }
        let key = String(flag[..<equals])
        guard SettingsTable.setting(key: key) != nil else {
            mistakes.append(SettingMistake(.flag, problem: SettingsFile.unknown(key)))
            return
        }
        values[key] = Value(text: String(flag[flag.index(after: equals)...]), place: .flag)
    }

    /// Takes a secret from its file.
    private mutating func readFile(of setting: Setting) {
        guard let name = setting.inFile?.key, let value = values[name], !value.text.isEmpty else { return }
        secretFiles.append(value.text)
        if let other = values[setting.key], !other.text.isEmpty {
            let problem = "is set besides \(setting.name) (\(other.place)): remove one of them"
            mistakes.append(SettingMistake(value.place, key: name, problem: problem))
            return
        }
        do throws(SecretFile.Problem) {
            let file = try SecretFile(at: value.text)
            values[setting.key] = Value(text: file.secret, place: .file(value.text, line: 0))
            if file.isOpenToAll {
                let problem = "every user of this machine may read \(value.text); chmod o-r takes that away"
                warnings.append(SettingMistake(value.place, key: name, problem: problem))
            }
        } catch {
            mistakes.append(SettingMistake(value.place, key: name, problem: error.words))
        }
    }

    /// The environment's name for the file of settings.
    package static let fileVariable = "DESKROOM_CONFIG"
    package static let usualFile = "/etc/deskroom/deskroom.conf"
}
