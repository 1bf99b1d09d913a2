internal import Access
internal import Glibc
package import Logging

/// One line of the log, before it is written.
package struct LogLine: Sendable {
    package enum Format: String, CaseIterable, Hashable, Sendable {
        /// An object a line (RFC 8259).
        case json
        case text
    }

    /// Nanoseconds since 1970.
    package var time: Int64
    package var level: Logger.Level
    package var label: String
    /// Which of the room's processes says it.
    package var process: String
    package var session: String
    package var message: String
    package var metadata: [String: String]

    package init(
        time: Int64,
        level: Logger.Level,
        label: String,
        process: String,
        session: String,
        message: String,
        metadata: [String: String] = [:]
    ) {
        self.time = time
        self.level = level
        self.label = label
        self.process = process
        self.session = session
        self.message = message
        self.metadata = metadata
    }

    /// With the line break.
    package func bytes(_ format: Format) -> [UInt8] {
        switch format {
        case .json: json.bytes + [UInt8(ascii: "\n")]
        case .text: Array((text + "\n").utf8)
        }
    }

    private var json: JSONObject {
        let sorted: [(name: String, value: JSONValue?)] = metadata.sorted { $0.key < $1.key }
            .map { ($0.key, .string($0.value)) }
        return JSONObject([
            "time": .string(Self.text(of: time)), "level": .string(level.rawValue),
            "message": .string(message),
            "label": .string(label), "session": .string(session), "process": .string(process),
            "metadata": sorted.isEmpty ? nil : .object(JSONObject(sorted)),
        ])
    }

    /// As swift-log's own handler writes it; a line stays one.
    private var text: String {
        let fields = metadata.merging(["session": session, "process": process]) { own, _ in own }
        let pairs = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        let line = "\(Self.text(of: time)) \(level) \(label): \(pairs) \(message)"
        return String(line.map { $0.isNewline ? " " : $0 })
    }

    /// RFC 3339, in UTC and milliseconds.
    package static func text(of nanoseconds: Int64) -> String {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var parts = unsafe tm()
        unsafe gmtime_r(&seconds, &parts)
        let (year, month, day) = unsafe (parts.tm_year + 1_900, parts.tm_mon + 1, parts.tm_mday)
        let (hour, minute, second) = unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
        func digits(_ number: CInt, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let date = "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
        let time = "\(digits(hour, 2)):\(digits(minute, 2)):\(digits(second, 2))"
        return "\(date)T\(time).\(digits(CInt(nanoseconds / 1_000_000 % 1_000), 3))Z"
    }
}
