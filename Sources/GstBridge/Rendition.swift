internal import Wire

/// The encoders that look at the screen in one size, and when they do; belongs to the capture thread.
///
/// Each size has a schedule of its own, so that what one encoder has left to improve costs the other nothing.
final class Rendition {
    /// Whether the picture is made smaller.
    let isSmall: Bool
    /// Whether it shows what is hidden from clients.
    let isClear: Bool
    private var schedule: CaptureSchedule
    private var outputs: [CaptureStream: (input: FrameInput, sender: RTPSender)] = [:]
    /// The small picture as the encoders had it last.
    private var scaled: I420Frame?
    /// The number of the picture that the encoders had last.
    private var serial = 0
    /// What the encoder of H.264 had last.
    private var reference = PatchReference()
    /// When the first picture was sent that the encoder has not had.
    private var firstPatch: Instant?

    init(isSmall: Bool, isClear: Bool, framesPerSecond: Int) {
        self.isSmall = isSmall
        self.isClear = isClear
        // Nothing is ever drawn in step with the few frames of a small picture, and its path is narrow.
        schedule = CaptureSchedule(framesPerSecond: framesPerSecond, isStrict: isSmall)
    }

    func attach(_ stream: CaptureStream, _ input: FrameInput, _ sender: RTPSender) {
        outputs[stream] = (input, sender)
        schedule.handleRefresh()
    }

    func detach(_ stream: CaptureStream) {
        outputs[stream] = nil
        if outputs.isEmpty { scaled = nil }
    }

    func handleChange() { schedule.handleChange() }
    func handleRefresh() { schedule.handleRefresh() }

    /// What to do now; without an encoder nothing, and the change stays noted.
    func pollAction(now: Instant) -> CaptureSchedule.Action? {
        guard !outputs.isEmpty else { return nil }
        return schedule.pollAction(now: now, isSettled: outputs.values.allSatisfy { $0.sender.isSettled })
    }

    func pollTimeout(now: Instant) -> Instant? { outputs.isEmpty ? nil : schedule.pollTimeout(now: now) }

    /// Gives the encoders the picture that was captured last, if they have not had it.
    ///
    /// - Parameter again: Also if they have.
    func push(_ capture: DesktopCapture, again: Bool, at now: Instant) {
        let (frame, serial) = capture.picture(isClear: isClear)
        guard again || serial != self.serial else { return schedule.handleNothingNew() }
        let picture = isSmall ? scaled(frame, isNew: serial != self.serial) : frame
        self.serial = serial
        // Of a picture in which something is hidden nobody keeps what has changed.
        let isWhole = !isSmall && frame === capture.frame
        if !isWhole { reference.forget() }
        var areEncoded = false
        for (stream, output) in outputs {
            if isWhole, stream.covered == .h264 {
                if !again, patch(output, capture, at: now) { continue }
                reference.handleEncoding(of: capture)
                firstPatch = nil
            }
            areEncoded = true
            output.input.push(picture, at: now)
        }
        if !areEncoded { schedule.handlePatch() }
    }

    /// Sends what little has changed without the encoder's help; `false` if it is the encoder's turn.
    private func patch(
        _ output: (input: FrameInput, sender: RTPSender),
        _ capture: DesktopCapture,
        at now: Instant
    ) -> Bool {
        guard let last = output.input.lastFrame, now - (firstPatch ?? now) < Self.longestPatching,
            let (picture, rects) = reference.changes(of: capture),
            output.sender.sendPatch(capture.frame, since: picture, in: rects, after: last, at: now)
        else { return false }
        firstPatch = firstPatch ?? now
        return true
    }

    /// The pictures of the encoder are the ones that are referred to.
    private static let longestPatching = CaptureSchedule.patchedInterval

    private func scaled(_ frame: I420Frame, isNew: Bool) -> I420Frame {
        var picture = scaled.take()
        if let picture, !isNew {
            scaled = picture
            return picture
        }
        let factor = Self.factor(width: frame.width, height: frame.height)
        let (width, height) = (frame.width / factor & ~1, frame.height / factor & ~1)
        // Another one if an encoder still reads the last, or if the screen has a new size.
        if !isKnownUniquelyReferenced(&picture) || picture?.width != width || picture?.height != height {
            picture = nil
        }
        let target = picture ?? I420Frame(width: width, height: height)
        target.scale(frame)
        scaled = target
        return target
    }

    /// By how much a screen is made smaller: half, or as far as leaves a million pixels.
    private static func factor(width: Int, height: Int) -> Int {
        var factor = 2
        while width * height / (factor * factor) > largestArea { factor += 1 }
        return factor
    }

    private static let largestArea = 1_000_000
}

extension CaptureStream {
    /// The frames that the stream has in a second of a desk that has so many.
    func rate(of framesPerSecond: Int) -> Int { isSmall ? min(framesPerSecond, 10) : framesPerSecond }

    /// The most frames that it ever has in a second, as a fraction.
    func highestRate(of framesPerSecond: Int) -> (numerator: Int, denominator: Int) {
        let rate = rate(of: framesPerSecond)
        return isSmall ? (rate, 1) : CaptureSchedule.highestRate(framesPerSecond: rate)
    }
}
