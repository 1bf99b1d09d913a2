internal import Foundation
internal import Glibc
internal import IO
internal import Logging

/// How a process of the room begins and ends, the keeper as the room itself: it reads the settings, and exits with a ``RoomExit``.
enum RoomProcess {
    /// - Parameters:
    ///   - name: For the log.
    ///   - session: What the session is called, where it has a name already.
    ///   - memory: What the room before has left.
    ///   - body: Runs until the end; returns the exit status.
    static func run(
        _ options: SettingOptions,
        as name: String,
        session: String? = nil,
        memory: RoomMemory.Content = RoomMemory.Content(),
        _ body: (ReadSettings, [String: String]) async throws -> CInt
    ) async -> Never {
        let environment = ProcessInfo.processInfo.environment
        var sources: SettingSources?
        do {
            var read = options.read(environment)
            read.nameSession(session)
            read.take(memory)
            guard read.mistakes.isEmpty else { throw FailedStart(read.mistakes) }
            sources = read.sources
            let configuration = read.configuration
            let sink = LoggingSystem.bootstrapDeskroom(
                Logger.Level(rawValue: configuration.logLevel) ?? .info,
                LogIdentity(configuration.log.format, session: configuration.log.session, process: name)
            )
            defer { sink.flush() }
            let status = try await body(read, environment)
            sink.flush()
            // Threads of the libraries below live as long as the process: what C libraries tear down in
            // `exit` would be torn away under them.
            _exit(status)
        } catch let error as FailedStart {
            error.tell()
            _exit(error.status.rawValue)
        } catch let error as ConfigurationError {
            let failure = FailedStart([
                sources?.placed(error) ?? SettingMistake(nil, problem: error.description)
            ])
            failure.tell()
            _exit(failure.status.rawValue)
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("Error: \(error)\n".utf8))
            _exit(RoomExit(error).rawValue)
        }
    }
}
