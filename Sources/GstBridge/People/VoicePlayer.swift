internal import CPulse
package import IO
internal import Wire

/// Plays the voices that the room sends into a sink, whose monitor is what programs on the desk record.
///
/// By libpulse's asynchronous API, on one thread of its own, on which it also reads the room's link: there is no queue and no
/// lock between a packet and the sound. It lives while somebody is heard; then the room closes the link, ``onEnd``
/// is called, and whoever made it calls ``stop()``.
package final class VoicePlayer {
    private let link: SeqPacketSocket
    private let loop: OpaquePointer
    private let context: OpaquePointer
    private let sink: String
    private let onEnd: @Sendable () -> Void
    private let mixer = VoiceMixer()
    private var stream: OpaquePointer?
    private var reader: OpaquePointer?
    private var hasEnded = false
    private var isStopped = false
    private var buffer = [UInt8](repeating: 0, count: VoiceMessage.maximumLength + 1)

    /// Takes over `link` and begins to connect.
    ///
    /// - Parameters:
    ///   - server: As in `PULSE_SERVER`; `nil` is the library's own choice.
    ///   - onEnd: Called once on libpulse's thread, when the link is closed or the sound server is of no use; must not block.
    package init(
        link: consuming SeqPacketSocket,
        sink: String,
        server: String?,
        onEnd: @escaping @Sendable () -> Void
    ) throws(PipelineError) {
        guard let loop = pa_threaded_mainloop_new() else {
            throw PipelineError(message: "no PulseAudio loop")
        }
        guard let context = pa_context_new(pa_threaded_mainloop_get_api(loop), "deskroom people") else {
            pa_threaded_mainloop_free(loop)
            throw PipelineError(message: "no PulseAudio context")
        }
        self.link = link
        self.loop = loop
        self.context = context
        self.sink = sink
        self.onEnd = onEnd
        pa_threaded_mainloop_set_name(loop, "people-sound")
        // Unretained: no callback runs once the loop is stopped.
        let this = Unmanaged.passUnretained(self).toOpaque()
        pa_context_set_state_callback(context, contextChanged, this)
        let api = pa_threaded_mainloop_get_api(loop)
        reader = api?.pointee.io_new(api, self.link.descriptor, PA_IO_EVENT_INPUT, linkReadable, this)
        // A server that is not there is told on the link.
        if pa_context_connect(context, server, PA_CONTEXT_NOAUTOSPAWN, nil) < 0 { end(.noServer) }
        guard pa_threaded_mainloop_start(loop) >= 0 else {
            throw PipelineError(message: "no thread for PulseAudio")
        }
    }

    deinit {
        // Only where starting failed: then there is no thread.
        stop()
    }

    /// Ends libpulse's thread, which this must not be called on; its owner calls it before it lets go.
    package func stop() {
        guard !isStopped else { return }
        isStopped = true
        pa_threaded_mainloop_stop(loop)
        // From here on this is the only thread, and nobody is to be told.
        pa_context_set_state_callback(context, nil, nil)
        if let stream {
            pa_stream_set_state_callback(stream, nil, nil)
            pa_stream_set_write_callback(stream, nil, nil)
            pa_stream_disconnect(stream)
            pa_stream_unref(stream)
        }
        unwatch()
        pa_context_disconnect(context)
        pa_context_unref(context)
        pa_threaded_mainloop_free(loop)
    }

    // MARK: libpulse's thread

    fileprivate func handleContextState() {
        switch pa_context_get_state(context) {
        case PA_CONTEXT_READY: play()
        case PA_CONTEXT_FAILED, PA_CONTEXT_TERMINATED: end(.noServer)
        default: break
        }
    }

    fileprivate func handleStreamState(_ stream: OpaquePointer) {
        switch pa_stream_get_state(stream) {
        case PA_STREAM_READY: tell(.playing)
        case PA_STREAM_FAILED, PA_STREAM_TERMINATED:
            end(pa_context_errno(context) == CInt(PA_ERR_NOENTITY.rawValue) ? .noSink : .noServer)
        default: break
        }
    }

    fileprivate func handleLink() {
        let now = Instant.now()
        for _ in 0..<Self.batch {
            var span = buffer.mutableSpan
            var memory = span.mutableBytes
            switch link.receive(into: &memory) {
            case .message(let count): mixer.handle(buffer.span.bytes.extracting(first: count), now: now)
            case .wouldBlock: return
            case .closed: return end(nil)
            }
        }
    }

    fileprivate func handleRequest(_ stream: OpaquePointer, _ count: Int) {
        var waiting = count
        while waiting > 1 {
            var memory: UnsafeMutableRawPointer?
            var room = waiting
            guard pa_stream_begin_write(stream, &memory, &room) >= 0, let memory, room > 1 else { return }
            let samples = min(room, waiting) / 2
            let space = UnsafeMutableBufferPointer(
                start: memory.bindMemory(to: Int16.self, capacity: samples),
                count: samples
            )
            mixer.fill(space, now: .now())
            guard pa_stream_write(stream, memory, samples * 2, nil, 0, PA_SEEK_RELATIVE) >= 0 else { return }
            waiting -= samples * 2
        }
    }

    private func play() {
        var format = pa_sample_spec(format: PA_SAMPLE_S16LE, rate: 48_000, channels: 1)
        guard let stream = pa_stream_new(context, "people", &format, nil) else { return end(.noServer) }
        self.stream = stream
        let this = Unmanaged.passUnretained(self).toOpaque()
        pa_stream_set_state_callback(stream, streamChanged, this)
        pa_stream_set_write_callback(stream, samplesWanted, this)
        // 40 ms in advance, asked for 10 ms at a time; it goes on when it has run empty.
        var buffer = pa_buffer_attr(
            maxlength: .max,
            tlength: 3_840,
            prebuf: 0,
            minreq: 960,
            fragsize: .max
        )
        // Not moved: nobody is to be heard anywhere else.
        let flags = PA_STREAM_ADJUST_LATENCY.rawValue | PA_STREAM_DONT_MOVE.rawValue
        if pa_stream_connect_playback(stream, sink, &buffer, pa_stream_flags_t(flags), nil, nil) < 0 {
            end(.noServer)
        }
    }

    private func tell(_ state: VoiceMessage.State) {
        let message = VoiceMessage.state(state).encodedHead()
        _ = link.send(message.span.bytes)
    }

    /// - Parameter state: What the room is told; `nil` if it is not there.
    private func end(_ state: VoiceMessage.State?) {
        guard !hasEnded, !isStopped else { return }
        hasEnded = true
        if let state { tell(state) }
        // A link that is closed would be readable for ever.
        unwatch()
        onEnd()
    }

    private func unwatch() {
        guard let reader else { return }
        self.reader = nil
        pa_threaded_mainloop_get_api(loop)?.pointee.io_free(reader)
    }

    private static let batch = 64
}

/// A `pa_context_notify_cb_t`.
private func contextChanged(_ context: OpaquePointer?, _ player: UnsafeMutableRawPointer?) {
    player.map { Unmanaged<VoicePlayer>.fromOpaque($0).takeUnretainedValue().handleContextState() }
}

/// A `pa_stream_notify_cb_t`.
private func streamChanged(_ stream: OpaquePointer?, _ player: UnsafeMutableRawPointer?) {
    guard let stream, let player else { return }
    Unmanaged<VoicePlayer>.fromOpaque(player).takeUnretainedValue().handleStreamState(stream)
}

/// A `pa_stream_request_cb_t`.
private func samplesWanted(_ stream: OpaquePointer?, _ count: Int, _ player: UnsafeMutableRawPointer?) {
    guard let stream, let player else { return }
    Unmanaged<VoicePlayer>.fromOpaque(player).takeUnretainedValue().handleRequest(stream, count)
}

/// A `pa_io_event_cb_t`.
private func linkReadable(
    _ api: UnsafeMutablePointer<pa_mainloop_api>?,
    _ event: OpaquePointer?,
    _ descriptor: CInt,
    _ flags: pa_io_event_flags_t,
    _ player: UnsafeMutableRawPointer?
) {
    player.map { Unmanaged<VoicePlayer>.fromOpaque($0).takeUnretainedValue().handleLink() }
}
