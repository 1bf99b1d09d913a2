internal import Foundation

/// What the room says to its pages, as far as a participant without a page acts on it.
struct RoomSignal: Decodable {
    struct Person: Decodable {
        var id: UInt64
        var name: String
        var video: String
    }

    struct Track: Decodable {
        /// 0 for the desk.
        var person: UInt64
        var source: String
    }

    var type: String
    var sdp: String?
    var id: Int?
    var you: Person?
    var people: [Person]?
    var tracks: [String: Track]?
    var layers: [String: [String]]?
    var message: String?
    var code: String?
    /// Of the one who drives the desk.
    var lease: UInt32?

    /// `nil` if it is none of those.
    init?(_ bytes: [UInt8]) {
        // `tracks` of `delivery` are of another kind, and nothing that is acted on.
        guard let signal = try? JSONDecoder().decode(Self.self, from: Data(bytes)) else { return nil }
        self = signal
    }
}

/// What a page says to the room.
struct PageSignal: Encodable {
    struct View: Encodable {
        var person: UInt64
        /// Pixels of the screen.
        var height: Int
    }

    var type: String
    var name: String?
    var fresh: Bool?
    var sdp: String?
    var id: Int?
    var audio: String?
    var video: String?
    var views: [View]?

    init(_ type: String) { self.type = type }

    var bytes: [UInt8] { (try? JSONEncoder().encode(self)).map { [UInt8]($0) } ?? [] }
}
