internal import Glibc

/// What `/proc` says of the processes of this machine, at one moment.
struct ProcessTable {
    struct Entry {
        var id: pid_t
        var parent: pid_t
        var session: pid_t
    }

    /// Those that run; not what has ended and waits for its parent.
    private let entries: [Entry]

    static func now() -> ProcessTable {
        guard let directory = opendir("/proc") else { return ProcessTable(entries: []) }
        defer { closedir(directory) }
        var entries: [Entry] = []
        while let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let id = pid_t(name), let text = SystemFile.contents(of: "/proc/\(id)/stat") else {
                continue
            }
            if let entry = Entry(id, stat: text) { entries.append(entry) }
        }
        return ProcessTable(entries: entries)
    }

    /// The children of a process.
    func children(of parent: pid_t) -> [pid_t] { entries.filter { $0.parent == parent }.map(\.id) }

    func members(ofSession session: pid_t) -> [pid_t] { entries.filter { $0.session == session }.map(\.id) }

    /// These processes and all that descends from them, as far as the table knows them.
    func family(of roots: some Sequence<pid_t>) -> Set<pid_t> {
        var found = Set<pid_t>()
        var next = Array(roots)
        while let id = next.popLast() {
            if found.insert(id).inserted { next += children(of: id) }
        }
        return found.intersection(entries.map(\.id))
    }

    /// The value of a variable that a process was started with; `nil` if it has none, or may not be asked.
    static func variable(_ name: String, of id: pid_t) -> String? {
        SystemFile.contents(of: "/proc/\(id)/environ")?.split(separator: "\0").lazy
            .first { $0.hasPrefix(name + "=") }
            .map { String($0.dropFirst(name.count + 1)) }
    }
}

extension ProcessTable.Entry {
    /// From `/proc/PID/stat` (proc(5)): id, name in parentheses, state, parent, group, session.
    fileprivate init?(_ id: pid_t, stat text: String) {
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 3, fields[0] != "Z", fields[0] != "X" else { return nil }
        guard let parent = pid_t(fields[1]), let session = pid_t(fields[3]) else { return nil }
        self.init(id: id, parent: parent, session: session)
    }
}
