#if canImport(Wire)
internal import Wire
#endif

/// What people put on the desk: one file for each person at a time.
struct FileUploads: Sendable {
    typealias Effect = FileExchange.Effect
    typealias Transfer = FileMessage.Transfer

    private struct Upload {
        var transfer: Transfer
        /// What the desk knows it by.
        var number: Transfer
        var put: FileMessage.Put
        /// Bytes that were passed on and that the desk has not taken yet.
        var flight = 0
        var received: UInt64 = 0
        var digest: FileDigest?
        var deadline: Instant
    }

    private var uploads: [ParticipantID: Upload] = [:]
    private var effects: [Effect] = []

    var count: Int { uploads.count }
    func has(_ number: Transfer) -> Bool { uploads.values.contains { $0.number == number } }

    // MARK: Pages

    mutating func begin(
        _ transfer: Transfer,
        _ put: FileMessage.Put,
        as number: Transfer,
        by person: ParticipantID,
        now: Instant
    ) {
        uploads[person] = Upload(
            transfer: transfer,
            number: number,
            put: put,
            deadline: now + FileExchange.silence
        )
        effects.append(.tellDesk(.put(number, put)))
    }

    /// Somebody begins another one; what they have sent of the one before is kept for a while.
    mutating func replace(by person: ParticipantID) { handleDeparture(of: person) }

    mutating func handle(_ message: FileMessage, from person: ParticipantID, now: Instant) {
        guard var upload = uploads[person] else { return }
        switch message {
        // What was refused, or belongs to the one before, may still be on its way.
        case .piece(upload.transfer, let offset, let stamp, let bytes):
            upload.flight += bytes.count
            guard upload.flight <= Self.mostUnderWay else { return end(of: person, .broken) }
            effects.append(.tellDesk(.piece(upload.number, offset: offset, stamp: stamp, bytes)))
        case .block(upload.transfer, let end, let digest):
            effects.append(.tellDesk(.block(upload.number, end: end, digest)))
        case .end(upload.transfer, let size, let digest):
            upload.digest = digest
            effects.append(.tellDesk(.end(upload.number, size: size, digest)))
        default: return
        }
        upload.deadline = now + FileExchange.silence
        uploads[person] = upload
    }

    mutating func cancel(_ transfer: Transfer, by person: ParticipantID, isForNow: Bool) {
        guard let upload = uploads[person], upload.transfer == transfer else { return }
        uploads[person] = nil
        effects.append(.tellDesk(.cancel(upload.number, isForNow: isForNow)))
    }

    /// Ends what somebody puts there, and tells them why.
    mutating func end(of person: ParticipantID, _ outcome: FileOutcome) {
        guard let upload = uploads.removeValue(forKey: person) else { return }
        // What may go on later is kept for later.
        let isForNow = outcome == .broken || outcome == .deskAway
        effects.append(.tellDesk(.cancel(upload.number, isForNow: isForNow)))
        effects.append(.send(.outcome(upload.transfer, outcome, name: ""), to: person))
    }

    mutating func endAll(_ outcome: FileOutcome) {
        for person in Array(uploads.keys) { end(of: person, outcome) }
    }

    mutating func handleDeparture(of person: ParticipantID) {
        guard let upload = uploads[person] else { return }
        cancel(upload.transfer, by: person, isForNow: true)
    }

    mutating func check(_ isAllowed: (ParticipantID) -> Bool) {
        for person in Array(uploads.keys) where !isAllowed(person) { end(of: person, .notAllowed) }
    }

    // MARK: The desk

    mutating func handleDesk(_ message: FileMessage, now: Instant) {
        switch message {
        case .ready(let number, let offset):
            update(number, now: now) { upload, transfer in
                upload.received = offset
                return .ready(transfer, offset)
            }
        case .received(let number, let count, let delay):
            update(number, now: now) { upload, transfer in
                upload.flight -= Int(clamping: count > upload.received ? count - upload.received : 0)
                upload.flight = max(0, upload.flight)
                upload.received = count
                return .received(transfer, count, delay: delay)
            }
        case .confirmed(let number, let offset, let isAgain):
            update(number, now: now) { upload, transfer in
                // What was under way is dropped there, and not acknowledged.
                if isAgain { (upload.flight, upload.received) = (0, offset) }
                return .confirmed(transfer, offset, isAgain: isAgain)
            }
        case .outcome(let number, let outcome, let name): handle(outcome, of: number, name: name)
        default: break
        }
    }

    private mutating func update(
        _ number: Transfer,
        now: Instant,
        _ change: (inout Upload, Transfer) -> FileMessage
    ) {
        guard let (person, found) = uploads.first(where: { $0.value.number == number }) else { return }
        var upload = found
        effects.append(.send(change(&upload, upload.transfer), to: person))
        upload.deadline = now + FileExchange.silence
        uploads[person] = upload
    }

    private mutating func handle(_ outcome: FileOutcome, of number: Transfer, name: String) {
        guard let (person, upload) = uploads.first(where: { $0.value.number == number }) else { return }
        uploads[person] = nil
        if outcome == .done, let digest = upload.digest {
            let record = FileRecord(nameLength: name.utf8.count, size: upload.put.size, digest: digest)
            effects.append(.carriedToDesk(record, by: person))
        }
        effects.append(.send(.outcome(upload.transfer, outcome, name: name), to: person))
        guard outcome == .done, upload.put.lease.rawValue != 0 else { return }
        effects.append(.drop(number, upload.put, name: name, by: person))
    }

    // MARK: Time

    mutating func handleTimeout(now: Instant) {
        for (person, upload) in uploads where upload.deadline <= now { end(of: person, .broken) }
    }

    func pollTimeout() -> Instant? { uploads.values.map(\.deadline).min() }

    mutating func takeEffects() -> [Effect] {
        defer { effects = [] }
        return effects
    }

    /// Bytes: a window, and the piece that goes beyond.
    static let mostUnderWay = DelayBasedWindow.most + FileMessage.maximumPieceLength
}

extension FileExchange {
    /// Without a word for so long a transfer ends; disks and networks may well pause for less.
    static let silence = Interval.seconds(60)
}
