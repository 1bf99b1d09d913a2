internal import CoreMetrics
internal import Glibc
internal import IO
package import Logging
internal import Synchronization

/// The log of the room's processes: lines of text, or JSON objects, on standard error; each says which session it is of.
package struct RoomLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata = Logger.Metadata()
    private let label: String
    private let identity: LogIdentity
    private let sink: LogSink

    package init(label: String, level: Logger.Level, _ identity: LogIdentity, to sink: LogSink) {
        self.label = label
        logLevel = level
        self.identity = identity
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { $1 } }
        if let error = event.error { fields["error"] = "\(error)" }
        let line = identity.line(
            event.level,
            label: label,
            event.message.description,
            fields.mapValues(\.description)
        )
        sink.append(line.bytes(identity.format))
        Counter(MetricFamily.logLines, [("level", event.level.rawValue)]).increment()
    }
}

/// Whose lines these are, and how they are written.
package struct LogIdentity: Hashable, Sendable {
    package var format: LogLine.Format
    package var session: String
    package var process: String

    package init(_ format: LogLine.Format, session: String, process: String) {
        self.format = format
        self.session = session
        self.process = process
    }

    func line(
        _ level: Logger.Level,
        label: String = "deskroom",
        _ message: String,
        _ metadata: [String: String] = [:]
    ) -> LogLine {
        LogLine(
            time: WallClock.now(),
            level: level,
            label: label,
            process: process,
            session: session,
            message: message,
            metadata: metadata
        )
    }
}

private let installed = Mutex<LogSink?>(nil)

extension LoggingSystem {
    /// Logs to standard error, so that standard output has only what the room says to who started it.
    ///
    /// - Returns: To be flushed before the process ends by itself.
    @discardableResult
    static func bootstrapDeskroom(_ level: Logger.Level, _ identity: LogIdentity) -> LogSink {
        let sink = LogSink { lost in
            identity.line(.warning, "Lines of the log were dropped", ["count": "\(lost)"]).bytes(
                identity.format
            )
        }
        bootstrap { RoomLogHandler(label: $0, level: level, identity, to: sink) }
        // Xlib, for one, ends a process by itself.
        installed.withLock { $0 = sink }
        atexit { installed.withLock { $0 }?.flush() }
        return sink
    }
}
