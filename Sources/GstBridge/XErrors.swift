internal import CX11
internal import Glibc
internal import Synchronization

/// What Xlib does when a request fails or the server goes away.
///
/// Process-wide: Xlib has one handler of each kind.
enum XErrors {
    /// Requests that the server refused since the process started.
    static var count: Int { refused.load(ordering: .relaxed) }

    /// Counts refused requests instead of ending the process, and ends it when the server is gone.
    ///
    /// The exit code is then ``DeskMedia/displayLostExitCode``. A screen that shrinks while it is read makes
    /// `BadMatch`; the next read has the new size.
    static func install() {
        _ = XInitThreads()
        _ = XSetErrorHandler(countRefusal)
        _ = XSetIOErrorHandler(endProcess)
    }

    fileprivate static let refused = Atomic(0)
}

/// Xlib's `XErrorHandler`.
private func countRefusal(_ display: OpaquePointer?, _ event: UnsafeMutablePointer<XErrorEvent>?) -> CInt {
    XErrors.refused.add(1, ordering: .relaxed)
    return 0
}

/// Xlib's `XIOErrorHandler`.
///
/// Xlib ends the process if it returns. No `atexit` work: other threads still run GStreamer.
private func endProcess(_ display: OpaquePointer?) -> CInt {
    _exit(DeskMedia.displayLostExitCode)
}
