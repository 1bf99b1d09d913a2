internal import Synchronization

/// Settings by their keys, as texts that still have to be read.
package struct SettingValues: Sendable {
    private var texts: [String: String]
    private let asked: AskedKeys?

    /// - Parameters:
    ///   - texts: By key.
    ///   - asked: Is told of each key that is read.
    package init(_ texts: [String: String], asked: AskedKeys? = nil) {
        self.texts = texts
        self.asked = asked
    }

    /// Forgets a value; `false` if there is none.
    mutating func leaveOut(_ key: String) -> Bool { texts.removeValue(forKey: key) != nil }

    func raw(_ key: String) -> String? {
        asked?.add(key)
        return texts[key]
    }

    /// The value, or `nil` if there is none or it is empty.
    func text(_ key: String) -> String? {
        guard let value = raw(key), !value.isEmpty else { return nil }
        return value
    }

    func list(_ key: String, separator: Character = ",") -> [String]? {
        text(key)?.split(separator: separator).map { $0.trimmingSpaces }.filter { !$0.isEmpty }
    }

    func flag(_ key: String) throws(ConfigurationError) -> Bool? {
        switch text(key) {
        case nil: nil
        case "on", "true": true
        case "off", "false": false
        case let text?: throw ConfigurationError(key: key, problem: "“\(text)” is not on or off")
        }
    }

    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String
    ) throws(ConfigurationError) -> Choice? {
        guard let text = text(key) else { return nil }
        guard let value = Choice(rawValue: text) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(key: key, problem: "“\(text)” is none of \(names)")
        }
        return value
    }

    func number(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ConfigurationError(
                key: key,
                problem: "“\(text)” is not a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}

/// The keys that somebody has asked for, so that the table of all settings can be compared with them.
package final class AskedKeys: Sendable {
    private let keys = Mutex<Set<String>>([])

    package init() {}

    package var all: Set<String> { keys.withLock { $0 } }

    func add(_ key: String) {
        keys.withLock { _ = $0.insert(key) }
    }
}
