internal import CGStreamer
internal import Glibc
package import Wire

/// A thread of our own that its owner joins.
///
/// `@unchecked Sendable`: the pointer is written once, here, and only handed back to GLib.
final class NamedThread: @unchecked Sendable {
    private let thread: OpaquePointer

    /// - Parameter name: At most 15 bytes, as the kernel keeps no more.
    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        thread = OpaquePointer(g_thread_new(name, run, Unmanaged.passRetained(ThreadBody(body)).toOpaque()))
    }

    /// Waits for the thread to end; to be called once, from another thread.
    func join() {
        _ = g_thread_join(.init(thread))
    }
}

extension Instant {
    /// The monotonic clock, which GStreamer's system clock reads too.
    package static func monotonic() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}

/// Sleeps until a descriptor is readable or the deadline has come.
///
/// - Returns: `false` if `poll` woke for neither, e.g. because of a signal.
@discardableResult
func sleepUntilReadable(_ descriptors: inout [pollfd], deadline: Instant?) -> Bool {
    // Rounded up: waking a fraction of a millisecond early would spin until the deadline.
    let timeout = deadline.map { max(0, ($0 - .monotonic()).nanoseconds + 999_999) / 1_000_000 } ?? -1
    return poll(&descriptors, nfds_t(descriptors.count), CInt(clamping: timeout)) >= 0
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

/// GLib's `GThreadFunc`.
private func run(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    context.map { Unmanaged<ThreadBody>.fromOpaque($0).takeRetainedValue().run() }
    return nil
}
