public import Wire

/// What capture and encoders have done since they were started.
public struct DeskMediaStatistics: Hashable, Sendable {
    public var capture = CaptureStatistics()
    /// Only running streams.
    public var streams: [CaptureStream: StreamStatistics] = [:]

    public init() {}
}

/// What the screen capture has done.
public struct CaptureStatistics: Hashable, Sendable {
    /// Frames taken because something changed.
    public var frames = 0
    /// Frames given to encoders again: refinement, and key frames on a still screen.
    public var repeatedFrames = 0
    /// Pixels fetched from the X server.
    public var pixels = 0
    /// Frames that had to be copied because an encoder still read the last one.
    public var copies = 0
    /// X errors survived, as from a screen that shrank while it was read.
    public var errors = 0

    public init() {}
}

/// What one stream has sent.
public struct StreamStatistics: Hashable, Sendable {
    /// Encoded frames sent.
    public var frames = 0
    public var keyFrames = 0
    public var packets = 0
    /// Bytes of RTP packets, headers included.
    public var bytes = 0
    /// Packets the kernel refused.
    public var dropped = 0
    /// PLI and FIR received from the room.
    public var keyFrameRequests = 0
    /// Feedback that could not be read, or came from elsewhere than the room.
    public var malformedFeedback = 0
    /// From the capture of a frame to its packets being sent: the median of the last 128 frames.
    public var latency: Interval?

    public init() {}
}
