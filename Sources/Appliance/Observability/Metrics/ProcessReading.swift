internal import Foundation
internal import Glibc
internal import IO
internal import Synchronization

/// What the room's processes take of the machine, by kind, as `/proc` says.
///
/// Processor time never falls: that of those which have ended is kept.
package final class ProcessReading: Sendable {
    package struct Usage: Hashable, Sendable {
        package var count = 0
        /// Seconds.
        package var processorTime = 0.0
        /// Bytes.
        package var resident: UInt64 = 0
        /// `nil`: not to be seen.
        package var descriptors: Int?

        package init() {}
    }

    private struct Process {
        var id: Int32
        var parent: Int32
        var name: String
        /// Ticks since the machine's start, by which a number that was used again is known.
        var start: UInt64
        var ticks: UInt64
        var pages: UInt64
    }

    private struct Key: Hashable {
        var id: Int32
        var start: UInt64
    }

    private struct Memory {
        var last: [Key: (kind: String, ticks: UInt64)] = [:]
        var ended: [String: UInt64] = [:]
    }

    private let memory = Mutex(Memory())

    package init() {}

    /// By kind: `keeper`, `room`, `desk`, `screen`, `sound`, `windowManager` and `application`, the latter for all else.
    package func usage() -> [String: Usage] {
        let (own, keeper) = (getpid(), getppid())
        let all = Self.processes()
        var family: Set<Int32> = [keeper]
        // Parents may come after their children.
        while true {
            let more = all.filter { family.contains($0.parent) && !family.contains($0.id) }.map(\.id)
            if more.isEmpty { break }
            family.formUnion(more)
        }
        var usage: [String: Usage] = [:]
        var seen: [Key: (kind: String, ticks: UInt64)] = [:]
        for process in all where family.contains(process.id) {
            let kind =
                switch process.id {
                case own: "room"
                case keeper: "keeper"
                default: Self.kind(process.name)
                }
            usage[kind, default: Usage()].count += 1
            usage[kind, default: Usage()].resident += process.pages * Self.pageSize
            if let count = Self.descriptors(of: process.id) {
                usage[kind, default: Usage()].descriptors = (usage[kind]?.descriptors ?? 0) + count
            }
            seen[Key(id: process.id, start: process.start)] = (kind, process.ticks)
        }
        let ticks = memory.withLock { memory in
            for (key, old) in memory.last where seen[key] == nil {
                memory.ended[old.kind, default: 0] += old.ticks
            }
            memory.last = seen
            return seen.values.reduce(into: memory.ended) { $0[$1.kind, default: 0] += $1.ticks }
        }
        for (kind, ticks) in ticks { usage[kind, default: Usage()].processorTime = Double(ticks) / Self.tick }
        return usage
    }

    /// Of a process's name, which is cut off after 15 characters.
    private static func kind(_ name: String) -> String {
        switch name {
        case "deskroom": "desk"
        case "Xvfb", "Xorg", "Xvnc", "Xtigervnc": "screen"
        case "pulseaudio", "pipewire", "pipewire-pulse", "wireplumber": "sound"
        case "openbox", "matchbox-window", "icewm", "jwm", "twm": "windowManager"
        default: "application"
        }
    }

    private static func processes() -> [Process] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc") else { return [] }
        return names.compactMap { Int32($0) }.compactMap { read($0) }
    }

    /// `/proc/PID/stat` (proc(5)); the name, in parentheses, may hold anything.
    private static func read(_ id: Int32) -> Process? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        guard fields.count > 21, let parent = Int32(fields[1]), let user = UInt64(fields[11]),
            let system = UInt64(fields[12]), let start = UInt64(fields[19]), let pages = UInt64(fields[21])
        else { return nil }
        return Process(
            id: id,
            parent: parent,
            name: String(text[text.index(after: open)..<close]),
            start: start,
            ticks: user + system,
            pages: pages
        )
    }

    /// The room may not see those of others; from Linux 6.2 on the directory's size is their number.
    private static func descriptors(of id: Int32) -> Int? {
        let path = "/proc/\(id)/fd"
        if let names = try? FileManager.default.contentsOfDirectory(atPath: path) { return names.count }
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_size > 0 ? Int(status.st_size) : nil
    }

    private static let pageSize = UInt64(max(1, sysconf(CInt(_SC_PAGESIZE))))
    private static let tick = Double(max(1, sysconf(CInt(_SC_CLK_TCK))))
}
