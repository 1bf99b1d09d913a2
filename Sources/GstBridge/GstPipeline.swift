internal import CGStreamer
internal import Wire

/// GStreamer could not build or start a pipeline; the words are its own, for a log.
package struct PipelineError: Error, Hashable, Sendable {
    package var message: String
}

/// The owner of one GStreamer pipeline.
///
/// The pipeline's running time is ``Wire/Instant`` on the monotonic clock: every pipeline has the system
/// clock and base time zero, so timestamps of all streams, and of a desk that was restarted, count from the
/// same instant.
final class GstPipeline {
    private let pipeline: UnsafeMutablePointer<GstElement>
    private let bus: UnsafeMutablePointer<GstBus>

    /// Builds the pipeline and leaves it stopped.
    ///
    /// - Parameters:
    ///   - description: As for `gst-launch`, with at least two elements.
    ///   - plugins: What the elements are in, besides those of the core.
    init(_ description: String, plugins: [String]) throws(PipelineError) {
        GstPlugins.load(["coreelements", "app"] + plugins)
        var failure: UnsafeMutablePointer<GError>?
        let parsed = gst_parse_launch(description, &failure)
        defer { g_clear_error(&failure) }
        guard let parsed, failure == nil, CGStreamer_IS_PIPELINE(parsed) != 0 else {
            if let parsed { gst_object_unref(gst_object_ref_sink(parsed)) }
            throw PipelineError(
                message: failure.map { String(cString: $0.pointee.message) } ?? "not a pipeline"
            )
        }
        pipeline = parsed
        gst_object_ref_sink(parsed)  // `gst_parse_launch` returns a floating reference.
        bus = gst_element_get_bus(parsed)

        let clock = gst_system_clock_obtain()
        gst_pipeline_use_clock(CGStreamer_PIPELINE(parsed), clock)
        gst_object_unref(clock)
        gst_element_set_start_time(parsed, .max)  // GST_CLOCK_TIME_NONE: keep the base time set here.
        gst_element_set_base_time(parsed, 0)
    }

    deinit {
        gst_element_set_state(pipeline, GST_STATE_NULL)
        gst_object_unref(bus)
        gst_object_unref(pipeline)
    }

    func start() throws(PipelineError) {
        guard gst_element_set_state(pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE else { return }
        throw PipelineError(message: pollFailure() ?? "the pipeline does not start")
    }

    /// Readable while messages wait for ``pollFailure()``.
    var descriptor: CInt {
        var descriptor = GPollFD()
        gst_bus_get_pollfd(bus, &descriptor)
        return descriptor.fd
    }

    /// Why the pipeline stopped working, if it did; call it when ``descriptor`` is readable.
    func pollFailure() -> String? {
        while let message = gst_bus_pop(bus) {
            defer { gst_message_unref(message) }
            switch CGStreamer_message_type(message) {
            case GST_MESSAGE_ERROR:
                var failure: UnsafeMutablePointer<GError>?
                gst_message_parse_error(message, &failure, nil)
                defer { g_clear_error(&failure) }
                return failure.map { String(cString: $0.pointee.message) } ?? "unknown error"
            case GST_MESSAGE_EOS:
                return "end of stream"
            default:
                break
            }
        }
        return nil
    }

    /// The element called `name`; the caller owns the reference.
    func element(_ name: String) throws(PipelineError) -> UnsafeMutablePointer<GstElement> {
        guard let element = gst_bin_get_by_name(CGStreamer_BIN(pipeline), name) else {
            throw PipelineError(message: "no element \(name)")
        }
        return element
    }

    /// `value` as it must be written in a description.
    static func quoted(_ value: String) -> String {
        "\"" + value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }

    /// Sets a property from its text, whatever its type.
    func set(_ property: String, of name: String, to value: String) throws(PipelineError) {
        let element = try element(name)
        defer { gst_object_unref(element) }
        gst_util_set_object_arg(.init(OpaquePointer(element)), property, value)
    }
}
