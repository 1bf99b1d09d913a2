internal import Foundation

/// A message from the room to a page, written as one JSON object with the field `type`.
package enum RoomMessage: Hashable, Sendable {
    /// What may be started on the desk, and what runs; for whoever may arrange it.
    case activities(Activities)
    /// What this person may do with the desk's clipboard, and what it has.
    case clipboard(Clipboard)
    /// What this person may do with files, and what they are handed.
    case files(Files)
    /// The session ends soon; why, and in how many `seconds`.
    case closing(Refusal)
    /// What the room sees of this person's connections.
    case connections(Connections)
    case control(Control)
    /// Tells the holder in how many seconds their time is over.
    case controlEnding(within: Int)
    /// Tells whoever may answer that somebody asks for control, and in how many seconds it passes on at the earliest if
    /// the holder neither acts nor answers; `nil`, in JSON `null`: never.
    case controlRequested(from: Person, within: Int?)
    /// What a page gets of its sections, by mid; those left out are as before.
    case delivery([String: Delivery])
    case desk(Desk)
    /// How large the desk's screen is, and what can be chosen.
    case deskSize(ScreenSize)
    /// Whom the desk's programs hear.
    case deskEars(DeskEars)
    /// The person's stay is over, and why.
    case ended(Refusal)
    /// Something was not done: a message of the type `step`, or what that stands for.
    case error(step: String?, Refusal)
    /// New names and passwords for the TURN servers of `welcome`.
    case iceServers(ICEServers)
    /// The desk's keyboard layout, and whether this person may choose it.
    case layout(Layout)
    /// Somebody has muted this person, whose microphone is not passed on until they switch it on again.
    case muted
    /// How others' pages do.
    case pageStates([PageState.Told])
    case people([Person])
    case pong
    /// What of the desk is hidden.
    case privacy(Privacy)
    case publishAnswer(sdp: String)
    /// The encodings that somebody watches, by mid; of a stream of spatial layers those, as numbers from `0`.
    case publishLayers([String: [String]])
    /// What this person may do, and everybody for whoever may change it.
    case rights([PersonRights])
    /// Who speaks, and who leads the conversation, by person.
    case speakers(dominant: UInt64?, speaking: [UInt64])
    /// With what each section carries, by mid.
    case subscribeOffer(sdp: String, id: Int, tracks: [String: Track])
    /// In the place of `welcome`: somebody has to let them in.
    case waiting(WaitingNotice)
    /// Who waits, for whoever may let them in.
    case waitingList(WaitingList)
    case welcome(Welcome)
    /// The answer to `listWindows`.
    case windows([Window])

    package struct Person: Encodable, Hashable, Sendable {
        package var id: UInt64
        package var name: String
        package var audio: Media.Audio
        package var video: Media.Video
        /// Whether their page is not reached at the moment.
        package var away: Bool
        /// By what else than the room's page they are here; `nil`: by that.
        package var outside: OutsideClient?

        package init(
            id: UInt64,
            name: String,
            audio: Media.Audio = .none,
            video: Media.Video = .none,
            away: Bool = false,
            outside: OutsideClient? = nil
        ) {
            self.id = id
            self.name = name
            self.audio = audio
            self.video = video
            self.away = away
            self.outside = outside
        }
    }

    /// What a person says of their microphone and camera.
    package struct Media: Hashable, Sendable {
        package enum Audio: String, Codable, Hashable, Sendable { case muted, none, on }
        package enum Video: String, Codable, Hashable, Sendable { case none, off, on }

        package var audio: Audio
        package var video: Video

        package init(audio: Audio = .none, video: Video = .none) {
            self.audio = audio
            self.video = video
        }
    }

    package enum Delivery: String, Encodable, Hashable, Sendable {
        case pausedByNetwork, pausedByYou, reducedByNetwork, sent
        /// The page's browser does not decode it.
        case unsupported
    }

    /// What a section of the subscribe connection carries.
    package struct Track: Encodable, Hashable, Sendable {
        package enum Source: String, Encodable, Hashable, Sendable { case camera, desk, microphone, view }

        /// 0 for the desk; for a view, whose it is.
        package var person: UInt64
        package var source: Source

        package init(person: UInt64, source: Source) {
            self.person = person
            self.source = source
        }
    }

    package struct Desk: Encodable, Hashable, Sendable {
        package enum State: String, Encodable, Hashable, Sendable {
            case failed, live, restarting, starting, waitingForScreen, waitingForSound
        }

        package var state: State
        /// `nil` while there is nothing to say but that it is live.
        package var code: RefusalCode?
        /// For people.
        package var message: String
        /// Pixels; 0 while there is no screen.
        package var width: Int
        package var height: Int

        package init(state: State, code: RefusalCode? = nil, width: Int, height: Int) {
            self.state = state
            self.code = code
            message = code?.sentence ?? "The desk is live."
            self.width = width
            self.height = height
        }
    }

    package struct Welcome: Encodable, Hashable, Sendable {
        package var you: Person
        package var resume: String
        /// Whether this person was here already and their connections still stand.
        package var resumed: Bool
        package var desk: Desk
        package var control: Control
        package var privacy: Privacy
        package var clipboard: Clipboard
        package var files: Files
        package var people: [Person]
        /// In which codec cameras are to be sent.
        package var camera: Configuration.CameraCodec
        /// TURN servers to use; left out where there are none.
        package var ice: ICEServers?
        /// The room's clock: milliseconds since 1970.
        package var now: Int64

        package init(
            you: Person,
            resume: String,
            resumed: Bool,
            desk: Desk,
            control: Control,
            privacy: Privacy = Privacy(),
            clipboard: Clipboard = Clipboard(),
            files: Files = Files(),
            people: [Person],
            camera: Configuration.CameraCodec = .vp8,
            ice: ICEServers? = nil,
            now: Int64 = 0
        ) {
            self.you = you
            self.resume = resume
            self.resumed = resumed
            self.desk = desk
            self.control = control
            self.privacy = privacy
            self.clipboard = clipboard
            self.files = files
            self.people = people
            self.camera = camera
            self.ice = ice
            self.now = now
        }
    }

    /// The message as UTF-8 JSON.
    package var json: String {
        switch self {
        case .activities(let activities): Self.encode("activities", activities)
        case .clipboard(let clipboard): Self.encode("clipboard", clipboard)
        case .closing(let refusal): Self.encode("closing", Failure(step: "", refusal))
        case .connections(let connections): Self.encode("connections", connections)
        case .control(let control): Self.encode("control", control)
        case .controlEnding(let seconds): Self.encode("controlEnding", ["within": seconds])
        case .controlRequested(let person, let within):
            Self.encode("controlRequested", ControlRequest(from: person, within: within))
        case .delivery(let tracks): Self.encode("delivery", ["tracks": tracks])
        case .desk(let desk): Self.encode("desk", desk)
        case .files(let files): Self.encode("files", files)
        case .deskSize(let size): Self.encode("deskSize", size)
        case .deskEars(let ears): Self.encode("deskEars", ears)
        case .ended(let refusal): Self.encode("ended", Failure(step: "", refusal))
        case .error(let step, let refusal): Self.encode("error", Failure(step: step ?? "", refusal))
        case .iceServers(let ice): Self.encode("iceServers", ice)
        case .layout(let layout): Self.encode("layout", layout)
        case .muted: #"{"type":"muted"}"#
        case .pageStates(let pages): Self.encode("pageStates", ["pages": pages])
        case .people(let people): Self.encode("people", ["people": people])
        case .privacy(let privacy): Self.encode("privacy", privacy)
        case .windows(let windows): Self.encode("windows", ["windows": windows])
        case .pong: #"{"type":"pong"}"#
        case .publishAnswer(let sdp): Self.encode("publishAnswer", ["sdp": sdp])
        case .publishLayers(let layers): Self.encode("publishLayers", ["layers": layers])
        case .rights(let people): Self.encode("rights", ["people": people])
        case .speakers(let dominant, let speaking):
            Self.encode("speakers", Speakers(dominant: dominant, speaking: speaking))
        case .subscribeOffer(let sdp, let id, let tracks):
            Self.encode("subscribeOffer", Offer(sdp: sdp, id: id, tracks: tracks))
        case .waiting(let notice): Self.encode("waiting", notice)
        case .waitingList(let list): Self.encode("waitingList", list)
        case .welcome(let welcome): Self.encode("welcome", welcome)
        }
    }

    private struct ControlRequest: Encodable {
        var from: Person
        var within: Int?

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(from, forKey: .from)
            try container.encode(within, forKey: .within)
        }

        private enum Key: CodingKey { case from, within }
    }

    private struct Failure: Encodable {
        var step: String
        var code: String?
        var values: [String: Refusal.Value]?
        var message: String

        init(step: String, _ refusal: Refusal) {
            self.step = step
            code = refusal.code?.rawValue
            values = refusal.values.isEmpty ? nil : refusal.values
            message = refusal.message
        }
    }

    private struct Speakers: Encodable {
        var dominant: UInt64?
        var speaking: [UInt64]
    }

    private struct Offer: Encodable {
        var sdp: String
        var id: Int
        var tracks: [String: Track]
    }

    private struct Tagged<Body: Encodable>: Encodable {
        let type: String
        let body: Body

        func encode(to encoder: any Encoder) throws {
            try body.encode(to: encoder)
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(type, forKey: .type)
        }

        enum Key: CodingKey { case type }
    }

    private static func encode(_ type: String, _ body: some Encodable) -> String {
        // Encoding values of strings and numbers cannot fail; were it to, the page hears of it.
        guard let data = try? JSONEncoder().encode(Tagged(type: type, body: body)) else {
            return #"{"type":"error","step":"","message":"The room could not write a message."}"#
        }
        return String(decoding: data, as: UTF8.self)
    }
}
