internal import Foundation
internal import Glibc

/// A child process whose cost is read from `/proc`.
final class ProcessUnderTest {
    /// What threads have used.
    struct Work {
        /// Nanoseconds on a CPU, the kernel's work included.
        var cpu: Int64 = 0
        /// Context switches that were asked for, and those that were forced.
        var voluntarySwitches = 0
        var forcedSwitches = 0
    }

    /// What a process has used since it began.
    struct Usage {
        /// Of each thread that is alive.
        var threads: [String: Work] = [:]
        /// Bytes of memory that are its own and resident.
        var memory = 0

        /// What has been used since `before`; of threads that have ended meanwhile nothing is known any more.
        func since(_ before: Usage) -> Work {
            threads.reduce(into: Work()) { sum, thread in
                let earlier = before.threads[thread.key] ?? Work()
                sum.cpu += thread.value.cpu - earlier.cpu
                sum.voluntarySwitches += thread.value.voluntarySwitches - earlier.voluntarySwitches
                sum.forcedSwitches += thread.value.forcedSwitches - earlier.forcedSwitches
            }
        }
    }

    let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()

    /// - Parameter isQuiet: Whether what it prints is thrown away.
    init(_ path: String, _ arguments: [String], isQuiet: Bool = false) throws {
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = isQuiet ? FileHandle.nullDevice : output
        if isQuiet { process.standardError = FileHandle.nullDevice }
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    /// Says `line` and returns the words of the answer.
    func ask(_ line: String) throws -> [String] {
        try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8))
        let answer = try readLine()
        guard answer.first != "error" else {
            throw BenchmarkError("\(line): \(answer.joined(separator: " "))")
        }
        return answer
    }

    func readLine() throws -> [String] {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[unread.startIndex..<end], as: UTF8.self)
                unread = Data(unread[(end + 1)...])
                return line.split(separator: " ").map(String.init)
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw BenchmarkError("the process under test has ended") }
            unread += more
        }
    }

    /// Closes its input, sends SIGTERM, and waits for it; returns the rest of what it printed.
    @discardableResult
    func stop() -> String {
        try? input.fileHandleForWriting.close()
        process.terminate()
        let rest = process.standardOutput is Pipe ? output.fileHandleForReading.readDataToEndOfFile() : Data()
        process.waitUntilExit()
        return String(decoding: rest, as: UTF8.self)
    }

    func usage() -> Usage { Self.usage(of: process.processIdentifier) }

    static func usage(of id: pid_t) -> Usage {
        var usage = Usage()
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(id)/task")) ?? []
        for task in tasks {
            let status = words("/proc/\(id)/task/\(task)/status")
            usage.threads[task] = Work(
                cpu: Int64(words("/proc/\(id)/task/\(task)/schedstat").first ?? "") ?? 0,
                voluntarySwitches: value(after: "voluntary_ctxt_switches:", in: status),
                forcedSwitches: value(after: "nonvoluntary_ctxt_switches:", in: status)
            )
        }
        let status = words("/proc/\(id)/status")
        usage.memory = (value(after: "RssAnon:", in: status)) << 10
        return usage
    }

    private static func value(after word: String, in words: [Substring]) -> Int {
        words.firstIndex { $0 == word }.flatMap { Int(words[$0 + 1]) } ?? 0
    }

    private static func words(_ path: String) -> [Substring] {
        // A thread may be gone by the time it is asked about.
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isWhitespace)
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
