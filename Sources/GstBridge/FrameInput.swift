internal import CGStreamer
internal import Synchronization
internal import Wire

/// Where the capture hands its frames to one encoder: an `appsrc`.
///
/// Made on the media thread, used on the capture thread.
final class FrameInput: Sendable {
    /// `nonisolated(unsafe)`: `appsrc` may be called from any thread.
    nonisolated(unsafe) private let source: UnsafeMutablePointer<GstAppSrc>
    private let rate: (numerator: Int, denominator: Int)
    /// Of the last frame, in pixels.
    private let size = Mutex<(width: Int, height: Int)?>(nil)
    private let last = Mutex<Instant?>(nil)

    /// Adopts the reference to `element`.
    ///
    /// - Parameter rate: The most frames in a second, of which the encoder gives each its part of the bitrate.
    init(_ element: UnsafeMutablePointer<GstElement>, rate: (numerator: Int, denominator: Int)) {
        source = CGStreamer_APP_SRC(element)
        self.rate = rate
    }

    deinit {
        gst_object_unref(source)
    }

    /// When the frame was captured that was queued last.
    var lastFrame: Instant? { last.withLock { $0 } }

    /// Queues a frame captured at `time`, without copying it, in place of one that the encoder has not begun.
    func push(_ frame: I420Frame, at time: Instant) {
        last.withLock { $0 = time }
        let isNewSize = size.withLock { size in
            defer { size = (frame.width, frame.height) }
            return size?.width != frame.width || size?.height != frame.height
        }
        if isNewSize {
            // `ARGBToI420` makes BT.601 in studio range; the encoder says so in the stream.
            let caps = gst_caps_from_string(
                """
                video/x-raw,format=I420,width=\(frame.width),height=\(frame.height),\
                framerate=\(rate.numerator)/\(rate.denominator),\
                pixel-aspect-ratio=1/1,interlace-mode=progressive,colorimetry=bt601
                """
            )
            gst_app_src_set_caps(source, caps)
            gst_caps_unref(caps)
        }
        let buffer = gst_buffer_new_wrapped_full(
            GST_MEMORY_FLAG_READONLY,
            frame.bytes,
            gsize(frame.byteCount),
            0,
            gsize(frame.byteCount),
            Unmanaged.passRetained(frame).toOpaque(),
            release
        )
        guard let buffer else { return }
        CGStreamer_buffer_set_pts(buffer, GstClockTime(time.nanoseconds))
        // Adopts the buffer whatever it returns. A pipeline that is stopping refuses it.
        gst_app_src_push_buffer(source, buffer)
    }
}

/// `GDestroyNotify` of a frame's memory.
private func release(_ frame: UnsafeMutableRawPointer?) {
    frame.map { Unmanaged<I420Frame>.fromOpaque($0).release() }
}
