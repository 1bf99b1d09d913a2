internal import CGStreamer
internal import Glibc
internal import Synchronization
internal import Wire

/// Sends what a payloader makes to the room, and reads the room's feedback, on one UDP socket (RFC 5761).
///
/// Why not `rtpbin`: it brings a jitter buffer's clockwork and two threads a stream, forces a key frame for
/// every PLI of a volley, and hands packets on one by one. Here the encoder's own thread sends a whole frame
/// with one or two system calls, and the measure of latency from capture to wire is exact.
///
/// The payloader's thread sends; another thread reports and reads feedback.
final class RTPSender: Sendable {
    /// The `gst-launch` text of the element that ``attach(to:_:)`` expects after the payloader.
    static let element =
        "appsink name=sink sync=false async=false buffer-list=true enable-last-sample=false max-buffers=4"

    let stream: CaptureStream
    let ssrc: UInt32
    /// The socket, readable when feedback waits.
    let descriptor: CInt

    private let cname: String
    private let timestampOffset: UInt32
    private let state: Mutex<State>

    init(_ configuration: CaptureStreamConfiguration) throws(PipelineError) {
        stream = configuration.stream
        ssrc = configuration.ssrc
        cname = configuration.cname
        // From the SSRC, so that the timestamps of a desk that was restarted go on where it stopped.
        timestampOffset = configuration.ssrc &* 0x9e37_79b1
        descriptor = try connectedSocket(port: configuration.port)
        state = Mutex(State(socket: descriptor))
        // The room learns from this packet whose media it is to take, and where feedback goes.
        sendReport(now: .monotonic())
    }

    deinit {
        close(descriptor)
    }

    /// Configures the pipeline's `payloader` and takes what reaches its `sink`.
    func attach(to pipeline: GstPipeline, _ configuration: CaptureStreamConfiguration) throws(PipelineError) {
        try pipeline.set("pt", of: "payloader", to: "\(configuration.payloadType & 0x7f)")
        try pipeline.set("ssrc", of: "payloader", to: "\(ssrc)")
        try pipeline.set("mtu", of: "payloader", to: "\(configuration.maximumPacketSize)")
        try pipeline.set("timestamp-offset", of: "payloader", to: "\(timestampOffset)")

        let sink = try pipeline.element("sink")
        defer { gst_object_unref(sink) }
        var callbacks = GstAppSinkCallbacks()
        callbacks.new_sample = newSample
        // GStreamer holds one reference to the sender and gives it back through `release`.
        gst_app_sink_set_callbacks(
            CGStreamer_APP_SINK(sink),
            &callbacks,
            Unmanaged.passRetained(self).toOpaque(),
            release
        )
    }

    var statistics: StreamStatistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.dropped += state.burst.dropped
            statistics.latency = state.latencies.median
            return statistics
        }
    }

    /// Whether the last frame was so small that the encoder has nothing left to improve.
    var isSettled: Bool { state.withLock { $0.lastFrameBytes < Self.settledFrameBytes } }

    /// Tells the room how RTP time and wall clock correspond, for lip-sync (RFC 3550 §6.4.1).
    func sendReport(now: Instant) {
        var wall = timespec()
        clock_gettime(CLOCK_REALTIME, &wall)
        let report = state.withLock { state in
            let reference = state.reference ?? (timestampOffset, Instant(nanoseconds: 0))
            return SenderReport(
                ssrc: ssrc,
                ntpTime: NTPTime(unixNanoseconds: Int64(wall.tv_sec) * 1_000_000_000 + Int64(wall.tv_nsec)),
                rtpTimestamp: reference.timestamp &+ ticks(now - reference.time),
                packetCount: UInt32(truncatingIfNeeded: state.statistics.packets),
                octetCount: UInt32(truncatingIfNeeded: state.payloadBytes)
            )
        }
        withUnsafeTemporaryAllocation(byteCount: 512, alignment: 8) { buffer in
            var compound = OutputRawSpan(buffer: buffer, initializedCount: 0)
            report.write(into: &compound)
            SourceDescription.write(ssrc, cname: cname, into: &compound)
            let count = compound.finalize(for: buffer)
            _ = Glibc.send(descriptor, buffer.baseAddress, count, CInt(MSG_NOSIGNAL))
        }
    }

    /// Reads what waits on the socket; returns how many key frames were asked for.
    func receiveFeedback() -> Int {
        var requests = 0
        var malformed = 0
        withUnsafeTemporaryAllocation(byteCount: 1_500, alignment: 8) { buffer in
            // Bounded: whatever floods the socket, the caller gets on with its other work.
            for _ in 0..<64 {
                let count = recv(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_DONTWAIT))
                if count < 0, errno == ECONNREFUSED { continue }
                guard count >= 0 else { break }
                let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                do {
                    requests += try KeyFrameRequests.count(in: bytes, for: ssrc)
                } catch {
                    malformed += 1
                }
            }
        }
        state.withLock { state in
            state.statistics.keyFrameRequests += requests
            state.statistics.malformedFeedback += malformed
        }
        return requests
    }

    // MARK: The payloader's or the recorder's thread

    /// Sends one packet of sound, whose first sample was recorded at `date`.
    ///
    /// - Parameter isMarked: Whether it ends a pause (RFC 3551 §4.1).
    func send(_ payload: UnsafeRawBufferPointer, payloadType: UInt8, isMarked: Bool, recordedAt date: Instant)
    {
        let timestamp = timestampOffset &+ ticks(date - Instant(nanoseconds: 0))
        let size = Self.headerSize + payload.count
        state.withLock { state in
            guard let packet = state.burst.reserve(size) else { return }
            let header = RTPHeader(
                payloadType: payloadType,
                sequenceNumber: state.sequenceNumber,
                timestamp: timestamp,
                ssrc: ssrc,
                isMarked: isMarked,
                payloadLength: payload.count
            )
            var out = OutputRawSpan(buffer: packet, initializedCount: 0)
            header.write(hasExtensions: false, into: &out)
            let written = out.finalize(for: packet)
            UnsafeMutableRawBufferPointer(rebasing: packet[written...]).copyMemory(from: payload)
            state.sequenceNumber &+= 1
            state.burst.append(size)
            state.countPacket(size)
            endFrame(timestamp, date, &state)
        }
    }

    /// Sends the packets of a sample: one buffer or a list of them.
    fileprivate func send(_ sample: OpaquePointer) {
        let segment = gst_sample_get_segment(sample)
        state.withLock { state in
            if let list = gst_sample_get_buffer_list(sample) {
                for index in 0..<gst_buffer_list_length(list) {
                    if let buffer = gst_buffer_list_get(list, index) { append(buffer, segment, &state) }
                }
            } else if let buffer = gst_sample_get_buffer(sample) {
                append(buffer, segment, &state)
            }
            state.burst.flush()
        }
    }

    private func append(
        _ buffer: UnsafeMutablePointer<GstBuffer>,
        _ segment: UnsafePointer<GstSegment>?,
        _ state: inout State
    ) {
        let size = Int(gst_buffer_get_size(buffer))
        // Payloaders write no extension or padding, so the header is its fixed part.
        guard size > Self.headerSize, let packet = state.burst.reserve(size) else { return }
        gst_buffer_extract(buffer, 0, packet.baseAddress, gsize(size))
        let span = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(packet))
        let isLast = packet[1] & 0x80 != 0
        if stream.startsKeyFrame(span.extracting(Self.headerSize..<size)) { state.statistics.keyFrames += 1 }
        let timestamp = span.bigEndian(UInt32.self, at: 4) ?? 0
        state.burst.append(size)

        state.countPacket(size)
        guard isLast else { return }
        let time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, CGStreamer_buffer_pts(buffer))
        endFrame(timestamp, time == .max ? nil : Instant(nanoseconds: Int64(clamping: time)), &state)
    }

    /// Sends what waits; the frame was captured at `date`.
    private func endFrame(_ timestamp: UInt32, _ date: Instant?, _ state: inout State) {
        state.burst.flush()
        state.statistics.frames += 1
        state.lastFrameBytes = state.frameBytes
        state.frameBytes = 0
        guard let date else { return }
        state.reference = (timestamp, date)
        state.latencies.append(.monotonic() - date)
    }

    private func ticks(_ interval: Interval) -> UInt32 {
        let (seconds, rest) = interval.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let rate = Int64(stream.clockRate)
        return UInt32(truncatingIfNeeded: seconds * rate + rest * rate / 1_000_000_000)
    }

    private struct State: ~Copyable {
        var statistics = StreamStatistics()
        var payloadBytes = 0
        var frameBytes = 0
        var lastFrameBytes = Int.max
        /// The last frame's place on both clocks.
        var reference: (timestamp: UInt32, time: Instant)?
        var latencies = RecentMedian()
        var burst: PacketBurst
        /// Of the next packet, where no payloader counts.
        var sequenceNumber = UInt16.random(in: 0...0x7fff)

        init(socket: CInt) {
            burst = PacketBurst(socket: socket)
        }

        mutating func countPacket(_ size: Int) {
            statistics.packets += 1
            statistics.bytes += size
            payloadBytes += size - RTPSender.headerSize
            frameBytes += size
        }
    }

    fileprivate static let headerSize = RTPHeader.fixedLength
    private static let settledFrameBytes = 2_000
}

extension CaptureStream {
    fileprivate func startsKeyFrame(_ payload: RawSpan) -> Bool {
        switch self {
        case .h264, .h264Small: H264Payload.startsKeyFrame(payload)
        case .opus: false
        case .vp8, .vp8Small: VP8PayloadDescriptor(payload)?.startsKeyFrame ?? false
        }
    }
}

private func connectedSocket(port: UInt16) throws(PipelineError) -> CInt {
    let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else {
        throw PipelineError(message: "no socket: \(String(cString: strerror(errno)))")
    }
    // A key frame leaves in one burst.
    var size: CInt = 1 << 20
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafeBytes(of: &address) {
        connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, socklen_t($0.count))
    }
    guard result == 0 else {
        let error = errno
        close(descriptor)
        throw PipelineError(message: "cannot reach port \(port): \(String(cString: strerror(error)))")
    }
    return descriptor
}

/// GStreamer's `GstAppSinkCallbacks.new_sample`.
private func newSample(
    _ sink: UnsafeMutablePointer<GstAppSink>?,
    _ context: UnsafeMutableRawPointer?
) -> GstFlowReturn {
    guard let context, let sample = gst_app_sink_pull_sample(sink) else { return GST_FLOW_EOS }
    defer { gst_sample_unref(sample) }
    Unmanaged<RTPSender>.fromOpaque(context).takeUnretainedValue().send(sample)
    return GST_FLOW_OK
}

/// `GDestroyNotify` for the sender.
private func release(_ context: UnsafeMutableRawPointer?) {
    context.map { Unmanaged<RTPSender>.fromOpaque($0).release() }
}
