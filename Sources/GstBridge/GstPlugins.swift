internal import CGStreamer
internal import Glibc
internal import IO

/// The plugins that the desk's pipelines are made of, each loaded from its file.
///
/// Without it GStreamer starts with its registry of all plugins, and makes it anew where there is none, as in a container that
/// keeps nothing: by loading each of them in turn, which takes seconds before the first picture.
enum GstPlugins {
    /// Keeps GStreamer from using its registry; before it is first used.
    ///
    /// Who has set the variable knows better.
    static func disableRegistry() {
        setenv("GST_REGISTRY_DISABLE", "yes", 0)
    }

    /// Loads what is not loaded already.
    ///
    /// One that is missing is missed by the pipeline, whose error says so.
    static func load(_ names: [String]) {
        gst_init(nil, nil)  // Idempotent, and safe from any thread.
        guard let directory else { return }
        for name in names {
            // A plugin that is there already is given back as it is.
            if let plugin = gst_plugin_load_file("\(directory)/libgst\(name).so", nil) {
                gst_object_unref(UnsafeMutableRawPointer(plugin))
            }
        }
    }

    /// Beside the library itself, as every Debian has it.
    private static let directory = SharedLibrary.directory(ofFunction: "gst_version").map {
        $0 + "/gstreamer-1.0"
    }
}
