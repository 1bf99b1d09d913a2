package import Access
internal import Foundation
package import RemoteControl
internal import Wire

/// A message from a page: one JSON object in one WebSocket text frame, told apart by its field `type`.
///
/// `docs/signalling.md` says what each means.
package enum ClientMessage: Hashable, Sendable {
    /// Lets somebody in who waits; `nil`: everybody who does.
    case admit(person: UInt64?)
    /// Somebody who was removed may come back.
    case allow(person: UInt64)
    /// A client consents that somebody drives, or does not, or does not any more.
    ///
    /// - Parameter wording: The version of the words that they were shown.
    case consent(id: UInt32, isGiven: Bool, wording: Identifier? = nil)
    /// The desk is hidden from those who do not see behind it, or no longer.
    ///
    /// - Parameter hasSound: Whether they hear it all the same.
    case curtain(isDown: Bool, hasSound: Bool)
    /// Somebody who asks for control does not get it.
    case declineControl(person: UInt64)
    /// The stay of everybody is over.
    case endSession
    /// Shows the desk large on somebody's page, who is to watch; `nil`: on everybody's.
    case eyesOnMe(person: UInt64?, isOn: Bool)
    /// The page is being closed, or loaded anew.
    case goodbye
    /// Gives control to this person: by the holder to somebody who asks, by whoever may to anybody.
    case grantControl(person: UInt64, terms: ControlTerms? = nil)
    case join(Join)
    case leave
    case listWindows
    /// Somebody, or everybody, does not get control and does not keep it.
    case lock(person: UInt64?, isOn: Bool)
    /// These parts of the desk are hidden, and no others.
    case mask([DeskCover.Rectangle], windows: [UInt32])
    /// What comes from somebody's microphone is not passed on until they switch it on again; `nil`: everybody else's.
    case mute(person: UInt64?)
    case pageState(PageState)
    case ping
    case publishOffer(sdp: String)
    /// Does not let somebody in who waits.
    case refuse(person: UInt64, reason: PersonalLine)
    case releaseControl
    /// Ends somebody's stay.
    case remove(person: UInt64, reason: PersonalLine)
    case requestControl
    case restartSubscribe
    /// Takes control from whoever has it.
    case revokeControl
    case setMedia(RoomMessage.Media)
    /// Switches rights of somebody on and off.
    case setRights(person: UInt64, give: Rights, take: Rights)
    case subscribeAnswer(sdp: String, id: Int)
    /// The browser could make nothing of the room's offer.
    case subscribeFailed(id: Int)
    /// Writes to somebody who waits.
    case tell(person: UInt64, line: PersonalLine)
    case views([View])
    /// The page has come out of sight, or back.
    case visibility(isHidden: Bool)
    /// Shows what this person is sent of the desk; `nil`: nobody's any more.
    case watch(person: UInt64?)

    package struct Join: Hashable, Sendable {
        /// What others see.
        package var name: DisplayName
        /// The token of an earlier `welcome`, to be the same person again.
        package var resume: String?
        /// Whether the page has no connections to resume, as after it was loaded anew.
        package var isFresh: Bool
        /// The secret of this browser, to know its person again by when the page that had the token is gone;
        /// 16 to 128 letters, digits, `-` and `_`.
        package var browser: String?
        /// What was in the link that somebody has opened (`docs/access.md`), unchecked.
        package var token: String?

        package init(
            name: DisplayName,
            resume: String?,
            isFresh: Bool = true,
            browser: String? = nil,
            token: String? = nil
        ) {
            self.name = name
            self.resume = resume
            self.isFresh = isFresh
            self.browser = browser
            self.token = token
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
        case "admit": self = .admit(person: wire.person)
        case "allow": self = .allow(person: try Self.person(wire))
        case "consent":
            guard let id = wire.id.flatMap({ UInt32(exactly: $0) }), let given = wire.given else {
                throw BadMessage(step: wire.type, "“id” or “given” is missing")
            }
            self = .consent(id: id, isGiven: given, wording: wire.wording.flatMap { Identifier($0) })
        case "curtain": self = .curtain(isDown: try Self.isOn(wire), hasSound: wire.sound ?? false)
        case "declineControl": self = .declineControl(person: try Self.person(wire))
        case "endSession": self = .endSession
        case "eyesOnMe": self = .eyesOnMe(person: wire.person, isOn: try Self.isOn(wire))
        case "goodbye": self = .goodbye
        case "grantControl":
            self = .grantControl(person: try Self.person(wire), terms: try Self.terms(wire))
        case "join": self = .join(try Self.join(wire))
        case "leave": self = .leave
        case "listWindows": self = .listWindows
        case "lock": self = .lock(person: wire.person, isOn: try Self.isOn(wire))
        case "mask": self = try Self.mask(wire)
        case "mute": self = .mute(person: wire.person)
        case "pageState":
            guard let state = wire.state, (0...86_400).contains(state.frozen) else {
                throw BadMessage(step: wire.type, "“state” is missing or out of range")
            }
            self = .pageState(state)
        case "ping": self = .ping
        case "publishOffer": self = .publishOffer(sdp: try Self.sdp(wire))
        case "refuse": self = .refuse(person: try Self.person(wire), reason: try Self.line(wire, wire.reason))
        case "releaseControl": self = .releaseControl
        case "remove": self = .remove(person: try Self.person(wire), reason: try Self.line(wire, wire.reason))
        case "requestControl": self = .requestControl
        case "restartSubscribe": self = .restartSubscribe
        case "revokeControl": self = .revokeControl
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
        case "setRights":
            guard let switches = wire.rights, let give = Rights(names: switches.filter(\.value).map(\.key)),
                let take = Rights(names: switches.filter { !$0.value }.map(\.key))
            else { throw BadMessage(step: wire.type, "“rights” is missing or has what is no right") }
            self = .setRights(person: try Self.person(wire), give: give, take: take)
        case "tell": self = .tell(person: try Self.person(wire), line: try Self.line(wire, wire.line))
        case "views":
            guard let views = wire.views, views.count <= 512,
                views.allSatisfy({ (0...65_535).contains($0.height) })
            else {
                throw BadMessage(step: wire.type, "“views” is missing or out of range")
            }
            self = .views(views)
        case "visibility":
            guard let hidden = wire.hidden else { throw BadMessage(step: wire.type, "“hidden” is missing") }
            self = .visibility(isHidden: hidden)
        case "watch": self = .watch(person: wire.person)
        default: throw BadMessage(step: nil, "there is no message of this type")
        }
    }

    private static func mask(_ wire: Wire) throws(BadMessage) -> ClientMessage {
        let (rectangles, windows) = (wire.rectangles ?? [], wire.windows ?? [])
        guard
            let cover = DeskCover(
                number: 0,
                rectangles: rectangles.map {
                    DeskCover.Rectangle(x: $0.x, y: $0.y, width: $0.width, height: $0.height)
                },
                windows: windows
            )
        else {
            throw BadMessage(
                step: wire.type,
                "“rectangles” or “windows” has more than \(DeskCover.maximumCount), or one that is empty"
            )
        }
        return .mask(cover.rectangles, windows: cover.windows)
    }

    private static func join(_ wire: Wire) throws(BadMessage) -> Join {
        guard let name = wire.name else { throw BadMessage(step: "join", "“name” is missing") }
        let displayName: DisplayName
        do {
            displayName = try DisplayName(parsing: name)
        } catch {
            throw BadMessage(step: "join", Refusal(error))
        }
        if let browser = wire.browser {
            guard (16...128).contains(browser.utf8.count), browser.utf8.allSatisfy(\.isTokenCharacter) else {
                throw BadMessage(
                    step: "join",
                    "“browser” is not 16 to 128 letters, digits, hyphens and underscores"
                )
            }
        }
        return Join(
            name: displayName,
            resume: wire.resume,
            isFresh: wire.fresh ?? true,
            browser: wire.browser,
            token: wire.token
        )
    }

    private static func person(_ wire: Wire) throws(BadMessage) -> UInt64 {
        guard let person = wire.person else { throw BadMessage(step: wire.type, "“person” is missing") }
        return person
    }

    private static func isOn(_ wire: Wire) throws(BadMessage) -> Bool {
        guard let isOn = wire.on else { throw BadMessage(step: wire.type, "“on” is missing") }
        return isOn
    }

    /// `nil`, if the message says nothing of them.
    private static func terms(_ wire: Wire) throws(BadMessage) -> ControlTerms? {
        guard wire.leaseRights != nil || wire.seconds != nil else { return nil }
        var terms = ControlTerms()
        if let names = wire.leaseRights {
            guard let rights = ControlRights(names: names), !rights.isEmpty else {
                throw BadMessage(step: wire.type, "“leaseRights” are not “pointer”, “keyboard” or both")
            }
            terms.rights = rights
        }
        if let seconds = wire.seconds {
            guard (5...86_400).contains(seconds) else {
                throw BadMessage(step: wire.type, "“seconds” is not 5 to 86,400")
            }
            terms.limit = .seconds(Int64(seconds))
        }
        return terms
    }

    private static func line(_ wire: Wire, _ text: String?) throws(BadMessage) -> PersonalLine {
        do {
            return try PersonalLine(parsing: text ?? "")
        } catch {
            throw BadMessage(step: wire.type, error)
        }
    }

    private static func sdp(_ wire: Wire) throws(BadMessage) -> String {
        guard let sdp = wire.sdp, !sdp.isEmpty else { throw BadMessage(step: wire.type, "“sdp” is missing") }
        return sdp
    }

    private struct Wire: Decodable {
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
        var sdp: String?
        var id: Int?
        var audio: RoomMessage.Media.Audio?
        var video: RoomMessage.Media.Video?
        var views: [View]?
        var line: String?
        var reason: String?
        var rights: [String: Bool]?
        var state: PageState?
        var sound: Bool?
        var rectangles: [RoomMessage.Privacy.Rectangle]?
        var windows: [UInt32]?
    }
}

/// A message that cannot be acted on.
package struct BadMessage: Error, Hashable, Sendable {
    /// The type of the message, if it was understood so far.
    package var step: String?
    package var refusal: Refusal

    package init(step: String?, _ refusal: Refusal) {
        self.step = step
        self.refusal = refusal
    }

    /// - Parameter words: For the page's developer.
    package init(step: String?, _ words: String) {
        self.init(step: step, Refusal(uncoded: "The room does not understand this page: \(words)."))
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
