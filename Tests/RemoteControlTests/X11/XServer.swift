import Glibc

/// An Xvfb of the test's own on a free display; ended when released.
final class XServer {
    let display: String
    private let process: pid_t

    struct Failure: Error {}

    init(size: String = "1280x720x24") throws {
        var numbers: (read: CInt, write: CInt) = (0, 0)
        let status = withUnsafeMutableBytes(of: &numbers) { pipe($0.bindMemory(to: CInt.self).baseAddress) }
        guard status == 0 else { throw Failure() }
        process = try Self.spawn(
            [
                "/usr/bin/Xvfb", "-displayfd", "\(numbers.write)", "-screen", "0", size, "-nolisten", "tcp",
                "-noreset",
            ]
        )
        close(numbers.write)
        // Xvfb writes the number of its display once it is ready.
        var bytes = [UInt8](repeating: 0, count: 16)
        var count = 0
        while count < 16, read(numbers.read, &bytes[count], 1) == 1, bytes[count] != 0x0a { count += 1 }
        close(numbers.read)
        guard count > 0 else { throw Failure() }
        display = ":" + String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    deinit {
        // Not SIGTERM: the thread that spawned the server may have blocked it, and masks are inherited.
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    /// Runs a program on this display and waits for it.
    func run(_ program: String, _ arguments: String...) throws {
        let child = try Self.spawn(
            [program] + arguments,
            environment: ["DISPLAY=\(display)", "PATH=/usr/bin:/bin"]
        )
        var status: CInt = 0
        guard waitpid(child, &status, 0) == child, status == 0 else { throw Failure() }
    }

    private static func spawn(
        _ arguments: [String],
        environment: [String] = ["PATH=/usr/bin:/bin"]
    ) throws -> pid_t {
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { for string in words + variables { free(string) } }
        var process: pid_t = 0
        guard posix_spawn(&process, arguments[0], nil, nil, words, variables) == 0 else { throw Failure() }
        return process
    }
}
