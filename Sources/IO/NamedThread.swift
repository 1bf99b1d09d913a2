internal import CLinux
internal import Glibc

/// A thread of our own.
///
/// It is joined once, or runs on without an owner.
public struct NamedThread: Sendable {
    private let thread: pthread_t

    /// Starts `body` on a new thread, which inherits the priority of the calling one.
    ///
    /// Traps if the process is out of threads.
    ///
    /// - Parameter name: What `top` and debuggers show; at most 15 bytes are kept.
    public init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        let context = Unmanaged.passRetained(ThreadBody(name: name, run: body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { context in
                // `pthread_create` passes on the context below, which is never nil.
                let body = Unmanaged<ThreadBody>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue()
                _ = CLinux_pthread_setname_np(pthread_self(), String(body.name.prefix(15)))
                body.run()
                return nil
            },
            context.toOpaque()
        )
        precondition(status == 0, "pthread_create fails only when the process is out of threads")
        self.thread = thread
    }

    /// Waits for the thread to end; to be called once, from another thread.
    public func join() {
        pthread_join(thread, nil)
    }

    /// Lets the thread run on without an owner; to be called once, instead of ``join()``.
    public func detach() {
        pthread_detach(thread)
    }
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}
