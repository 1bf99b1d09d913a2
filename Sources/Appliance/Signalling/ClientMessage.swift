internal import Foundation

/// A message from a page: one JSON object in one WebSocket text frame, told apart by its field `type`.
package enum ClientMessage: Hashable, Sendable {
    case join(Join)
    case leave
    case ping
    case publishOffer(sdp: String)
    case releaseControl
    case requestControl
    case restartSubscribe
    case setMedia(RoomMessage.Media)
    case subscribeAnswer(sdp: String, id: Int)
    /// The browser could make nothing of the room's offer.
    case subscribeFailed(id: Int)
    case views([View])

    package struct Join: Hashable, Sendable {
        /// What others see, 1 to 64 characters without control characters.
        package var name: String
        /// The token of an earlier `welcome`, to be the same person again.
        package var resume: String?
        /// What the browser decodes, such as `video/H264`; at most 64.
        package var codecs: [String]
        /// Whether the page has no connections to resume, as after it was loaded anew.
        package var isFresh: Bool

        package init(name: String, resume: String?, codecs: [String], isFresh: Bool = true) {
            self.name = name
            self.resume = resume
            self.codecs = codecs
            self.isFresh = isFresh
        }
    }

    /// Something that a page shows, and how large.
    package struct View: Codable, Hashable, Sendable {
        /// The person whose camera it is; 0 for the desk.
        package var person: UInt64
        /// Pixels of the screen, 0 to 65,535.
        package var height: Int
        package var pinned: Bool?

        package init(person: UInt64, height: Int, pinned: Bool? = nil) {
            self.person = person
            self.height = height
            self.pinned = pinned
        }
    }

    /// The largest frame that is read, in bytes: the longest session description, with its line ends escaped.
    package static let maximumLength = 589_824

    /// Parses one frame; throws ``BadMessage`` in words for the page's developer.
    package init(parsing bytes: [UInt8]) throws(BadMessage) {
        let wire: Wire
        do {
            wire = try JSONDecoder().decode(Wire.self, from: Data(bytes))
        } catch {
            throw BadMessage(step: nil, "a message is one JSON object with a text field “type”")
        }
        switch wire.type {
        case "join": self = .join(try Self.join(wire))
        case "leave": self = .leave
        case "ping": self = .ping
        case "publishOffer": self = .publishOffer(sdp: try Self.sdp(wire))
        case "releaseControl": self = .releaseControl
        case "requestControl": self = .requestControl
        case "restartSubscribe": self = .restartSubscribe
        case "subscribeAnswer":
            guard let id = wire.id else { throw BadMessage(step: wire.type, "“id” is missing") }
            self = .subscribeAnswer(sdp: try Self.sdp(wire), id: id)
        case "subscribeFailed":
            guard let id = wire.id else { throw BadMessage(step: wire.type, "“id” is missing") }
            self = .subscribeFailed(id: id)
        case "setMedia":
            guard let audio = wire.audio, let video = wire.video else {
                throw BadMessage(step: wire.type, "“audio” or “video” is missing or unknown")
            }
            self = .setMedia(RoomMessage.Media(audio: audio, video: video))
        case "views":
            guard let views = wire.views, views.count <= 512,
                views.allSatisfy({ (0...65_535).contains($0.height) })
            else {
                throw BadMessage(step: wire.type, "“views” is missing or out of range")
            }
            self = .views(views)
        default: throw BadMessage(step: nil, "there is no message of this type")
        }
    }

    private static func join(_ wire: Wire) throws(BadMessage) -> Join {
        guard let name = wire.name else { throw BadMessage(step: "join", "“name” is missing") }
        let cleaned = String(name.unicodeScalars.filter { !$0.properties.generalCategory.isControl })
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard (1...64).contains(cleaned.count), cleaned.utf8.count <= 512 else {
            throw BadMessage(step: "join", "a name has 1 to 64 characters")
        }
        let codecs = wire.codecs ?? []
        guard codecs.count <= 64 else { throw BadMessage(step: "join", "“codecs” has more than 64 entries") }
        return Join(name: cleaned, resume: wire.resume, codecs: codecs, isFresh: wire.fresh ?? true)
    }

    private static func sdp(_ wire: Wire) throws(BadMessage) -> String {
        guard let sdp = wire.sdp, !sdp.isEmpty else { throw BadMessage(step: wire.type, "“sdp” is missing") }
        return sdp
    }

    private struct Wire: Decodable {
        var type: String
        var name: String?
        var resume: String?
        var codecs: [String]?
        var fresh: Bool?
        var sdp: String?
        var id: Int?
        var audio: RoomMessage.Media.Audio?
        var video: RoomMessage.Media.Video?
        var views: [View]?
    }
}

/// A message that cannot be acted on, in words.
package struct BadMessage: Error, Hashable, Sendable {
    /// The type of the message, if it was understood so far.
    package var step: String?
    package var words: String

    package init(step: String?, _ words: String) {
        self.step = step
        self.words = words
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isControl: Bool {
        self == .control || self == .lineSeparator || self == .paragraphSeparator
    }
}
