internal import Glibc

/// What this process does about signals that nobody waits for.
public enum SignalDisposition {
    /// Makes a write to what is closed (SIGPIPE), or to a file that may not grow (SIGXFSZ), an error of the write.
    ///
    /// What this process starts has the usual dispositions again.
    public static func ignoreFailedWrites() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Whether the process was started so that the end of its terminal does not end it, as by nohup(1).
    public static var isHangupIgnored: Bool {
        var action = sigaction()
        guard sigaction(SIGHUP, nil, &action) == 0 else { return false }
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
    }
}
