internal import Foundation
internal import Participant
internal import Wire

/// What a crowd saw in one stretch of time.
struct Report: Encodable {
    struct Track: Encodable {
        var person: UInt64
        var source: String
        /// Since the measuring began.
        var packets: Int
        var frames: Int
        var keyFrames: Int
        var missing: Int
        var lost: Int
        /// Milliseconds between the first packets of two pictures, at most.
        var longestGap: Int64
        /// Lines of the newest key frame of a camera.
        var height: Int
        /// bit/s.
        var bitrate: Int
    }

    struct Sent: Encodable {
        var rid: String
        var packets: Int
        var frames: Int
        var keyFrames: Int
        var keyFrameRequests: Int
        var retransmitted: Int
    }

    struct Person: Encodable {
        var number: Int
        var person: UInt64
        /// Milliseconds from the first byte to both connections.
        var joining: Int64?
        var problem: String?
        /// What the room has said of the end of the session: codes, in order.
        var farewells: [String]
        /// Control events since the beginning.
        var driven: Int
        var sent: [Sent]
        var received: [Track]
    }

    var seconds: Double
    var people: [Person]
    var traffic: Traffic
    /// Of the visits that are over.
    var visits = 0
    var problems: [String] = []
    /// Milliseconds.
    var joining: [Int64] = []

    /// Packets that did not come by themselves, of all that should have: 0…1.
    var loss: Double { Double(traffic.lost) / Double(max(1, traffic.packets + traffic.lost)) }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    var table: String {
        var lines = [
            "person  joined ms   frames  key frames  longest gap ms  lost   missing   kbit/s  sent key frames"
        ]
        for person in people {
            let pictures = person.received.filter { $0.source != "microphone" && $0.frames > 0 }
            let numbers: [any CVarArg] = [
                Int(person.person), Int(person.joining ?? -1), pictures.reduce(0) { $0 + $1.frames },
                pictures.reduce(0) { $0 + $1.keyFrames }, Int(pictures.map(\.longestGap).max() ?? 0),
                person.received.reduce(0) { $0 + $1.lost }, person.received.reduce(0) { $0 + $1.missing },
                person.received.reduce(0) { $0 + $1.bitrate } / 1_000,
                person.sent.reduce(0) { $0 + $1.keyFrames },
            ]
            lines.append(String(format: "%6d %10d %8d %11d %15d %5d %9d %8d %16d", arguments: numbers))
        }
        lines.append(
            String(
                format: "%d packets in %.1f s, %.4f %% lost on the way",
                traffic.packets,
                seconds,
                loss * 100
            )
        )
        if visits > 0 { lines.append("\(visits) visits, joining took \(joining.max() ?? 0) ms at most") }
        return (lines + problems.map { "problem: \($0)" }).joined(separator: "\n")
    }
}
