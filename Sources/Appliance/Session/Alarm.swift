internal import IO
internal import Wire

/// One timer for everything in the session that waits for a time.
///
/// It goes off once, at the time that it was last set to, and then has to be set again.
@SessionActor final class Alarm {
    private var sleeping: (task: Task<Void, Never>, due: Instant)?
    private var isStopped = false

    /// - Parameter due: `nil`: nothing waits any more.
    func set(_ due: Instant?, _ action: @escaping @SessionActor () async -> Void) {
        // What has changed nothing keeps its task.
        guard !isStopped, sleeping?.due != due else { return }
        sleeping?.task.cancel()
        sleeping = due.map { due in
            let task = Task {
                let left = max(0, (due - .now()).nanoseconds)
                do { try await Task.sleep(for: .nanoseconds(left)) } catch { return }
                // It may have been set anew after the sleep was over.
                guard !Task.isCancelled else { return }
                self.sleeping = nil
                await action()
            }
            return (task, due)
        }
    }

    /// The session is over: nothing goes off any more.
    func stop() {
        isStopped = true
        sleeping?.task.cancel()
        sleeping = nil
    }
}
