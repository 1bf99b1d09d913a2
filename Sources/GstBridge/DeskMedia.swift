public import Wire

/// Capture, encoders and RTP senders of one desk.
///
/// Every call returns at once and may come from any thread, in any order after ``start(_:)``; the work is
/// done by a thread that the value owns. Video and sound fail and recover apart.
///
/// If the X server goes away the process ends with ``displayLostExitCode``: Xlib cannot survive it, and the
/// supervisor starts a fresh desk.
public final class DeskMedia: Sendable {
    /// What the process exits with when the X server goes away (`EX_UNAVAILABLE`).
    public static let displayLostExitCode: Int32 = 69

    private let thread: MediaThread

    /// Prepares a desk that captures nothing yet.
    ///
    /// - Parameter onStatus: Told of each change, one at a time, from threads of this value's own; must not
    ///   block.
    public init(onStatus: @escaping @Sendable (DeskMediaStatus) -> Void) {
        // Before any thread of ours, or of whoever shares the process, opens a display.
        XErrors.install()
        GstPlugins.disableRegistry()
        thread = MediaThread(onStatus: onStatus)
    }

    deinit {
        stop()
    }

    /// Starts to watch the screen; a second call is ignored.
    public func start(_ configuration: DeskMediaConfiguration) {
        thread.send(.start(configuration))
    }

    /// Starts a stream, or starts it afresh with another configuration.
    public func startStream(_ configuration: CaptureStreamConfiguration) {
        thread.send(.startStream(configuration))
    }

    public func stopStream(_ stream: CaptureStream) {
        thread.send(.stopStream(stream))
    }

    /// Hides this of the screen from clients; ``DeskMediaStatus/covered(number:since:)`` says from when on.
    ///
    /// Before ``start(_:)`` it holds for the first picture. Of ``CaptureSource/ximagesrc`` nothing can be hidden, and nothing
    /// is said.
    package func setCover(_ cover: Cover) {
        thread.send(.cover(cover))
    }

    /// The X server has been given somebody's input: ``DeskMediaStatus/effect(_:)`` tells when a picture shows it, if one does.
    ///
    /// - Parameter input: What to call it.
    public func handleInput(_ input: UInt64, at now: Instant) {
        thread.handleInput(input, at: now)
    }

    public var statistics: DeskMediaStatistics { thread.statistics }

    /// Ends every stream and thread; returns when they are gone.
    ///
    /// No other call has an effect afterwards. Not to be called from the status closure.
    public func stop() {
        thread.stop()
    }
}
