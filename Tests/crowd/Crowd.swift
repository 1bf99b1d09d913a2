internal import Foundation
internal import Participant
internal import Wire

/// Native participants in a running room.
@main
struct Crowd {
    static func main() {
        guard let settings = Settings(CommandLine.arguments) else {
            FileHandle.standardError.write(Data((Settings.usage + "\n").utf8))
            exit(2)
        }
        guard let recordings = Recordings(settings.media) else {
            FileHandle.standardError.write(Data("crowd: no recordings in \(settings.media ?? "")\n".utf8))
            exit(1)
        }
        do {
            let context = try Member.Context(settings, recordings)
            let report = settings.visits == nil ? try Meeting(context).run() : try Visits(context).run()
            if let report { say(settings.writesJSON ? report.json : report.table) }
        } catch {
            FileHandle.standardError.write(Data("crowd: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// Prints a line at once: somebody waits for it.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// Why there is no crowd, in words.
struct CrowdError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
