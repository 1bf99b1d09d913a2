internal import CLinux
internal import Glibc

/// A process to start, and what it may do.
public struct ProcessLaunch: Sendable {
    /// The program's file.
    public var path: String
    /// Without the program's own name.
    public var arguments: [String]
    /// Everything that it gets to see of the environment.
    public var environment: [String: String]
    /// The directory in which it runs, which has to be there; `nil`: this process's.
    public var directory: String?
    /// How much it gives way when the processors are busy (`nice(1)`), relative to this process as it was started.
    public var niceness = 0
    /// How much sooner than this process the kernel kills it when memory runs out, of a thousand.
    public var killPreference = 0
    /// How many bytes of memory it may have for itself, each process that it starts as many again; `nil`: as many as there are.
    public var memory: Int?
    /// Whether standard output and error are this process's standard error; else /dev/null.
    public var speaks = false
    /// Whether standard output is this process's nevertheless.
    public var prints = false
    /// Whether the last line that it writes to standard error is kept, for its ``ProcessEnding``; not with ``speaks``.
    public var keepsLastWords = false
    /// Whether the last lines that it writes to standard output and error are kept instead (``ProcessEnding/lastLines``).
    public var keepsLastLines = false
    /// Further descriptors, which it finds under the numbers from ``inherited`` on.
    public var descriptors: [CInt] = []
    /// What it may do; `nil`: whatever this process may.
    public var confinement: Confinement?
    /// Whether, without ``confinement``, landlock keeps it out of all other processes, and their signals from them.
    public var isKeptApart = false
    /// Whether it is killed when this process ends, instead of being asked to end.
    public var isKilledWithThis = false

    /// The number under which a process finds the first of the further descriptors that it was given.
    public static let inherited: CInt = 3

    public init(path: String, arguments: [String] = [], environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// Finds a program as execvp(3) does: in the directories of `path`, unless its name has a slash.
    public static func locate(_ program: String, in path: String?) -> String? {
        if program.contains("/") { return program }
        return (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":").lazy
            .map { $0 + "/" + program }
            .first { access($0, X_OK) == 0 }
    }

    /// Starts it; returns its id.
    ///
    /// - Parameters:
    ///   - errors: What becomes its standard error where it does not speak to this process's; `nil`: /dev/null.
    ///   - niceness: Of this process as it was started.
    ///   - limit: Its own limit of descriptors.
    func spawn(errors: CInt?, niceness base: Int, limit: rlimit) throws(SystemError) -> pid_t {
        let ruleset = try isKeptApart ? Confinement.apart() : confinement?.ruleset()
        defer { if let ruleset { close(ruleset) } }
        let output = prints ? STDOUT_FILENO : speaks ? STDERR_FILENO : keepsLastLines ? errors ?? -1 : -1
        let descriptors = [-1, output, speaks ? STDERR_FILENO : errors ?? -1] + self.descriptors
        var process = CLinux_process()
        process.niceness = CInt(min(19, max(-20, base + niceness)))
        process.files = limit
        process.memory = UInt64(memory ?? 0)
        process.user = confinement?.user.map { Int64($0.id) } ?? -1
        process.group = confinement?.user.map { Int64($0.group) } ?? -1
        process.ruleset = ruleset ?? -1
        process.ending_signal = isKilledWithThis ? SIGKILL : SIGTERM
        process.is_confined = confinement == nil ? 0 : 1
        process.is_offline = confinement?.network == Confinement.Network.none ? 1 : 0
        process.descriptor_count = CInt(descriptors.count)
        let variables = environment.map { $0.key + "=" + $0.value }
        let result = path.withCString { path in
            withCStrings([self.path] + arguments) { arguments in
                withCStrings(variables) { environment in
                    descriptors.withUnsafeBufferPointer { descriptors in
                        process.path = path
                        process.arguments = arguments
                        process.environment = environment
                        process.descriptors = descriptors.baseAddress
                        guard let directory else { return CLinux_spawn(&process) }
                        return directory.withCString { directory in
                            process.directory = directory
                            return CLinux_spawn(&process)
                        }
                    }
                }
            }
        }
        return try SystemError.check(result)
    }
}

/// Calls `body` with the strings as C has them: pointers with a null pointer at the end.
private func withCStrings<Result>(
    _ strings: [String],
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeBufferPointer { buffer in
        // There is at least the null pointer.
        body(buffer.baseAddress.unsafelyUnwrapped)
    }
}
