package import Access
internal import Foundation
package import RemoteControl

/// A message from a page: one JSON object in one WebSocket text frame, told apart by its field `type`.
///
/// `docs/signalling.md` says what each means.
package enum ClientMessage: Hashable, Sendable {
    /// Lets somebody in who waits; `nil`: everybody who does.
    case admit(person: UInt64?)
    /// Somebody who was removed may come back.
    case allow(person: UInt64)
    /// Asks how far this person's connections have come in the room's eyes.
    case connections
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
    case inputDelay(InputDelay)
    /// Gives control to this person: by the holder to somebody who asks, by whoever may to anybody.
    case grantControl(person: UInt64, terms: ControlTerms? = nil)
    case join(Join)
    case leave
    /// Somebody drives beside whoever has control, or does not any more.
    case letDrive(person: UInt64, isOn: Bool, terms: ControlTerms? = nil)
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
    /// Everything on the desk ends, and begins anew.
    case resetDesk
    case restartSubscribe
    /// Takes control from whoever has it.
    case revokeControl
    /// Gives the desk's screen another size, in pixels.
    case setDeskSize(width: Int, height: Int)
    /// Whom the desk's programs hear: these, and nobody else.
    case setDeskEars(people: [UInt64])
    /// The desk's keyboard layout.
    case setLayout(LayoutRequest)
    case setMedia(RoomMessage.Media)
    /// Switches rights of somebody on and off.
    case setRights(person: UInt64, give: Rights, take: Rights)
    /// Starts a program of the shelf.
    case startActivity(id: UInt8)
    case stopActivity(id: UInt8)
    case subscribeAnswer(sdp: String, id: Int)
    /// The browser could make nothing of the room's offer.
    case subscribeFailed(id: Int)
    /// Writes to somebody who waits.
    case tell(person: UInt64, line: PersonalLine)
    /// About people who have control one after the other.
    case turns(TurnCommand)
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
        let fields: MessageFields
        do {
            fields = try JSONDecoder().decode(MessageFields.self, from: Data(bytes))
        } catch {
            throw BadMessage(step: nil, "a message is one JSON object with a text field “type”")
        }
        switch fields.type {
        case "admit": self = .admit(person: fields.person)
        case "allow": self = .allow(person: try fields.requiredPerson)
        case "connections": self = .connections
        case "consent":
            guard let id = fields.id.flatMap({ UInt32(exactly: $0) }), let given = fields.given else {
                throw BadMessage(step: fields.type, "“id” or “given” is missing")
            }
            self = .consent(id: id, isGiven: given, wording: fields.wording.flatMap { Identifier($0) })
        case "curtain": self = .curtain(isDown: try fields.isOn, hasSound: fields.sound ?? false)
        case "declineControl": self = .declineControl(person: try fields.requiredPerson)
        case "endSession": self = .endSession
        case "eyesOnMe": self = .eyesOnMe(person: fields.person, isOn: try fields.isOn)
        case "goodbye": self = .goodbye
        case "grantControl":
            self = .grantControl(person: try fields.requiredPerson, terms: try fields.terms)
        case "inputDelay":
            guard let delay = fields.delay, delay.isInRange else {
                throw BadMessage(step: fields.type, "“delay” is missing or out of range")
            }
            self = .inputDelay(delay)
        case "join": self = .join(try fields.join)
        case "leave": self = .leave
        case "letDrive":
            self = .letDrive(
                person: try fields.requiredPerson,
                isOn: try fields.isOn,
                terms: try fields.terms
            )
        case "listWindows": self = .listWindows
        case "lock": self = .lock(person: fields.person, isOn: try fields.isOn)
        case "mask": self = try fields.mask
        case "mute": self = .mute(person: fields.person)
        case "pageState":
            guard let state = fields.state, (0...86_400).contains(state.frozen) else {
                throw BadMessage(step: fields.type, "“state” is missing or out of range")
            }
            self = .pageState(state)
        case "ping": self = .ping
        case "publishOffer": self = .publishOffer(sdp: try fields.requiredSDP)
        case "refuse":
            self = .refuse(person: try fields.requiredPerson, reason: try fields.personalLine(fields.reason))
        case "releaseControl": self = .releaseControl
        case "remove":
            self = .remove(person: try fields.requiredPerson, reason: try fields.personalLine(fields.reason))
        case "requestControl": self = .requestControl
        case "resetDesk": self = .resetDesk
        case "restartSubscribe": self = .restartSubscribe
        case "revokeControl": self = .revokeControl
        case "setLayout": self = .setLayout(try fields.layoutRequest)
        case "startActivity": self = .startActivity(id: try fields.requiredActivity)
        case "stopActivity": self = .stopActivity(id: try fields.requiredActivity)
        case "subscribeAnswer":
            guard let id = fields.id else { throw BadMessage(step: fields.type, "“id” is missing") }
            self = .subscribeAnswer(sdp: try fields.requiredSDP, id: id)
        case "subscribeFailed":
            guard let id = fields.id else { throw BadMessage(step: fields.type, "“id” is missing") }
            self = .subscribeFailed(id: id)
        case "setDeskSize": self = try fields.deskSize
        case "setDeskEars": self = .setDeskEars(people: try fields.requiredPeople)
        case "setMedia":
            guard let audio = fields.audio, let video = fields.video else {
                throw BadMessage(step: fields.type, "“audio” or “video” is missing or unknown")
            }
            self = .setMedia(RoomMessage.Media(audio: audio, video: video))
        case "setRights":
            guard let switches = fields.rights, let give = Rights(names: switches.filter(\.value).map(\.key)),
                let take = Rights(names: switches.filter { !$0.value }.map(\.key))
            else { throw BadMessage(step: fields.type, "“rights” is missing or has what is no right") }
            self = .setRights(person: try fields.requiredPerson, give: give, take: take)
        case "tell":
            self = .tell(person: try fields.requiredPerson, line: try fields.personalLine(fields.line))
        case "turns": self = .turns(try fields.turns)
        case "views":
            guard let views = fields.views, views.count <= 512,
                views.allSatisfy({ (0...65_535).contains($0.height) })
            else {
                throw BadMessage(step: fields.type, "“views” is missing or out of range")
            }
            self = .views(views)
        case "visibility":
            guard let hidden = fields.hidden else {
                throw BadMessage(step: fields.type, "“hidden” is missing")
            }
            self = .visibility(isHidden: hidden)
        case "watch": self = .watch(person: fields.person)
        default: throw BadMessage(step: nil, "there is no message of this type")
        }
    }
}
