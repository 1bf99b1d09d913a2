internal import Wire

/// One stream that ought to run: its pipeline while that works, and when to try again after it failed.
///
/// The socket and its counters outlive pipelines, so a stream that comes back continues.
final class StreamSupervisor {
    enum Event {
        case failed(String)
        /// A key frame was forced: the encoder needs a frame to make it of.
        case keyFrame
        case started(FrameInput?, RTPSender)
    }

    private enum Pipeline {
        case sound(SoundStream)
        case video(VideoPipeline)
    }

    private let configuration: CaptureStreamConfiguration
    private let effects: InputEffects
    private var sender: RTPSender?
    private var pipeline: Pipeline?
    private var gate = KeyFrameGate()
    private var nextAttempt: Instant?
    private var delay = StreamSupervisor.firstDelay

    init(_ configuration: CaptureStreamConfiguration, _ effects: InputEffects) {
        self.configuration = configuration
        self.effects = effects
    }

    /// What to sleep on, beside ``pollTimeout()``.
    var descriptors: [CInt] {
        var descriptors = sender.map { [$0.descriptor] } ?? []
        switch pipeline {
        case .sound(let stream): descriptors.append(stream.descriptor)
        case .video(let pipeline): descriptors.append(pipeline.descriptor)
        case nil: break
        }
        return descriptors
    }

    /// Reports, which say that the stream is alive even while the screen is still.
    func sendReport(now: Instant) {
        if pipeline != nil { sender?.sendReport(now: now) }
    }

    /// Does what is due: at most one thing worth telling.
    func poll(_ desk: DeskMediaConfiguration, now: Instant) -> Event? {
        // On a still screen the last frame is sent again at once.
        if let sender, sender.receiveFeedback() > 0, configuration.stream.isVideo {
            gate.handleRequest(now: now)
        }
        guard let pipeline else {
            if let nextAttempt, now < nextAttempt { return nil }
            return start(desk, now: now)
        }
        switch pipeline {
        case .sound(let stream):
            switch stream.pollEvent() {
            case .failed(let reason): return fail(reason, now: now)
            case .recording: return sender.map { .started(nil, $0) }
            case nil: return nil
            }
        case .video(let pipeline):
            if let reason = pipeline.pollFailure() { return fail(reason, now: now) }
            guard gate.pollKeyFrame(now: now) else { return nil }
            pipeline.forceKeyFrame()
            return .keyFrame
        }
    }

    /// The next frame of video is a key frame, whoever has asked for one of late.
    func forceKeyFrame() {
        if case .video(let pipeline) = pipeline { pipeline.forceKeyFrame() }
    }

    func pollTimeout() -> Instant? {
        guard pipeline == nil else { return gate.pollTimeout() }
        return nextAttempt ?? Instant(nanoseconds: 0)
    }

    private func start(_ desk: DeskMediaConfiguration, now: Instant) -> Event? {
        do {
            let sender = try sender ?? RTPSender(configuration, effects)
            self.sender = sender
            gate = KeyFrameGate()
            if configuration.stream.isVideo {
                let video = try VideoPipeline(configuration, for: desk, sender: sender)
                pipeline = .video(video)
                return .started(video.input, sender)
            }
            pipeline = .sound(try SoundStream(configuration, for: desk, sender: sender))
            return nil
        } catch {
            return fail((error as? PipelineError)?.message ?? "\(error)", now: now)
        }
    }

    private func fail(_ reason: String, now: Instant) -> Event {
        // A pipeline that ran for a while earns a quick attempt.
        if let nextAttempt, now - nextAttempt > Self.lastDelay { delay = Self.firstDelay }
        pipeline = nil
        nextAttempt = now + delay
        delay = min(delay + delay, Self.lastDelay)
        return .failed(reason)
    }

    private static let firstDelay = Interval.milliseconds(250)
    private static let lastDelay = Interval.seconds(4)
}
