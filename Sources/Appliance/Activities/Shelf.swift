internal import Foundation
internal import Glibc
internal import IO
package import Wire

/// The activities: programs that may be started and stopped from the page, by their numbers here.
///
/// It is read once, by the keeper, and what the room is told of it is ``ToldShelf``: so both mean the same by a number.
package struct Shelf: Hashable, Sendable {
    package struct Activity: Hashable, Sendable {
        package var name: LocalizedText
        package var comment = LocalizedText("")
        /// A program, and its arguments.
        package var command: [String]
        /// In which it runs; `nil`: where all programs do.
        package var directory: String?
        /// For the log.
        package var programName: String
        /// Whether it is one of `desk.apps`, which run all the time.
        package var isAlwaysThere = false

        package init(_ name: LocalizedText, command: [String]) {
            self.name = name
            self.command = command
            programName = ProgramName(ofCommand: command.first ?? "").text
        }
    }

    /// Something that was to be on the shelf, and why it is not.
    package struct LeftOut: Hashable, Sendable {
        package var name: String
        package var problem: String

        var note: ConfigurationError {
            ConfigurationError(key: "desk.shelf", problem: "\(name) is left out: \(problem)")
        }
    }

    package private(set) var activities: [Activity] = []
    package private(set) var leftOut: [LeftOut] = []

    /// As many as there are numbers for.
    package static let most = 64

    /// Reads what `desk.shelf` names.
    ///
    /// - Parameter environment: The keeper's own.
    /// - Throws: ``ConfigurationError`` if it names neither a directory nor programs.
    package init(_ configuration: Configuration, environment: [String: String]) throws(ConfigurationError) {
        guard let setting = configuration.activities.shelf else { return }
        if setting.hasPrefix("/"), !setting.contains(";"), !setting.contains(": ") {
            try read(directory: setting, environment)
        } else {
            try read(list: setting)
        }
        for index in activities.indices {
            let words = activities[index].command
            let line = Self.plain(words.first == "/bin/sh" ? words.last ?? "" : words.joined(separator: " "))
            activities[index].isAlwaysThere = configuration.apps.contains { Self.plain($0) == line }
        }
        if activities.count > Self.most {
            for activity in activities[Self.most...] {
                leftOut.append(
                    LeftOut(name: activity.name.text, problem: "there is room for \(Self.most) activities")
                )
            }
            activities.removeLast(activities.count - Self.most)
        }
    }

    /// Without the spaces that no shell minds.
    private static func plain(_ command: String) -> String {
        command.split(separator: " ").joined(separator: " ")
    }

    // MARK: A directory

    private mutating func read(
        directory: String,
        _ environment: [String: String]
    ) throws(ConfigurationError) {
        guard Self.isDirectory(directory) else {
            let problem =
                FileStatus.exists(directory) ? "\(directory) is no directory" : "there is no \(directory)"
            throw ConfigurationError(key: "desk.shelf", problem: problem)
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw ConfigurationError(key: "desk.shelf", problem: "this user may not list \(directory)")
        }
        let path = environment["PATH"]
        let own =
            ["Deskroom"] + (environment["XDG_CURRENT_DESKTOP"] ?? "").split(separator: ":").map(String.init)
        for name in names.sorted() where name.hasSuffix(".desktop") {
            do throws(DesktopEntryError) {
                let entry = try DesktopEntry(
                    parsing: Self.contents(of: directory + "/" + name),
                    at: directory + "/" + name,
                    desktops: own
                )
                add(entry, name: name, path: path)
            } catch {
                leftOut.append(LeftOut(name: name, problem: error.words))
            }
        }
    }

    private mutating func add(_ entry: DesktopEntry, name: String, path: String?) {
        guard entry.isShown else { return }
        if let program = entry.tryExec, !Self.isThere(program, path) { return }
        guard let program = entry.command.first, Self.isThere(program, path) else {
            let words = ProgramName(ofCommand: entry.command.first ?? "").text
            return leftOut.append(LeftOut(name: name, problem: "its program, \(words), is not there"))
        }
        var activity = Activity(entry.name, command: entry.command)
        if entry.isTerminal { activity.command = ["xterm", "-e"] + entry.command }
        activity.comment = entry.comment
        activity.directory = entry.directory
        activities.append(activity)
    }

    private static func isThere(_ program: String, _ path: String?) -> Bool {
        guard let found = ProcessLaunch.locate(program, in: path) else { return false }
        return unsafe access(found, X_OK) == 0
    }

    /// A link to one counts.
    private static func isDirectory(_ path: String) -> Bool {
        FileStatus(URL(filePath: path).resolvingSymlinksInPath().path)?.isDirectory == true
    }

    /// Up to one byte more than is read; nothing, if it cannot be read, or is no file.
    private static func contents(of path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return [] }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        return [UInt8]((try? file.read(upToCount: DesktopEntry.maximumLength + 1)) ?? Data())
    }

    // MARK: A list

    private mutating func read(list: String) throws(ConfigurationError) {
        for item in list.split(separator: ";").map({ $0.trimmingCharacters(in: .whitespaces) })
        where !item.isEmpty {
            let parts = item.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            let command = parts.last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
            let program = ProgramName(ofCommand: command).text
            let name = parts.count == 2 ? LocalizedText.line(String(parts[0])) : program
            guard !command.isEmpty, !name.isEmpty, !item.hasSuffix(":") else {
                throw ConfigurationError(
                    key: "desk.shelf",
                    problem:
                        "“\(LocalizedText.line(item))” is no name with a command, such as Terminal: xterm"
                )
            }
            var activity = Activity(LocalizedText(name), command: ["/bin/sh", "-c", command])
            activity.programName = program
            activities.append(activity)
        }
        guard !activities.isEmpty else {
            throw ConfigurationError(key: "desk.shelf", problem: "names no program")
        }
    }
}

extension DesktopEntryError {
    /// For whoever has written the file.
    var words: String {
        switch self {
        case .command(let problem): "the command in Exec cannot be used: \(problem)"
        case .malformedLine(let line): "line \(line) is neither a group nor a key with a value"
        case .missing(let key): "there is no \(key)"
        case .notAnApplication: "its Type is not Application"
        case .notText: "it is not text in UTF-8"
        case .tooLong:
            "it has more than \(DesktopEntry.maximumLength) bytes or \(DesktopEntry.maximumLineCount) lines"
        }
    }
}
