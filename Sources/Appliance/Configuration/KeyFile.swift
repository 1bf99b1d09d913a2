internal import Access
internal import Foundation
internal import Logging

/// A file of public keys, and what was in it when it could last be read.
struct KeyFile: Sendable {
    private(set) var keys: TokenKeys
    private let path: String
    private var stamp: FileStamp?

    init(_ path: String) throws(ConfigurationError) {
        self.path = path
        stamp = FileStamp(path)
        do {
            keys = try Self.keys(path)
        } catch let error as UnusableKey {
            throw ConfigurationError(key: "access.keyFile", problem: "cannot use \(path): \(error)")
        } catch {
            throw ConfigurationError(key: "access.keyFile", problem: "cannot read \(path)")
        }
    }

    /// Reads it again if it has changed; `nil` if it has not, or cannot be used: then the keys of before hold.
    mutating func read(_ log: Logger) -> TokenKeys? {
        // Taken first: what is written while it is read is another change.
        let now = FileStamp(path)
        guard now != stamp else { return nil }
        stamp = now
        do {
            keys = try Self.keys(path)
        } catch {
            log.warning(
                "The file of keys has changed and cannot be used; those of before hold",
                metadata: ["reason": "\(error)"]
            )
            return nil
        }
        log.info("The file of keys was read again", metadata: ["keys": "\(keys.keys.count)"])
        tell(log)
        return keys
    }

    /// Says which keys are passed over.
    func tell(_ log: Logger) {
        for words in keys.ignored {
            log.warning("A key of the file is not used", metadata: ["reason": "\(words)"])
        }
    }

    private static func keys(_ path: String) throws -> TokenKeys {
        try TokenKeys(file: Array(Data(contentsOf: URL(filePath: path))))
    }
}
