/// Something that is wrong with what was set, in words a person can act on.
package struct SettingMistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// `nil`: nobody has set it.
    package var place: SettingPlace?
    /// `nil`: it is no setting.
    package var key: String?
    package var problem: String

    package init(_ place: SettingPlace?, key: String? = nil, problem: String) {
        self.place = place
        self.key = key
        self.problem = problem
    }

    package var description: String {
        let parts = [place?.description, key.map { SettingName($0).description }].compactMap { $0 }
        return (parts + [problem]).joined(separator: ": ")
    }
}
