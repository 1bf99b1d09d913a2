#if canImport(Wire)
public import Wire
#endif

/// The room's part in files: between people's pages and the desk process.
///
/// It passes on, and keeps nothing of any content: how much is under way is bounded by windows of the sender's, which it checks. Who
/// may do what is told with each message, as it is at that moment. Whatever is malformed, out of place or too much is answered with
/// an outcome, or counted and dropped.
///
/// After each call, call ``pollEffect()`` until it returns `nil`.
public struct FileExchange: Sendable {
    /// What somebody may do at the moment.
    public struct Standing: Hashable, Sendable {
        public var mayPut: Bool
        public var mayTake: Bool
        /// Whether they may give one file to somebody else.
        public var mayHand: Bool

        public init(mayPut: Bool = false, mayTake: Bool = false, mayHand: Bool = false) {
            self.mayPut = mayPut
            self.mayTake = mayTake
            self.mayHand = mayHand
        }
    }

    public enum Effect: Hashable, Sendable {
        case send(FileMessage, to: ParticipantID)
        case tellDesk(FileMessage)
        /// A file has been put on the desk, or has left it, as far as it has.
        case carriedToDesk(FileRecord, by: ParticipantID)
        case carriedFromDesk(FileRecord, to: ParticipantID)
        /// Drops a file where it was put, as long as the person has the pointer under this lease.
        case drop(FileMessage.Transfer, FileMessage.Put, name: String, by: ParticipantID)
        /// What is offered to somebody is another.
        case offersChanged
    }

    public let policy: FilePolicy
    public private(set) var isDeskThere = false
    /// Messages that were none, or out of place.
    public private(set) var malformed: UInt64 = 0
    var uploads = FileUploads()
    var downloads = FileDownloads()
    public internal(set) var offers = FileOffers()
    private var lists = FileLists()
    private var allowances: [ParticipantID: RateLimit] = [:]
    /// The last number that the desk was given for a transfer.
    private var last: FileMessage.Transfer = 0
    private var effects: [Effect] = []

    public init(_ policy: FilePolicy) {
        self.policy = policy
    }

    // MARK: Pages

    /// Takes what fills `bytes` from somebody's page.
    public mutating func handle(
        _ bytes: RawSpan,
        from person: ParticipantID,
        _ standing: Standing,
        now: Instant
    ) {
        guard let message = try? FileMessage(parsing: bytes) else {
            malformed &+= 1
            return
        }
        switch message {
        case .put(let transfer, let put): begin(transfer, put, by: person, standing, now: now)
        case .take(let transfer, let take): begin(transfer, take, by: person, standing, now: now)
        case .piece, .block, .end:
            guard standing.mayPut else { return uploads.end(of: person, .notAllowed) }
            uploads.handle(message, from: person, now: now)
        case .received, .confirmed, .outcome:
            guard standing.mayTake || downloads.isOffered(to: person) else {
                return downloads.end(of: person, .notAllowed)
            }
            downloads.handle(message, from: person, offers: &offers, now: now)
        case .cancel(let transfer, let isForNow):
            uploads.cancel(transfer, by: person, isForNow: isForNow)
            downloads.cancel(transfer, by: person, isForNow: isForNow)
        case .watch(let isOn): lists.watch(isOn && standing.mayTake, by: person)
        case .hand(let other, let name): hand(name, to: ParticipantID(other), by: person, standing, now: now)
        case .handed(let handed): offers.decline(handed.offer, by: person)
        case .drop, .dropped, .file, .listing, .policy, .ready: malformed &+= 1
        }
    }

    private mutating func begin(
        _ transfer: FileMessage.Transfer,
        _ put: FileMessage.Put,
        by person: ParticipantID,
        _ standing: Standing,
        now: Instant
    ) {
        uploads.replace(by: person)
        guard standing.mayPut, policy.directions.contains(.toDesk) else {
            return tell(person, transfer, .notAllowed)
        }
        guard isDeskThere else { return tell(person, transfer, .deskAway) }
        guard put.size <= policy.limit else { return tell(person, transfer, .tooLarge) }
        guard admit(person, now: now), let number = nextNumber() else {
            return tell(person, transfer, .busy)
        }
        uploads.begin(transfer, put, as: number, by: person, now: now)
    }

    private mutating func begin(
        _ transfer: FileMessage.Transfer,
        _ take: FileMessage.Take,
        by person: ParticipantID,
        _ standing: Standing,
        now: Instant
    ) {
        downloads.replace(by: person)
        guard policy.directions.contains(.fromDesk) else { return tell(person, transfer, .notAllowed) }
        var wanted = take
        if take.offer != 0 {
            guard let offer = offers[take.offer], offer.receiver == person else {
                return tell(person, transfer, .notAllowed)
            }
            wanted.name = offer.name
            wanted.offer = 0
        } else if !standing.mayTake {
            return tell(person, transfer, .notAllowed)
        }
        guard isDeskThere else { return tell(person, transfer, .deskAway) }
        guard admit(person, now: now), let number = nextNumber() else {
            return tell(person, transfer, .busy)
        }
        downloads.begin(transfer, wanted, offer: take.offer, as: number, by: person, now: now)
    }

    private mutating func hand(
        _ name: String,
        to other: ParticipantID,
        by person: ParticipantID,
        _ standing: Standing,
        now: Instant
    ) {
        let isPossible = standing.mayHand && policy.directions.contains(.fromDesk) && admit(person, now: now)
        guard isPossible, let entry = lists.entry(named: name) else {
            let refused = HandedFile(.impossible, offer: 0, person: other.rawValue, name: name)
            return effects.append(.send(.handed(refused), to: person))
        }
        offers.add(entry, from: person, to: other, now: now)
    }

    private mutating func tell(
        _ person: ParticipantID,
        _ transfer: FileMessage.Transfer,
        _ outcome: FileOutcome
    ) {
        effects.append(.send(.outcome(transfer, outcome, name: ""), to: person))
    }

    private mutating func admit(_ person: ParticipantID, now: Instant) -> Bool {
        allowances[person, default: RateLimit(rate: 10, burst: 50)].admit(now: now)
    }

    /// A number that no transfer has; `nil` if all are taken.
    private mutating func nextNumber() -> FileMessage.Transfer? {
        guard uploads.count + downloads.count < Self.most else { return nil }
        repeat { last &+= 1 } while last == 0 || uploads.has(last) || downloads.has(last)
        return last
    }

    /// Somebody's channel is gone: they may come back by another, and go on.
    public mutating func handleDeparture(of person: ParticipantID) {
        uploads.handleDeparture(of: person)
        downloads.handleDeparture(of: person)
        lists.watch(false, by: person)
    }

    /// A message to somebody could not be sent, and what it belongs to is of no use without it.
    public mutating func handleUnsent(to person: ParticipantID) {
        uploads.end(of: person, .broken)
        downloads.end(of: person, .broken)
    }

    /// What people may do has changed, or who is there.
    public mutating func handleRights(_ standing: (ParticipantID) -> Standing) {
        uploads.check { standing($0).mayPut }
        offers.check { standing($0).mayHand }
        downloads.check { person, offer in
            offer == 0 ? standing(person).mayTake : offers[offer]?.receiver == person
        }
        lists.check { standing($0).mayTake }
        allowances = allowances.filter { standing($0.key) != Standing() }
    }

    /// Somebody is not in the room any more.
    public mutating func handleGone(_ person: ParticipantID) {
        handleDeparture(of: person)
        offers.handleGone(person)
        allowances[person] = nil
    }

    // MARK: The desk

    public mutating func handleDesk(isThere: Bool) {
        isDeskThere = isThere
        lists.handleDesk(isThere: isThere)
        guard !isThere else { return }
        uploads.endAll(.deskAway)
        downloads.endAll(.deskAway)
    }

    /// What the desk says.
    ///
    /// - Parameter standing: Of anybody, as it is now.
    public mutating func handleDesk(
        _ message: FileMessage,
        _ standing: (ParticipantID) -> Standing,
        now: Instant
    ) {
        switch message {
        case .listing(let listing): lists.handle(listing)
        case .ready, .received, .confirmed: uploads.handleDesk(message, now: now)
        case .file, .piece, .block, .end:
            downloads.handleDesk(message, standing: { standing($0).mayTake }, now: now)
        case .outcome:
            uploads.handleDesk(message, now: now)
            downloads.handleDesk(message, standing: { standing($0).mayTake }, now: now)
        case .dropped: break
        case .cancel, .drop, .hand, .handed, .policy, .put, .take, .watch: malformed &+= 1
        }
    }

    // MARK: Time

    public mutating func handleTimeout(now: Instant) {
        uploads.handleTimeout(now: now)
        downloads.handleTimeout(now: now)
        offers.handleTimeout(now: now)
    }

    public func pollTimeout() -> Instant? {
        [uploads.pollTimeout(), downloads.pollTimeout(), offers.pollTimeout()].compactMap(\.self).min()
    }

    public mutating func pollEffect() -> Effect? {
        if effects.isEmpty {
            effects =
                uploads.takeEffects() + downloads.takeEffects() + offers.takeEffects() + lists.takeEffects()
        }
        return effects.isEmpty ? nil : effects.removeFirst()
    }

    /// Transfers of everybody together.
    private static let most = 1_000
}

/// What the audit is told of a file; its name is only counted.
public struct FileRecord: Hashable, Sendable {
    /// Bytes of UTF-8.
    public var nameLength: Int
    /// Bytes that were carried, from the file's beginning.
    public var size: UInt64
    public var digest: FileDigest

    public init(nameLength: Int, size: UInt64, digest: FileDigest) {
        self.nameLength = nameLength
        self.size = size
        self.digest = digest
    }
}
