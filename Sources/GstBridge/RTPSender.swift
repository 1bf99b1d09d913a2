internal import CGStreamer
internal import IO
internal import Synchronization
internal import Wire

/// Sends what a payloader makes to the room, and reads the room's feedback, on one UDP socket (RFC 5761).
///
/// Why not `rtpbin`: it brings a jitter buffer and two threads a stream, forces a key frame for
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
    private let maximumPacketSize: Int
    /// Where everything goes, and the only source that feedback is taken from.
    private let room: SocketAddress
    private let timestampOffset: UInt32
    private let state: Mutex<RTPOutlet>

    init(_ configuration: CaptureStreamConfiguration, _ effects: InputEffects) throws(PipelineError) {
        stream = configuration.stream
        ssrc = configuration.ssrc
        cname = configuration.cname
        maximumPacketSize = configuration.maximumPacketSize
        room = SocketAddress(ipv4: Self.loopback, port: configuration.port)
        timestampOffset = configuration.stream.timestamp(
            at: Instant(nanoseconds: 0),
            ssrc: configuration.ssrc
        )
        let state: RTPOutlet
        do {
            state = RTPOutlet(
                configuration,
                to: room,
                // A small picture comes seldom.
                configuration.stream.isVideo && !configuration.stream.isSmall ? effects : nil,
                try UDPSocket(boundTo: SocketAddress(ipv4: Self.loopback, port: 0))
            )
        } catch {
            throw PipelineError(message: "no socket: \(error)")
        }
        descriptor = state.socket.descriptor
        self.state = Mutex(state)
        // The room learns from this packet whose media it is to take, and where feedback goes.
        sendReport(now: .now())
    }

    /// Configures the pipeline's `payloader`, if it has one, and takes what reaches its `sink`.
    func attach(to pipeline: GstPipeline, _ configuration: CaptureStreamConfiguration) throws(PipelineError) {
        if !stream.isH264 {
            try pipeline.set("pt", of: "payloader", to: "\(configuration.payloadType & 0x7f)")
            try pipeline.set("ssrc", of: "payloader", to: "\(ssrc)")
            try pipeline.set("mtu", of: "payloader", to: "\(maximumPacketSize)")
            try pipeline.set("timestamp-offset", of: "payloader", to: "\(timestampOffset)")
        }

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
            statistics.dropped += state.socket.counters.unsent + state.queue.dropped
            statistics.latency = state.latencies.median
            return statistics
        }
    }

    /// Whether the last frame was so small that the encoder has nothing left to improve.
    var isSettled: Bool { state.withLock { $0.lastFrameBytes < Self.settledFrameBytes } }

    /// Tells the room how RTP time and wall clock correspond, for lip-sync (RFC 3550 §6.4.1).
    func sendReport(now: Instant) {
        let wall = WallClock.now()
        state.withLock { state in
            let reference = state.reference ?? (timestampOffset, Instant(nanoseconds: 0))
            let report = SenderReport(
                ssrc: ssrc,
                ntpTime: NTPTime(unixNanoseconds: wall),
                rtpTimestamp: reference.timestamp &+ ticks(now - reference.time),
                packetCount: UInt32(truncatingIfNeeded: state.statistics.packets),
                octetCount: UInt32(truncatingIfNeeded: state.payloadBytes)
            )
            state.queue.append(to: room) { compound in
                report.write(into: &compound)
                SourceDescription.write(ssrc, cname: cname, into: &compound)
            }
            state.flush()
        }
    }

    /// Reads what waits on the socket, at most one batch; returns how many key frames were asked for.
    func receiveFeedback() -> Int {
        state.withLock { state in
            var requests = 0
            for index in 0..<state.socket.receive() {
                let count: Int? = state.socket.withDatagram(at: index) { bytes, source in
                    // Any program on the desk can send to this port.
                    source == room ? try? KeyFrameRequests.count(in: bytes.bytes, for: ssrc) : nil
                }
                requests += count ?? 0
                if count == nil { state.statistics.malformedFeedback += 1 }
            }
            state.statistics.keyFrameRequests += requests
            return requests
        }
    }

    // MARK: The payloader's or the recorder's thread

    /// Sends one packet of sound, whose first sample was recorded at `date`.
    ///
    /// - Parameter isMarked: Whether it ends a pause (RFC 3551 §4.1).
    func send(_ payload: UnsafeRawBufferPointer, isMarked: Bool, recordedAt date: Instant) {
        let timestamp = stream.timestamp(at: date, ssrc: ssrc)
        state.withLock { state in
            state.append(RawSpan(_unsafeBytes: payload), timestamp: timestamp, isMarked: isMarked)
            state.endFrame(timestamp, date)
        }
    }

    /// Sends a picture of H.264 that says only what has changed since the encoder's last one, in place of one of the encoder.
    ///
    /// - Parameters:
    ///   - reference: What the encoder was given last, at `last`.
    ///   - rects: Where `frame` may differ from it.
    /// - Returns: `false` if it is the encoder's turn: too much has changed, or it still works on its last picture or has
    ///   something left to improve.
    func sendPatch(
        _ frame: I420Frame,
        since reference: I420Frame,
        in rects: [PixelRect],
        after last: Instant,
        at date: Instant
    ) -> Bool {
        state.withLock { state in
            guard state.lastFrameBytes < Self.settledFrameBytes, state.pictures.lastPicture == last,
                let unit = state.pictures.patch(frame, since: reference, in: rects)
            else { return false }
            send([unit], date, isPatch: true, &state)
            return true
        }
    }

    /// Sends the packets of a sample: one buffer or a list of them.
    fileprivate func send(_ sample: OpaquePointer) {
        state.withLock { state in
            let segment = gst_sample_get_segment(sample)
            if stream.isH264 {
                if let buffer = gst_sample_get_buffer(sample) { send(buffer, segment, &state) }
            } else if let list = gst_sample_get_buffer_list(sample) {
                for index in 0..<gst_buffer_list_length(list) {
                    if let buffer = gst_buffer_list_get(list, index) { append(buffer, segment, &state) }
                }
            } else if let buffer = gst_sample_get_buffer(sample) {
                append(buffer, segment, &state)
            }
            state.flush()
        }
    }

    /// Sends a picture of H.264.
    private func send(
        _ buffer: UnsafeMutablePointer<GstBuffer>,
        _ segment: UnsafePointer<GstSegment>?,
        _ state: inout RTPOutlet
    ) {
        let time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, CGStreamer_buffer_pts(buffer))
        var map = GstMapInfo()
        guard time != .max, gst_buffer_map(buffer, &map, GST_MAP_READ) != 0 else { return }
        defer { gst_buffer_unmap(buffer, &map) }
        let date = Instant(nanoseconds: Int64(clamping: time))
        let units = state.pictures.units(
            of: UnsafeRawBufferPointer(start: map.data, count: Int(map.size)),
            date: date
        )
        if H264Stream.startsKeyFrame(units) { state.statistics.keyFrames += 1 }
        send(units, date, &state)
    }

    /// Sends the NAL units of one picture.
    private func send(_ units: [[UInt8]], _ date: Instant, isPatch: Bool = false, _ state: inout RTPOutlet) {
        let timestamp = stream.timestamp(at: date, ssrc: ssrc)
        let payloads = H264Stream.payloads(of: units, limit: maximumPacketSize - RTPOutlet.headerSize)
        for (index, payload) in payloads.enumerated() {
            state.append(payload.span.bytes, timestamp: timestamp, isMarked: index == payloads.count - 1)
        }
        if !payloads.isEmpty { state.endFrame(timestamp, date, isPatch: isPatch) }
    }

    private func append(
        _ buffer: UnsafeMutablePointer<GstBuffer>,
        _ segment: UnsafePointer<GstSegment>?,
        _ state: inout RTPOutlet
    ) {
        let size = Int(gst_buffer_get_size(buffer))
        // Payloaders write no extension or padding, so the header is its fixed part, and are told what fits.
        guard size > RTPOutlet.headerSize, size <= TransmitQueue.datagramCapacity else { return }
        if state.queue.isNearlyFull { state.flush() }
        state.queue.append(to: room) { packet in
            packet.withUnsafeMutableBytes { memory, count in
                count = Int(gst_buffer_extract(buffer, 0, memory.baseAddress, gsize(size)))
            }
        }
        let packet = state.queue.withBytes(at: state.queue.count - 1) { packet in
            (
                isLast: (packet.bigEndian(UInt8.self, at: 1) ?? 0) & 0x80 != 0,
                timestamp: packet.bigEndian(UInt32.self, at: 4) ?? 0,
                startsKeyFrame: stream.startsKeyFrame(packet.extracting(RTPOutlet.headerSize..<size))
            )
        }
        if packet.startsKeyFrame { state.statistics.keyFrames += 1 }

        state.countPacket(size)
        guard packet.isLast else { return }
        let time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, CGStreamer_buffer_pts(buffer))
        state.endFrame(packet.timestamp, time == .max ? nil : Instant(nanoseconds: Int64(clamping: time)))
    }

    private func ticks(_ interval: Interval) -> UInt32 {
        let (seconds, rest) = interval.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let rate = Int64(stream.clockRate)
        return UInt32(truncatingIfNeeded: seconds * rate + rest * rate / 1_000_000_000)
    }

    private static let settledFrameBytes = 2_000
    private static let loopback: UInt32 = 0x7f00_0001
}

extension CaptureStream {
    fileprivate var isH264: Bool { covered == .h264 || covered == .h264Small }

    fileprivate func startsKeyFrame(_ payload: RawSpan) -> Bool {
        switch covered {
        case .vp8, .vp8Small: VP8PayloadDescriptor(payload)?.startsKeyFrame ?? false
        default: false
        }
    }
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
