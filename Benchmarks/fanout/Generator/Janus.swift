internal import Foundation
internal import IO
internal import Participant
internal import WebRTC
internal import Wire

/// Debian's Janus with its streaming plugin, driven over its Unix socket.
///
/// Its settings are the packaged ones, but for: one RTP mountpoint, only the plugin and the transport that
/// are used, and a session that does not end by itself. Janus makes the offer and is the controlling side of
/// ICE, so the viewers are ICE-lite.
final class Janus: Forwarder {
    let name: String
    let process: ProcessUnderTest
    let videoAddress: SocketAddress
    let audioAddress: SocketAddress
    private let folder: URL
    private let api: JanusAPI

    /// - Parameter eventLoops: `nil`: as shipped, a thread for each viewer.
    init(_ path: String, eventLoops: Int?, _ context: Context) throws {
        name = eventLoops.map { "janus, \($0) event loop" } ?? "janus, as shipped"
        func freePort() throws -> UInt16 { try Viewer(nil, remote: nil, gluesPackets: false).port }
        videoAddress = SocketAddress(ipv4: Context.loopback, port: try freePort())
        audioAddress = SocketAddress(ipv4: Context.loopback, port: try freePort())
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "fanout-janus-\(videoAddress.port)"
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let socket = folder.appendingPathComponent("api").path
        try Self.writeConfiguration(
            folder,
            socket,
            eventLoops,
            video: videoAddress.port,
            audio: audioAddress.port
        )
        (process, api) = try Self.start(path, folder, socket)
    }

    /// Now and then its Unix socket's thread runs before the flag that it looks at is set, and Janus ends at
    /// once: again, then.
    private static func start(
        _ path: String,
        _ folder: URL,
        _ socket: String
    ) throws -> (ProcessUnderTest, JanusAPI) {
        for _ in 0..<20 {
            let process = try ProcessUnderTest(path, ["--configs-folder", folder.path], isQuiet: true)
            if let api = try JanusAPI(socket, process) { return (process, api) }
        }
        throw BenchmarkError("Janus does not start")
    }

    func addViewer(to loop: Loop, _ context: Context) throws {
        let handle = try api.attach()
        let offer = try api.watch(1, handle)
        guard let description = SessionDescription(offer) else {
            throw BenchmarkError("Janus: an offer without a path:\n\(offer)")
        }
        let participant = try context.makeParticipant(
            description.credentials,
            description.address,
            description.fingerprint,
            isICELite: true
        )
        for stream in description.streams {
            participant.receive(stream.isVideo ? .video(stream.ssrc, rtx: nil) : .audio(stream.ssrc))
        }
        let viewer = try Viewer(participant, remote: description.address, gluesPackets: context.gluesPackets)
        let answer = description.answer(
            participant.configuration.local,
            context.certificate.fingerprint,
            port: viewer.port
        )
        try api.start(handle, answer)
        try loop.add(viewer)
    }

    func stop() {
        process.stop()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func writeConfiguration(
        _ folder: URL,
        _ socket: String,
        _ eventLoops: Int?,
        video: UInt16,
        audio: UInt16
    ) throws {
        let loops = eventLoops.map { "event_loops = \($0)" } ?? ""
        let files = [
            "janus": """
            general: {
                configs_folder = "\(folder.path)"
                debug_level = 4
                session_timeout = 0
                \(loops)
            }
            plugins: { disable = "\(others("plugins", but: "streaming"))" }
            transports: { disable = "\(others("transports", but: "pfunix"))" }
            """,
            "janus.transport.pfunix": """
            general: { enabled = true, json = "compact", path = "\(socket)" }
            """,
            "janus.plugin.streaming": """
            desk: {
                type = "rtp"
                id = 1
                audio = true
                audioport = \(audio)
                audiopt = \(Negotiated.audio)
                audiocodec = "opus"
                video = true
                videoport = \(video)
                videopt = \(Negotiated.video)
                videocodec = "vp8"
            }
            """,
        ]
        for (name, text) in files {
            try text.write(
                to: folder.appendingPathComponent(name + ".jcfg"),
                atomically: true,
                encoding: .utf8
            )
        }
    }

    /// The installed modules of a kind, but one.
    private static func others(_ kind: String, but wanted: String) -> String {
        let places = ["/usr/lib/x86_64-linux-gnu/janus/", "/usr/lib/aarch64-linux-gnu/janus/"]
        let files = places.compactMap { try? FileManager.default.contentsOfDirectory(atPath: $0 + kind) }
            .joined()
        return Set(files.compactMap { file in file.range(of: ".so").map { file[..<$0.upperBound] } })
            .filter { !$0.contains(wanted) }.sorted().joined(separator: ",")
    }
}
