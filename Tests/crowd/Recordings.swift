internal import Foundation
internal import Participant

/// What everybody sends.
struct Recordings {
    /// By encoding, smallest first; empty: synthetic.
    private(set) var pictures: [RecordedMedia] = []
    private(set) var voice: RecordedMedia?

    /// Reads a folder; `nil` if something in it is missing or no recording.
    init?(_ folder: String?) {
        guard let folder else { return }
        for name in PublishDescription.rids {
            guard let media = Self.read("\(folder)/\(name).rtp", .vp8) else { return nil }
            pictures.append(media)
        }
        voice = Self.read("\(folder)/voice.rtp", .opus)
        if voice == nil { return nil }
    }

    private static func read(_ path: String, _ codec: SyntheticCodec) -> RecordedMedia? {
        FileManager.default.contents(atPath: path).flatMap {
            RecordedMedia(parsing: [UInt8]($0), codec: codec)
        }
    }
}
