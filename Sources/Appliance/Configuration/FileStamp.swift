internal import Foundation

/// What changes when a file does.
struct FileStamp: Hashable, Sendable {
    private var date: Date?
    private var size: Int?
    private var file: Int?

    /// Of what a link leads to; `nil` if there is no such file.
    init?(_ path: String) {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        guard let found = try? FileManager.default.attributesOfItem(atPath: target) else { return nil }
        date = found[.modificationDate] as? Date
        size = found[.size] as? Int
        file = found[.systemFileNumber] as? Int
    }
}
