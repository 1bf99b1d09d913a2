#if canImport(Wire)
internal import Wire
#endif

/// What people take from the desk: one file for each person at a time.
struct FileDownloads: Sendable {
    typealias Effect = FileExchange.Effect
    typealias Transfer = FileMessage.Transfer

    private struct Download {
        var transfer: Transfer
        /// What the desk knows it by.
        var number: Transfer
        var name: String
        /// By which they may have it; 0: by their right.
        var offer: UInt32
        /// What has left for the page, and how much of that has come.
        var sent: UInt64 = 0
        var received: UInt64 = 0
        /// Of the blocks that have left, from where on they were asked for.
        var digest = FileDigest.empty
        var hashed: UInt64 = 0
        var start: UInt64 = 0
        var isRecorded = false
        var deadline: Instant
    }

    private var downloads: [ParticipantID: Download] = [:]
    private var effects: [Effect] = []

    var count: Int { downloads.count }
    func has(_ number: Transfer) -> Bool { downloads.values.contains { $0.number == number } }
    /// Whether somebody takes a file that they were offered.
    func isOffered(to person: ParticipantID) -> Bool { (downloads[person]?.offer ?? 0) != 0 }

    // MARK: Pages

    mutating func begin(
        _ transfer: Transfer,
        _ take: FileMessage.Take,
        offer: UInt32,
        as number: Transfer,
        by person: ParticipantID,
        now: Instant
    ) {
        downloads[person] = Download(
            transfer: transfer,
            number: number,
            name: take.name,
            offer: offer,
            deadline: now + FileExchange.silence
        )
        effects.append(.tellDesk(.take(number, take)))
    }

    mutating func replace(by person: ParticipantID) { handleDeparture(of: person) }

    mutating func handle(
        _ message: FileMessage,
        from person: ParticipantID,
        offers: inout FileOffers,
        now: Instant
    ) {
        guard var download = downloads[person] else { return }
        switch message {
        case .received(download.transfer, let count, let delay):
            // Also after something was to be sent again.
            guard count <= download.sent else { return }
            download.received = count
            effects.append(.tellDesk(.received(download.number, count, delay: delay)))
        case .confirmed(download.transfer, let offset, let isAgain):
            guard offset <= download.sent else { return }
            if isAgain { download.received = offset }
            effects.append(.tellDesk(.confirmed(download.number, offset, isAgain: isAgain)))
        case .outcome(download.transfer, let outcome, _):
            downloads[person] = nil
            record(&download, by: person)
            effects.append(.tellDesk(.cancel(download.number, isForNow: false)))
            if outcome == .done, download.offer != 0 { offers.handleTaken(download.offer) }
            return
        default: return
        }
        download.deadline = now + FileExchange.silence
        downloads[person] = download
    }

    mutating func cancel(_ transfer: Transfer, by person: ParticipantID, isForNow: Bool) {
        guard var download = downloads[person], download.transfer == transfer else { return }
        downloads[person] = nil
        record(&download, by: person)
        effects.append(.tellDesk(.cancel(download.number, isForNow: isForNow)))
    }

    mutating func end(of person: ParticipantID, _ outcome: FileOutcome) {
        guard let download = downloads[person] else { return }
        cancel(download.transfer, by: person, isForNow: false)
        effects.append(.send(.outcome(download.transfer, outcome, name: ""), to: person))
    }

    mutating func endAll(_ outcome: FileOutcome) {
        for person in Array(downloads.keys) { end(of: person, outcome) }
    }

    mutating func handleDeparture(of person: ParticipantID) {
        guard let download = downloads[person] else { return }
        cancel(download.transfer, by: person, isForNow: true)
    }

    mutating func check(_ isAllowed: (ParticipantID, UInt32) -> Bool) {
        for (person, download) in downloads where !isAllowed(person, download.offer) {
            end(of: person, .notAllowed)
        }
    }

    /// Whatever has left is recorded, once, also if it is not all.
    ///
    /// - Parameter isWhole: Whether it is all of it, which may be nothing.
    private mutating func record(_ download: inout Download, by person: ParticipantID, isWhole: Bool = false)
    {
        guard !download.isRecorded, isWhole || download.hashed > download.start else { return }
        download.isRecorded = true
        let record = FileRecord(
            nameLength: download.name.utf8.count,
            size: download.hashed - download.start,
            digest: download.digest
        )
        effects.append(.carriedFromDesk(record, to: person))
    }

    // MARK: The desk

    /// - Parameter standing: Whether somebody may take what they like.
    mutating func handleDesk(
        _ message: FileMessage,
        standing mayTake: (ParticipantID) -> Bool,
        now: Instant
    ) {
        guard let number = message.numberFromDesk,
            let (person, found) = downloads.first(where: { $0.value.number == number })
        else { return }
        guard found.offer != 0 || mayTake(person) else { return end(of: person, .notAllowed) }
        var download = found
        switch message {
        case .file(_, let size, let version, let offset, let name):
            (download.sent, download.received) = (offset, offset)
            (download.start, download.hashed) = (offset, offset)
            let file = FileMessage.file(
                download.transfer,
                size: size,
                version: version,
                offset: offset,
                name: name
            )
            effects.append(.send(file, to: person))
        case .piece(_, let offset, let stamp, let bytes):
            let end = offset + UInt64(bytes.count)
            // A desk that was taken over fills nobody's memory.
            guard end >= offset, end <= download.received + UInt64(FileUploads.mostUnderWay) else {
                return self.end(of: person, .broken)
            }
            download.sent = max(download.sent, end)
            let piece = FileMessage.piece(download.transfer, offset: offset, stamp: stamp, bytes)
            effects.append(.send(piece, to: person))
        case .block(_, let end, let digest):
            if end > download.hashed {
                download.digest = download.digest.adding(digest)
                download.hashed = end
            }
            effects.append(.send(.block(download.transfer, end: end, digest), to: person))
        case .end(_, let size, let digest):
            // All of it has left by now, whatever came by another connection.
            (download.start, download.hashed, download.digest) = (0, size, digest)
            // Also an empty one.
            record(&download, by: person, isWhole: true)
            effects.append(.send(.end(download.transfer, size: size, digest), to: person))
        case .outcome(_, let outcome, _):
            downloads[person] = nil
            record(&download, by: person)
            effects.append(.send(.outcome(download.transfer, outcome, name: ""), to: person))
            return
        default: return
        }
        download.deadline = now + FileExchange.silence
        downloads[person] = download
    }

    // MARK: Time

    mutating func handleTimeout(now: Instant) {
        for (person, download) in downloads where download.deadline <= now { end(of: person, .broken) }
    }

    func pollTimeout() -> Instant? { downloads.values.map(\.deadline).min() }

    mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }
}

extension FileMessage {
    /// Of the transfer that a message from the desk belongs to.
    fileprivate var numberFromDesk: Transfer? {
        switch self {
        case .block(let number, _, _), .end(let number, _, _), .file(let number, _, _, _, _),
            .outcome(let number, _, _), .piece(let number, _, _, _):
            number
        default: nil
        }
    }
}
