public import Wire

/// What the desk sends: one RTP stream each.
public enum CaptureStream: UInt8, CaseIterable, Hashable, Sendable {
    /// The screen as H.264, constrained baseline (RFC 6184, packetization mode 1).
    case h264
    /// The desk's sound as Opus, 48 kHz stereo (RFC 7587).
    case opus
    /// The screen as VP8 (RFC 7741), for browsers without H.264.
    case vp8
    /// The screen as H.264, smaller and slower, for a narrow path.
    case h264Small
    /// The screen as VP8, smaller and slower.
    case vp8Small
    /// The screen as H.264, with what is hidden from clients.
    case h264Clear
    case vp8Clear
    case h264ClearSmall
    case vp8ClearSmall

    /// The RTP clock, in Hz.
    public var clockRate: UInt32 { self == .opus ? 48_000 : 90_000 }

    public var isVideo: Bool { self != .opus }

    /// Whether it shows the screen smaller than it is.
    public var isSmall: Bool {
        switch self {
        case .h264ClearSmall, .h264Small, .vp8ClearSmall, .vp8Small: true
        case .h264, .h264Clear, .opus, .vp8, .vp8Clear: false
        }
    }

    /// Whether it shows what is hidden from clients.
    public var isClear: Bool { covered != self }

    /// The same stream as clients get it.
    var covered: CaptureStream {
        switch self {
        case .h264, .h264Clear: .h264
        case .h264ClearSmall, .h264Small: .h264Small
        case .opus: .opus
        case .vp8, .vp8Clear: .vp8
        case .vp8ClearSmall, .vp8Small: .vp8Small
        }
    }

    /// The RTP timestamp (RFC 3550 §5.1) of what the stream sends at a moment, under this SSRC.
    ///
    /// It follows from the SSRC, so that the timestamps of a desk that was restarted go on where it stopped.
    public func timestamp(at time: Instant, ssrc: UInt32) -> UInt32 {
        let (seconds, rest) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let rate = Int64(clockRate)
        return ssrc &* 0x9e37_79b1
            &+ UInt32(truncatingIfNeeded: seconds * rate + rest * rate / 1_000_000_000)
    }
}

/// Where the pictures come from.
public enum CaptureSource: Hashable, Sendable {
    /// XDamage, XShm and libyuv: captured when something changes, at once; a still screen costs nothing.
    case damage
    /// GStreamer's `ximagesrc`, a constant number of frames a second: the yardstick.
    case ximagesrc
}

/// How the desk is captured, whichever streams are running.
public struct DeskMediaConfiguration: Hashable, Sendable {
    /// The X display, as in `DISPLAY`.
    public var display: String
    public var source: CaptureSource
    /// The most frames captured in a second, 1–60.
    public var framesPerSecond: Int
    /// The PulseAudio source to record; the monitor of a sink is called after it.
    public var audioDevice: String
    /// The PulseAudio server, as in `PULSE_SERVER`; `nil` is the library's own choice.
    public var audioServer: String?

    public init(
        display: String,
        source: CaptureSource = .damage,
        framesPerSecond: Int = 30,
        audioDevice: String = "desk.monitor",
        audioServer: String? = nil
    ) {
        self.display = display
        self.source = source
        self.framesPerSecond = min(max(framesPerSecond, 1), 60)
        self.audioDevice = audioDevice
        self.audioServer = audioServer
    }
}

/// One RTP stream: what it carries and where it goes.
public struct CaptureStreamConfiguration: Hashable, Sendable {
    public var stream: CaptureStream
    /// The UDP port on 127.0.0.1 that RTP and RTCP go to (rtcp-mux, RFC 5761); feedback comes back from it.
    public var port: UInt16
    /// The same after a restart of the desk: the room chooses it.
    public var ssrc: UInt32
    /// 0–127, outside 64–95 (RFC 5761 §4).
    public var payloadType: UInt8
    /// Bits per second: for H.264 a cap on constant quality, for VP8 and Opus the target.
    public var bitrate: Int
    /// The largest RTP packet, in bytes, 200–1400.
    public var maximumPacketSize: Int
    /// The CNAME of the reports: a secret by which the room knows this sender from other programs; at most 255 bytes.
    public var cname: String

    public init(
        stream: CaptureStream,
        port: UInt16,
        ssrc: UInt32,
        payloadType: UInt8,
        bitrate: Int? = nil,
        maximumPacketSize: Int = 1_200,
        cname: String = "desk"
    ) {
        self.cname = cname
        self.stream = stream
        self.port = port
        self.ssrc = ssrc
        self.payloadType = payloadType
        self.bitrate = bitrate ?? (stream.isSmall ? 160_000 : stream.isVideo ? 5_000_000 : 96_000)
        self.maximumPacketSize = min(max(maximumPacketSize, 200), 1_400)
    }
}
