internal import Foundation

/// Why nothing was started: every mistake, and the status that the process ends with.
struct FailedStart: Error {
    let mistakes: [SettingMistake]
    let status: RoomExit

    init(_ mistakes: [SettingMistake], status: RoomExit = .configuration) {
        self.mistakes = mistakes
        self.status = status
    }

    /// What stands in the way of listening; `nil` if nothing does.
    init?(_ ports: RoomPorts, _ sources: SettingSources) {
        guard !ports.problems.isEmpty else { return nil }
        self.init(
            ports.problems.map { sources.placed($0.error) },
            status: .noPort
        )
    }

    /// Writes all of them to standard error.
    func tell() {
        let lines =
            mistakes.map(\.description) + [mistakes.count == 1 ? "1 mistake" : "\(mistakes.count) mistakes"]
        try? FileHandle.standardError.write(contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}
