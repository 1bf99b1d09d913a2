public import Wire

/// A change in what the desk can deliver, for the room to tell people in words.
public enum DeskMediaStatus: Hashable, Sendable {
    /// What clients get from this moment on has this cover, by its number.
    case covered(number: UInt32, since: Instant)
    /// A picture that shows somebody's input has gone to the room.
    case effect(InputEffect)
    case screen(ScreenState)
    case sound(SoundState)
    case stream(CaptureStream, StreamState)
    /// A window that is hidden cannot be followed any more: its last place stays hidden.
    case windowLost(UInt32)

    public enum ScreenState: Hashable, Sendable {
        /// Captured; the size in pixels, even in both directions.
        case live(width: Int, height: Int)
        /// The screen has a pixel format that cannot be captured.
        case unsupported
        /// The X server cannot be reached; tried again by itself.
        case waiting
    }

    public enum SoundState: Hashable, Sendable {
        case live
        /// PulseAudio or the device cannot be reached; tried again by itself.
        case waiting
    }

    public enum StreamState: Hashable, Sendable {
        /// The encoder or the socket failed; the words are for a log. Video streams are tried again by
        /// themselves.
        case failed(String)
        case started
        case stopped
    }
}
