internal import CPulse
internal import IO
internal import Wire

/// Records a PulseAudio source, by libpulse's asynchronous API on a thread of its own.
///
/// Why not `pulsesrc`: it wakes up a hundred times a second whether anything plays or not, and keeps the sink
/// from being suspended. This recorder lets `module-suspend-on-idle` stop the sink while nothing plays; the
/// server starts it again before the first sample of a new sound, and until then neither side wakes up.
///
/// Belongs to its owner's thread, which makes it, polls it and stops it. In between, what the pointers lead to, `stream`
/// and `frames` belong to libpulse's thread, which ``stop()`` ends before it touches them.
final class SoundRecorder {
    enum Event: Sendable {
        case failed(String)
        case recording
    }

    private let events = Mailbox<Event>()
    private let loop: OpaquePointer
    private let context: OpaquePointer
    private let device: String
    private let onFrame: @Sendable (SoundFrames.Frame) -> Void
    private var stream: OpaquePointer?
    private var frames = SoundFrames()
    private var isStopped = false

    /// Begins to connect; ``pollEvent()`` tells what comes of it.
    ///
    /// - Parameters:
    ///   - server: As in `PULSE_SERVER`; `nil` is the library's own choice.
    ///   - onFrame: Given each frame that is not to be left out, on libpulse's thread; must not block.
    init(
        device: String,
        server: String?,
        onFrame: @escaping @Sendable (SoundFrames.Frame) -> Void
    ) throws(PipelineError) {
        guard let loop = pa_threaded_mainloop_new() else {
            throw PipelineError(message: "no PulseAudio loop")
        }
        guard let context = pa_context_new(pa_threaded_mainloop_get_api(loop), "deskroom") else {
            pa_threaded_mainloop_free(loop)
            throw PipelineError(message: "no PulseAudio context")
        }
        self.loop = loop
        self.context = context
        self.device = device
        self.onFrame = onFrame
        pa_threaded_mainloop_set_name(loop, "desk-sound")
        // Unretained: no callback runs once the loop is stopped.
        pa_context_set_state_callback(context, contextChanged, Unmanaged.passUnretained(self).toOpaque())
        guard
            pa_context_connect(context, server, PA_CONTEXT_NOAUTOSPAWN, nil) >= 0,
            pa_threaded_mainloop_start(loop) >= 0
        else { throw PipelineError(message: reason) }
    }

    deinit {
        // Only where starting failed: then there is no thread, and nobody who could have called it.
        stop()
    }

    /// Ends libpulse's thread, which this must not be called on; its owner calls it before it lets go.
    ///
    /// Not left to `deinit`: a callback that reports a failure holds a reference, and would be the last to
    /// let go, on the very thread that is to be ended.
    func stop() {
        guard !isStopped else { return }
        isStopped = true
        pa_threaded_mainloop_stop(loop)
        // From here on this is the only thread, and nobody is to be told.
        pa_context_set_state_callback(context, nil, nil)
        if let stream {
            pa_stream_set_state_callback(stream, nil, nil)
            pa_stream_set_read_callback(stream, nil, nil)
            pa_stream_set_suspended_callback(stream, nil, nil)
            pa_stream_disconnect(stream)
            pa_stream_unref(stream)
        }
        pa_context_disconnect(context)
        pa_context_unref(context)
        pa_threaded_mainloop_free(loop)
    }

    /// Readable while ``pollEvent()`` has something to tell.
    var descriptor: CInt { events.descriptor }

    /// What has happened; the last thing, if it was several.
    func pollEvent() -> Event? { events.receive().last }

    // MARK: libpulse's thread

    fileprivate func handleContextState() {
        switch pa_context_get_state(context) {
        case PA_CONTEXT_READY: record()
        case PA_CONTEXT_FAILED, PA_CONTEXT_TERMINATED: events.send(.failed(reason))
        default: break
        }
    }

    fileprivate func handleStreamState(_ stream: OpaquePointer) {
        switch pa_stream_get_state(stream) {
        case PA_STREAM_READY: events.send(.recording)
        case PA_STREAM_FAILED, PA_STREAM_TERMINATED: events.send(.failed(reason))
        default: break
        }
    }

    fileprivate func handleSuspension() {
        frames.handleInterruption()
    }

    fileprivate func handleSamples(_ stream: OpaquePointer) {
        let now = Instant.now()
        var waiting = pa_stream_readable_size(stream)
        while waiting > 0, waiting != .max {
            var samples: UnsafeRawPointer?
            var count = 0
            guard pa_stream_peek(stream, &samples, &count) >= 0, count > 0 else { return }
            waiting -= min(count, waiting)
            let end = SoundFrames.start(of: waiting, endingAt: now)
            frames.handle(samples, byteCount: count, recordedUntil: end, onFrame)
            pa_stream_drop(stream)
        }
    }

    private func record() {
        var format = pa_sample_spec(format: PA_SAMPLE_S16LE, rate: 48_000, channels: 2)
        guard let stream = pa_stream_new(context, "desk", &format, nil) else {
            return events.send(.failed(reason))
        }
        self.stream = stream
        let this = Unmanaged.passUnretained(self).toOpaque()
        pa_stream_set_state_callback(stream, streamChanged, this)
        pa_stream_set_read_callback(stream, samplesArrived, this)
        pa_stream_set_suspended_callback(stream, suspensionChanged, this)
        // Fragments of 10 ms: when a sound begins, the server has rendered up to one fragment of silence
        // ahead, which takes the place of the sound's first milliseconds. If this thread stalls, what is
        // older than half a second is lost.
        var buffer = pa_buffer_attr(
            maxlength: UInt32(50 * SoundFrames.byteCount),
            tlength: .max,
            prebuf: .max,
            minreq: .max,
            fragsize: UInt32(SoundFrames.byteCount)
        )
        // Not moved: if the source goes, people must not hear another one.
        let flags =
            PA_STREAM_ADJUST_LATENCY.rawValue | PA_STREAM_DONT_INHIBIT_AUTO_SUSPEND.rawValue
            | PA_STREAM_DONT_MOVE.rawValue
        if pa_stream_connect_record(stream, device, &buffer, pa_stream_flags_t(flags)) < 0 {
            events.send(.failed(reason))
        }
    }

    private var reason: String { String(cString: pa_strerror(pa_context_errno(context))) }
}

/// A `pa_context_notify_cb_t`.
private func contextChanged(_ context: OpaquePointer?, _ recorder: UnsafeMutableRawPointer?) {
    recorder.map { Unmanaged<SoundRecorder>.fromOpaque($0).takeUnretainedValue().handleContextState() }
}

/// A `pa_stream_notify_cb_t`.
private func streamChanged(_ stream: OpaquePointer?, _ recorder: UnsafeMutableRawPointer?) {
    guard let stream, let recorder else { return }
    Unmanaged<SoundRecorder>.fromOpaque(recorder).takeUnretainedValue().handleStreamState(stream)
}

/// A `pa_stream_notify_cb_t`.
private func suspensionChanged(_ stream: OpaquePointer?, _ recorder: UnsafeMutableRawPointer?) {
    recorder.map { Unmanaged<SoundRecorder>.fromOpaque($0).takeUnretainedValue().handleSuspension() }
}

/// A `pa_stream_request_cb_t`.
private func samplesArrived(_ stream: OpaquePointer?, _ count: Int, _ recorder: UnsafeMutableRawPointer?) {
    guard let stream, let recorder else { return }
    Unmanaged<SoundRecorder>.fromOpaque(recorder).takeUnretainedValue().handleSamples(stream)
}
