import Foundation

/// What a page was told of who waits, of rights, and of its own stay.
struct ToldModeration {
    /// How often it was told that it waits.
    var waits = 0
    var since: Int64?
    var line: String?
    /// The secret by which another page keeps its place.
    var resume: String?
    /// Who waits, as whoever may let them in is told.
    var waiting: [Waiter]?
    var removed: [Waiter] = []
    var rights: [UInt64: Set<String>] = [:]
    var mutes = 0
    var pages: [UInt64: State] = [:]
    /// The code by which its stay ended, and the words.
    var ending: String?
    var endingWords: String?
    /// The types of all messages that it was told, in order.
    var types: [String] = []

    struct Waiter: Decodable, Equatable {
        var id: UInt64
        var name: String
        var role: String?
        var since: Int64?
        var away: Bool?
        var line: String?
    }

    struct State: Decodable, Equatable {
        var hidden: Bool
        var paused: Bool
        var soundBlocked: Bool
        var frozen: Int
    }

    /// Returns whether it was a message of these.
    mutating func handle(_ text: String) -> Bool {
        guard let kind: Kind = decode(text) else { return false }
        types.append(kind.type)
        switch kind.type {
        case "ended":
            let told: Ended? = decode(text)
            ending = told?.code
            endingWords = told?.message
        case "muted": mutes += 1
        case "pageStates":
            let told: Pages? = decode(text)
            pages = Dictionary(uniqueKeysWithValues: (told?.pages ?? []).map { ($0.person, $0.state) })
        case "rights":
            let told: RightsOf? = decode(text)
            rights = Dictionary(uniqueKeysWithValues: (told?.people ?? []).map { ($0.id, Set($0.rights)) })
        case "waiting":
            let told: Waiting? = decode(text)
            waits += 1
            since = told?.since
            line = told?.line
            resume = told?.resume
        case "waitingList":
            let told: WaitingListOf? = decode(text)
            waiting = told?.people
            removed = told?.removed ?? []
        default: return false
        }
        return true
    }

    private func decode<Message: Decodable>(_ text: String) -> Message? {
        try? JSONDecoder().decode(Message.self, from: Data(text.utf8))
    }

    private struct Kind: Decodable { var type: String }
    private struct Ended: Decodable {
        var code: String
        var message: String
    }
    private struct Pages: Decodable {
        struct Page: Decodable {
            var person: UInt64
            var state: State
        }
        var pages: [Page]
    }
    private struct RightsOf: Decodable {
        struct Person: Decodable {
            var id: UInt64
            var rights: [String]
        }
        var people: [Person]
    }
    private struct Waiting: Decodable {
        var since: Int64
        var line: String?
        var resume: String
    }
    private struct WaitingListOf: Decodable {
        var people: [Waiter]
        var removed: [Waiter]
    }
}
