internal import Access
internal import RemoteControl
internal import Wire

/// What the JSON of a page's messages can have, whatever their type, and what a message of it needs.
struct MessageFields: Decodable {
    var type: String
    var name: String?
    var resume: String?
    var fresh: Bool?
    var browser: String?
    var token: String?
    var hidden: Bool?
    var given: Bool?
    var wording: String?
    var leaseRights: [String]?
    var on: Bool?
    var seconds: Int?
    var person: UInt64?
    var people: [UInt64]?
    var sdp: String?
    var id: Int?
    var audio: RoomMessage.Media.Audio?
    var video: RoomMessage.Media.Video?
    var views: [ClientMessage.View]?
    var line: String?
    var reason: String?
    var rights: [String: Bool]?
    var state: PageState?
    var delay: InputDelay?
    var sound: Bool?
    var rectangles: [RoomMessage.Privacy.Rectangle]?
    var windows: [UInt32]?
    var action: String?
    var width: Int?
    var height: Int?
    var layout: String?
    var own: Bool?

    // MARK: What a message needs

    var requiredPerson: UInt64 {
        get throws(BadMessage) {
            guard let person else { throw BadMessage(step: type, "“person” is missing") }
            return person
        }
    }

    /// No more than can be in a room.
    var requiredPeople: [UInt64] {
        get throws(BadMessage) {
            guard let people, people.count <= 500 else {
                throw BadMessage(step: type, "“people” is missing or too long")
            }
            return people
        }
    }

    /// The number of an activity.
    var requiredActivity: UInt8 {
        get throws(BadMessage) {
            guard let id = id.flatMap({ UInt8(exactly: $0) }) else {
                throw BadMessage(step: type, "“id” is missing or out of range")
            }
            return id
        }
    }

    var requiredSDP: String {
        get throws(BadMessage) {
            guard let sdp, !sdp.isEmpty else { throw BadMessage(step: type, "“sdp” is missing") }
            return sdp
        }
    }

    var isOn: Bool {
        get throws(BadMessage) {
            guard let on else { throw BadMessage(step: type, "“on” is missing") }
            return on
        }
    }

    var layoutRequest: LayoutRequest {
        get throws(BadMessage) {
            if layout == LayoutRequest.auto, own != true { return .choose(nil) }
            guard let layout = layout.flatMap({ KeyboardLayout(name: $0) }) else {
                throw BadMessage(step: type, "“layout” is missing, or none that the desk can have")
            }
            return own == true ? .own(layout) : .choose(layout)
        }
    }

    /// On which terms control is given; `nil`, if the message says nothing of them.
    var terms: ControlTerms? {
        get throws(BadMessage) {
            guard leaseRights != nil || seconds != nil else { return nil }
            var terms = ControlTerms()
            if let leaseRights {
                guard let rights = ControlRights(names: leaseRights), !rights.isEmpty else {
                    throw BadMessage(step: type, "“leaseRights” are not “pointer”, “keyboard” or both")
                }
                terms.rights = rights
            }
            if let seconds {
                guard (5...86_400).contains(seconds) else {
                    throw BadMessage(step: type, "“seconds” is not 5 to 86,400")
                }
                terms.limit = .seconds(Int64(seconds))
            }
            return terms
        }
    }

    /// - Parameter text: One of the fields; `nil` counts as empty.
    func personalLine(_ text: String?) throws(BadMessage) -> PersonalLine {
        do {
            return try PersonalLine(parsing: text ?? "")
        } catch {
            throw BadMessage(step: type, error)
        }
    }

    var join: ClientMessage.Join {
        get throws(BadMessage) {
            guard let name else { throw BadMessage(step: "join", "“name” is missing") }
            let displayName: DisplayName
            do {
                displayName = try DisplayName(parsing: name)
            } catch {
                throw BadMessage(step: "join", Refusal(error))
            }
            if let browser {
                guard (16...128).contains(browser.utf8.count), browser.utf8.allSatisfy(\.isTokenCharacter)
                else {
                    throw BadMessage(
                        step: "join",
                        "“browser” is not 16 to 128 letters, digits, hyphens and underscores"
                    )
                }
            }
            return ClientMessage.Join(
                name: displayName,
                resume: resume,
                isFresh: fresh ?? true,
                browser: browser,
                token: token
            )
        }
    }

    var deskSize: ClientMessage {
        get throws(BadMessage) {
            guard let width, let height else {
                throw BadMessage(step: type, "“width” or “height” is missing")
            }
            return .setDeskSize(width: width, height: height)
        }
    }

    /// What is to be hidden.
    var mask: ClientMessage {
        get throws(BadMessage) {
            guard
                let cover = DeskCover(
                    number: 0,
                    rectangles: (rectangles ?? []).map {
                        DeskCover.Rectangle(x: $0.x, y: $0.y, width: $0.width, height: $0.height)
                    },
                    windows: windows ?? []
                )
            else {
                throw BadMessage(
                    step: type,
                    "“rectangles” or “windows” has more than \(DeskCover.maximumCount), or one that is empty"
                )
            }
            return .mask(cover.rectangles, windows: cover.windows)
        }
    }
}

extension UInt8 {
    fileprivate var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
