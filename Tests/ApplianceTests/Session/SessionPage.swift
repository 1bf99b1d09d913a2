import Access
import Appliance
import Foundation
import Wire

/// One page's WebSocket, without the socket: it is served by a session, and keeps what it was told.
actor SessionPage {
    nonisolated let connection: SignallingConnection
    private(set) var you: UInt64?
    private(set) var resume: String?
    /// The room's clock in its welcome.
    private(set) var now: Int64?
    private(set) var people: [Told.Person] = []
    private(set) var errors: [String] = []
    /// The codes of those that have one.
    private(set) var codes: [String] = []
    private(set) var newestOffer: (sdp: String, id: Int)?
    private(set) var offers = 0
    private(set) var answers: [String] = []
    /// How far its connections have come in the room's eyes, by name.
    private(set) var steps: [String: String]?
    /// Who has asked for the control that this page has.
    private(set) var requests: [String] = []
    private(set) var lease: UInt32?
    private(set) var holder: String?
    private(set) var asks: [String] = []
    private(set) var isWaiting = false
    private(set) var denied: String?
    /// How often it was told why it does not get control.
    private(set) var denials = 0
    private(set) var ended: String?
    /// Who is kept from control, and whose page shows the desk large.
    private(set) var locked: [UInt64] = []
    private(set) var eyesOnMe: [UInt64] = []
    private(set) var consents: [Told.Consent] = []
    /// When the holder's time is over.
    private(set) var until: Int64?
    private(set) var rights: [String] = []
    private(set) var deskSize: Told.Size?
    /// Whether everything is hidden from somebody.
    private(set) var hasCurtain = false
    private(set) var moderation = ToldModeration()
    /// Whom the desk's programs hear.
    private(set) var ears: ToldEars?
    /// Why the session ends soon, as often as it was told.
    private(set) var closings: [String] = []
    private(set) var activities: ToldActivities?
    private(set) var desk: String?
    private var serving: Task<Void, Never>?
    private var reading: Task<Void, Never>?
    private let answersOffers: Bool

    /// - Parameter answersOffers: Whether each of the room's offers is answered at once, with everything accepted.
    init(_ room: SessionRoom, share: NetworkShare? = nil, answersOffers: Bool = false) async {
        self.answersOffers = answersOffers
        let connection = SignallingConnection(share: share)
        self.connection = connection
        serving = Task {
            await room.session.serve(connection)
            connection.close()
        }
        reading = Task { await Self.read(connection, for: self) }
    }

    private nonisolated static func read(_ connection: SignallingConnection, for page: SessionPage) async {
        await connection.readTexts { await page.handle($0) }
    }

    /// What somebody says of their microphone.
    func audio(of name: String) -> String? { people.first { $0.name == name }?.audio }

    var isOpen: Bool { !connection.isOver }

    private func handle(_ text: String) {
        if moderation.handle(text) { return }
        if let told = ToldEars(text) { return ears = told }
        guard let told = try? JSONDecoder().decode(Told.self, from: Data(text.utf8)) else { return }
        if let people = told.people { self.people = people }
        switch told.type {
        case "activities":
            activities = try? JSONDecoder().decode(ToldActivities.self, from: Data(text.utf8))
        case "desk": desk = told.code
        case "connections":
            steps = ["publish": told.publish?.step, "subscribe": told.subscribe?.step].compactMapValues { $0 }
        case "control":
            lease = told.lease
            holder = told.holder?.name
            asks = told.asks?.map(\.name) ?? []
            isWaiting = told.waiting ?? false
            denied = told.denied ?? denied
            if told.denied != nil { denials += 1 }
            ended = told.ended ?? ended
            locked = told.locked ?? []
            eyesOnMe = told.eyesOnMe ?? []
            consents = told.consents ?? []
            until = told.until
            rights = told.rights ?? []
        case "closing": closings.append(told.code ?? "")
        case "controlRequested": requests.append(told.from?.name ?? "")
        case "deskSize":
            deskSize = Told.Size(
                width: told.width ?? 0,
                height: told.height ?? 0,
                by: told.by,
                largest: told.largest,
                sizes: told.sizes
            )
        case "privacy": hasCurtain = told.curtain ?? false
        case "error":
            errors.append(told.message ?? "")
            if let code = told.code { codes.append(code) }
        case "publishAnswer": answers.append(told.sdp ?? "")
        case "subscribeOffer":
            offers += 1
            newestOffer = (told.sdp ?? "", told.id ?? 0)
            if answersOffers { answerOffer() }
        case "welcome":
            you = told.you?.id
            resume = told.resume
            now = told.now
        default: break
        }
    }

    func answerOffer() {
        guard let newestOffer, let sdp = try? answerToOffer(newestOffer.sdp) else { return }
        say(["type": "subscribeAnswer", "sdp": sdp, "id": newestOffer.id])
    }

    nonisolated func say(_ message: [String: any Sendable]) {
        guard let data = try? JSONSerialization.data(withJSONObject: message) else { return }
        _ = connection.receive(Array(data))
    }

    /// Until something is true of the page, for as long as any machine may take.
    func wait(until condition: @Sendable (isolated SessionPage) -> Bool) async -> Bool {
        for _ in 0..<4_000 {
            if condition(self) { return true }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return false
    }

    /// The WebSocket ends.
    func close() async {
        connection.close()
        await serving?.value
    }

    struct Told: Decodable {
        struct Person: Decodable {
            var id: UInt64
            var name: String
            var away: Bool
            var audio: String?
        }

        struct Consent: Decodable {
            var id: UInt32
            var person: Person
            var given: Bool
        }

        struct Size: Decodable {
            var width: Int
            var height: Int
            var by: UInt64?
            var largest: [String: Int]?
            var sizes: [Size]?
        }

        struct Progress: Decodable {
            var step: String
        }

        var type: String
        var publish: Progress?
        var subscribe: Progress?
        var message: String?
        var code: String?
        var sdp: String?
        var id: Int?
        var you: Person?
        var resume: String?
        var now: Int64?
        var people: [Person]?
        var from: Person?
        var holder: Person?
        var asks: [Person]?
        var lease: UInt32?
        var waiting: Bool?
        var denied: String?
        var ended: String?
        var locked: [UInt64]?
        var eyesOnMe: [UInt64]?
        var consents: [Consent]?
        var until: Int64?
        var rights: [String]?
        var width: Int?
        var height: Int?
        var by: UInt64?
        var largest: [String: Int]?
        var sizes: [Size]?
        var curtain: Bool?
    }
}
