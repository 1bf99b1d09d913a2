internal import Foundation

/// In a few words, what the numbers were taken on.
enum Machine {
    static var description: String {
        let processor = first("/proc/cpuinfo", "model name") ?? "unknown processor"
        let memory = first("/proc/meminfo", "MemTotal").flatMap { Int($0.split(separator: " ")[0]) } ?? 0
        let release =
            (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines) ?? "?"
        let system =
            first("/etc/os-release", "PRETTY_NAME", separator: "=")?.replacingOccurrences(of: "\"", with: "")
            ?? "?"
        let load =
            (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8))?.split(separator: " ").first
            ?? "?"
        return
            "Machine: \(ProcessInfo.processInfo.processorCount) × \(processor), \(memory >> 20) GiB, Linux \(release), \(system); "
            + "load average before \(load). Loopback; sender, room and receivers share the processors."
    }

    private static func first(_ path: String, _ key: String, separator: Character = ":") -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
        return line?.split(separator: separator, maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    }
}
