import Glibc

/// A process that writes to an audit (`Tests/AuditWriter`).
final class AuditWriterProcess {
    private let pid: pid_t
    private let output: CInt

    init?(_ arguments: [String]) {
        guard let program = Self.program else { return nil }
        var ends: [CInt] = [0, 0]
        // A pipe could be inherited by what another test starts in the same moment.
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
        output = ends[0]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        var argv = ([program] + arguments).map { strdup($0) } + [nil]
        var child: pid_t = 0
        let status = posix_spawn(&child, program, &actions, nil, &argv, environ)
        posix_spawn_file_actions_destroy(&actions)
        argv.forEach { free($0) }
        close(ends[1])
        pid = child
        guard status == 0 else { return nil }
    }

    deinit {
        close(output)
    }

    /// What it says until there is nothing more, or `count` bytes.
    func read(_ count: Int = .max) -> String {
        var text: [UInt8] = []
        var byte: UInt8 = 0
        while text.count < count, Glibc.read(output, &byte, 1) == 1 { text.append(byte) }
        return String(decoding: text, as: UTF8.self)
    }

    func kill() {
        Glibc.kill(pid, SIGKILL)
    }

    /// Waits until it has ended; its exit status, or the number of the signal that has ended it, negative.
    func wait() -> CInt {
        var status: CInt = 0
        waitpid(pid, &status, 0)
        let signal = status & 0x7f
        return signal == 0 ? status >> 8 & 0xff : -signal
    }

    /// Beside the tests.
    private static let program: String? = {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        guard count > 0 else { return nil }
        let tests = String(decoding: path[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return tests.lastIndex(of: "/").map { tests[...$0] + "audit-writer" }
    }()
}
