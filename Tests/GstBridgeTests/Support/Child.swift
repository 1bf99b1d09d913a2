import Glibc

/// A process of the test's own, ended with the value.
final class Child {
    let pid: pid_t

    /// - Parameter inherited: A descriptor of ours that becomes the child's descriptor 3.
    init?(_ arguments: [String], environment: [String] = [], inherited: CInt? = nil) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        if let inherited { posix_spawn_file_actions_adddup2(&actions, inherited, 3) }
        var argv = arguments.map { strdup($0) } + [nil]
        var envp = (environment + ["PATH=/usr/bin:/bin"]).map { strdup($0) } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        guard posix_spawnp(&pid, arguments[0], &actions, nil, &argv, &envp) == 0 else { return nil }
        self.pid = pid
    }

    deinit {
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// Ends the process the way it likes to be ended, and waits for it.
    func terminate() {
        kill(pid, SIGTERM)
        for _ in 0..<200 where waitpid(pid, nil, WNOHANG) == 0 { usleep(10_000) }
    }

    /// Waits, ten seconds or so many, until the process has ended by itself.
    func wait(_ seconds: Int = 10) {
        for _ in 0..<(seconds * 100) where waitpid(pid, nil, WNOHANG) == 0 { usleep(10_000) }
    }

    static func isInstalled(_ program: String) -> Bool { access("/usr/bin/\(program)", X_OK) == 0 }
}

/// Asks `condition` until it holds or the time, in seconds, is over.
func eventually(_ seconds: Double = 5, _ condition: () -> Bool) -> Bool {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let deadline = Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 + seconds
    while !condition() {
        clock_gettime(CLOCK_MONOTONIC, &now)
        if Double(now.tv_sec) + Double(now.tv_nsec) / 1e9 > deadline { return false }
        usleep(5_000)
    }
    return true
}
