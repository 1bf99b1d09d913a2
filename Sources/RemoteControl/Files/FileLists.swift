/// Who looks at the list of files: the desk looks after it while anybody does, and everybody gets it as the desk tells it.
struct FileLists: Sendable {
    private var watchers: Set<ParticipantID> = []
    private var isDeskThere = false
    /// What the desk has told last, and what it is about to.
    private var parts: [FileListing] = []
    private var coming: [FileListing] = []
    private var effects: [FileExchange.Effect] = []

    mutating func watch(_ isWatched: Bool, by person: ParticipantID) {
        let were = watchers.isEmpty
        if isWatched {
            watchers.insert(person)
            // The desk tells what changes: what there is they get now.
            for part in parts { effects.append(.send(.listing(part), to: person)) }
        } else {
            watchers.remove(person)
        }
        if watchers.isEmpty { parts = [] }
        if were != watchers.isEmpty, isDeskThere {
            effects.append(.tellDesk(.watch(!watchers.isEmpty)))
        }
    }

    mutating func check(_ isAllowed: (ParticipantID) -> Bool) {
        for person in Array(watchers) where !isAllowed(person) { watch(false, by: person) }
    }

    mutating func handleDesk(isThere: Bool) {
        isDeskThere = isThere
        (parts, coming) = ([], [])
        if isThere, !watchers.isEmpty { effects.append(.tellDesk(.watch(true))) }
    }

    mutating func handle(_ part: FileListing) {
        coming.append(part)
        guard part.rest != .moreParts else {
            // More than there can be is of no desk of ours.
            if coming.count > Self.mostParts { coming = [] }
            return
        }
        (parts, coming) = (coming, [])
        guard !watchers.isEmpty else { return parts = [] }
        for person in watchers {
            for part in parts { effects.append(.send(.listing(part), to: person)) }
        }
    }

    /// A file as it was told last.
    func entry(named name: String) -> FileListing.Entry? {
        parts.lazy.flatMap(\.entries).first { $0.name == name }
    }

    mutating func takeEffects() -> [FileExchange.Effect] {
        defer { effects = [] }
        return effects
    }

    private static let mostParts = 32
}
