import Appliance
import Foundation
import Testing

@Suite struct SettingsTableTests {
    /// Whoever adds a setting adds it to a group of the table (Sources/Appliance/Configuration/Table), too.
    @Test func theTableHasWhatIsReadAndNothingElse() throws {
        let asked = AskedKeys()
        _ = try Configuration(reading: SettingValues([:], asked: asked))
        let files = Set(SettingsTable.all.compactMap { $0.inFile?.key })
        let known = Set(SettingsTable.all.map(\.key)).subtracting(files)
        #expect(asked.all.subtracting(known) == [], "read, and not in the table")
        #expect(known.subtracting(asked.all) == [], "in the table, and never read")
    }

    /// `deskroom settings > container/deskroom.conf.sample` writes it anew.
    @Test func theSampleIsTheTable() throws {
        let sample = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../container/deskroom.conf.sample")
        #expect(try String(contentsOf: sample, encoding: .utf8) == SettingsTable.sample)
    }

    @Test func everyLineOfTheSampleIsTheDefault() throws {
        let lines = SettingsTable.sample.split(separator: "\n").map { line in
            line.hasPrefix("#DESKROOM_") ? line.dropFirst() : line
        }
        let file = SettingsFile(Array(lines.joined(separator: "\n").utf8), path: "sample")
        #expect(file.mistakes == [])
        #expect(file.lines.count == SettingsTable.all.count)
        let values = file.lines.map { line in
            (SettingsTable.setting(variable: line.variable)?.key ?? "", line.value)
        }
        var expected = Configuration()
        // By itself it depends on the port.
        expected.deskNetwork = .others
        #expect(
            try Configuration(reading: SettingValues(Dictionary(uniqueKeysWithValues: values))) == expected
        )
    }

    @Test(arguments: [Setting.Kind.number, .flag, .choice])
    func aValueOfTheWrongKindIsRefused(_ kind: Setting.Kind) {
        for setting in SettingsTable.all where setting.kind == kind {
            let read = ReadSettings(
                SettingSources(flags: ["\(setting.key)=nonsense"], file: nil, environment: [:], usual: nil)
            )
            #expect(read.mistakes.count == 1, "\(setting.key)")
            #expect(read.mistakes.first?.place == .flag)
            #expect(read.mistakes.first?.key == setting.key)
        }
    }

    @Test func everySettingIsExplained() {
        for group in SettingsTable.groups {
            #expect(group.settings.first?.words.isEmpty == false)
        }
        for setting in SettingsTable.all where setting.isSecret { #expect(setting.defaultText.isEmpty) }
    }
}
