import Foundation
import Testing

/// A GStreamer pipeline in a process of its own (`Tests/GStreamer/peer.py`), ended with the value.
final class GStreamerPeer {
    /// Where it takes RTP and RTCP, on 127.0.0.1.
    private(set) var ports: (rtp: UInt16, rtcp: UInt16) = (0, 0)
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread = Data()

    init(_ arguments: String...) throws {
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [Self.script] + arguments
        // A desk that ran in this process before it may have kept GStreamer from its registry, which the script needs.
        process.environment = ProcessInfo.processInfo.environment.filter { $0.key != "GST_REGISTRY_DISABLE" }
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let told = try JSONDecoder().decode(Ports.self, from: read())
        ports = (told.rtp, told.rtcp)
    }

    deinit {
        // It may have inherited a mask in which SIGTERM is blocked, as the threads of tests have it.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func tell(_ command: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
    }

    func report() throws -> Report {
        try tell("report")
        return try JSONDecoder().decode(Report.self, from: read())
    }

    /// The next line of its output.
    private func read() throws -> Data {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(unread[..<end])
                unread = Data(unread[(end + 1)...])
                return line
            }
            let more = output.fileHandleForReading.availableData
            try #require(!more.isEmpty, "the pipeline has ended")
            unread += more
        }
    }

    private struct Ports: Decodable {
        var rtp: UInt16
        var rtcp: UInt16
    }

    /// What has happened in a pipeline.
    struct Report: Decodable {
        /// Frames shown, or sent.
        var frames: Int
        var keyframes: Int
        /// Packets that were lost on purpose.
        var dropped: Int
        /// Packets that it went on without, of those that it was sent.
        var lost: Int?
        /// The sources of its RTP session.
        var sources: [Source]

        private enum CodingKeys: String, CodingKey {
            case frames, keyframes, dropped, sources
            case lost = "num-lost"
        }
    }

    /// What is known of one source, by rtpbin's names.
    struct Source: Decodable {
        var hasSenderReport: Bool
        var packetsReported: Int
        /// Whether it reports about what it gets.
        var hasReportBlock: Bool?

        private enum CodingKeys: String, CodingKey {
            case hasSenderReport = "have-sr"
            case packetsReported = "sr-packet-count"
            case hasReportBlock = "have-rb"
        }
    }

    /// Whether this machine has what it needs.
    static let isInstalled: Bool = {
        let probe = Process()
        probe.executableURL = URL(fileURLWithPath: python)
        probe.arguments = [
            "-c", "import gi; gi.require_version('Gst', '1.0'); from gi.repository import Gst",
        ]
        probe.standardError = FileHandle.nullDevice
        guard (try? probe.run()) != nil else { return false }
        probe.waitUntilExit()
        return probe.terminationStatus == 0
    }()

    private static let python = "/usr/bin/python3"
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("GStreamer/peer.py")
        .path
}
