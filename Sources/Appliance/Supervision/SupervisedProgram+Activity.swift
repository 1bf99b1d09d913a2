internal import IO
internal import Logging

extension SupervisedProgram {
    /// Runs once, until nothing of the program is left or the task is cancelled: then it is ended, and what it has started with it.
    ///
    /// - Returns: How it ended by itself; `nil`: well, or because it was to.
    func runToItsEnd(
        _ processes: ChildProcesses,
        log: Logger,
        onStart: @Sendable () async -> Void
    ) async -> ActivityState.Failure? {
        let display = await screen?.ready()
        guard !Task.isCancelled else { return nil }
        let watch = MemoryWatch()
        let child: ChildProcesses.Child
        do {
            guard var launch = launch(on: display) else {
                return fail("there is no \(executable) in the PATH", log)
            }
            launch.keepsLastLines = true
            child = try await processes.start(launch)
        } catch {
            return fail("\(error)", log)
        }
        await onStart()
        var found: ProcessEnding?
        for await one in child.ending { found = one }
        // What has only started others, and has ended well, goes on in them.
        while !Task.isCancelled, found?.reason == .exited(0), await processes.isLeft(child) {
            try? await Task.sleep(for: Self.look)
        }
        await processes.end(child, within: Self.stopTimeout)
        guard let ending = found, !Task.isCancelled, let failure = ActivityState.Failure(ending.reason) else {
            return nil
        }
        let reason = watch.verdict(on: ending, limit: memory).words
        log.warning(
            "An activity has failed",
            metadata: [
                "program": "\(name)", "ending": "\(ending)\(reason.map { "; " + $0 } ?? "")",
                "printed": "\(ending.lastLines.joined(separator: " | "))",
            ]
        )
        return failure
    }

    private func fail(_ reason: String, _ log: Logger) -> ActivityState.Failure {
        log.warning(
            "An activity could not be started",
            metadata: ["program": "\(name)", "reason": "\(reason)"]
        )
        return .notStarted
    }

    private static let look = Duration.milliseconds(500)
    /// Between asking a program to end and ending it.
    private static let stopTimeout = Duration.seconds(3)
}

extension ActivityState.Failure {
    /// `nil`: it has ended well.
    fileprivate init?(_ reason: ProcessEnding.Reason) {
        switch reason {
        case .exited(0): return nil
        case .exited(let status): self = .exited(UInt8(clamping: status))
        case .signalled(let signal): self = .signalled(UInt8(clamping: signal))
        }
    }
}
