package import GstBridge
package import RemoteControl

/// How the desk is doing as a whole, from what its parts say: the screen first, then the encoder, then the
/// sound.
package struct DeskCondition {
    private var width: UInt16 = 0
    private var height: UInt16 = 0
    private var screen: DeskStatus.State = .starting
    private var detail: DeskStatus.Detail = .none
    private var isEncoderFailed = false
    private var isSoundWaiting = false
    private var hasHadSound = false
    private var reported: DeskStatus?

    package init() {}

    package var status: DeskStatus {
        if screen != .live { return DeskStatus(screen, detail: detail) }
        if isEncoderFailed {
            return DeskStatus(.failed, detail: .encoderFailed, width: width, height: height)
        }
        if isSoundWaiting {
            return DeskStatus(
                .waitingForSound,
                detail: hasHadSound ? .soundLost : .soundUnreachable,
                width: width,
                height: height
            )
        }
        return DeskStatus(.live, width: width, height: height)
    }

    /// Whether ``status`` differs from what it was at the last call.
    package mutating func hasChanged() -> Bool {
        guard status != reported else { return false }
        reported = status
        return true
    }

    package mutating func handle(_ event: DeskSeat.Event) {
        switch event {
        case .screenUnavailable(let error):
            screen = .waitingForScreen
            if case .unreachable = error { detail = .screenUnreachable } else { detail = .screenUnsuitable }
        case .command, .injected, .roomGone, .screenOpened, .screenResized: break
        }
    }

    package mutating func handle(_ status: DeskMediaStatus) {
        switch status {
        case .screen(.live(let width, let height)):
            screen = .live
            detail = .none
            self.width = UInt16(clamping: width)
            self.height = UInt16(clamping: height)
        case .screen(.unsupported):
            screen = .failed
            detail = .screenUnsuitable
        case .screen(.waiting):
            screen = .waitingForScreen
            detail = width > 0 ? .screenLost : .screenUnreachable
        case .sound(.live):
            isSoundWaiting = false
            hasHadSound = true
        case .sound(.waiting): isSoundWaiting = true
        // Without the small picture everybody gets the full one.
        case .stream(let stream, .failed): if Self.isMain(stream) { isEncoderFailed = true }
        case .stream(let stream, .started): if Self.isMain(stream) { isEncoderFailed = false }
        case .covered, .effect, .stream(_, .stopped), .windowLost: break
        }
    }

    /// Whether it is what everybody sees.
    private static func isMain(_ stream: CaptureStream) -> Bool {
        stream.isVideo && !stream.isSmall && !stream.isClear
    }
}
