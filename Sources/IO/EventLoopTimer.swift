internal import Synchronization
public import Wire

/// The next deadline of an actor that names an ``EventLoop`` as its executor but is not the one that the loop was
/// started with.
///
/// Made by ``EventLoop/makeTimer(_:)``. It is armed for one time only; its handler arms it again. Nothing happens
/// while it is not armed, and to arm it costs one store: no task, no allocation.
public final class EventLoopTimer: Sendable {
    /// Nanoseconds of the monotonic clock; `never` while it is not armed.
    private let due = Atomic(never)
    private let handler: @Sendable (Instant) -> Void
    private let wake: @Sendable () -> Void

    init(handler: @escaping @Sendable (Instant) -> Void, wake: @escaping @Sendable () -> Void) {
        self.handler = handler
        self.wake = wake
    }

    /// When the handler is called; `nil`: not at all.
    public var deadline: Instant? {
        let due = due.load(ordering: .acquiring)
        return due == Self.never ? nil : Instant(nanoseconds: due)
    }

    /// Has the handler called once `due` has come, in the place of what was set before; `nil`: not at all.
    public func arm(_ due: Instant?) {
        self.due.store(due?.nanoseconds ?? Self.never, ordering: .releasing)
        if due != nil { wake() }
    }

    /// Called on the loop's thread, once per wake-up.
    func handleTimeout(now: Instant) {
        guard let deadline, deadline <= now else { return }
        due.store(Self.never, ordering: .releasing)
        handler(now)
    }

    private static let never = Int64.max
}
