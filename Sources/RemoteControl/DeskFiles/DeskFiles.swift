internal import Wire

/// The folder as the desk process serves it: takes in what people put there, sends what they take, and tells what there is while
/// somebody looks.
///
/// It judges nobody: the room has. It reads and writes the disk, and waits for that; so it has a thread of its own (``FileSeat``).
///
/// Call ``pollMessage(now:)`` whenever the link takes another one, and again as long as ``isBusy``.
struct DeskFiles {
    /// A file that was dropped at a place, and is there now.
    struct Drop {
        var transfer: FileMessage.Transfer
        var x: UInt16
        var y: UInt16
        var path: String
    }

    private let folder: SharedFolder
    private var policy = FilePolicy()
    private var incoming: [FileMessage.Transfer: IncomingFile] = [:]
    /// What is unfinished, and until when it is kept for whoever comes back.
    private var kept: [(file: IncomingFile, until: Instant)] = []
    private var outgoing: [OutgoingFile] = []
    private var messages: [FileMessage] = []
    private var isWatched = false
    private var told: [FileListing]?
    private var nextLook: Instant?
    private(set) var drop: Drop?

    init(_ folder: SharedFolder) {
        self.folder = folder
        folder.removeLeftovers()
    }

    /// Whether there is something to do at once.
    var isBusy: Bool { !messages.isEmpty || outgoing.contains(where: \.isBusy) }

    // MARK: The room

    /// What the room says; what is out of place is dropped.
    mutating func handle(_ message: FileMessage, now: Instant) {
        switch message {
        case .policy(let policy): self.policy = policy
        case .put(let transfer, let put): begin(transfer, put)
        case .piece(let transfer, let offset, let stamp, let bytes):
            guard let step = incoming[transfer]?.add(bytes, at: offset) else { return }
            let delay = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000) &- stamp
            carryOut(step, of: transfer, delay: delay)
        case .block(let transfer, let end, let digest):
            guard let step = incoming[transfer]?.endBlock(at: end, digest) else { return }
            carryOut(step, of: transfer)
        case .end(let transfer, let size, let digest): finish(transfer, size, digest)
        case .take(let transfer, let take): begin(transfer, take, now: now)
        case .received(let transfer, let count, let delay):
            update(transfer) { $0.handleReceived(count, delay: delay, now: now) }
        case .confirmed(let transfer, let offset, let isAgain):
            update(transfer) { $0.handleConfirmed(offset, isAgain: isAgain, now: now) }
        case .cancel(let transfer, let isForNow):
            outgoing.removeAll { $0.transfer == transfer }
            if drop?.transfer == transfer { drop = nil }
            guard let file = incoming.removeValue(forKey: transfer) else { return }
            if isForNow { keep(file, now: now) } else { folder.remove(temporary: file.temporary) }
        case .watch(let isOn):
            (isWatched, told) = (isOn, nil)
            nextLook = isOn ? now : nil
        case .drop(let transfer, let x, let y, let name):
            drop = Drop(transfer: transfer, x: x, y: y, path: folder.path + "/" + name)
        case .dropped, .file, .hand, .handed, .listing, .outcome, .ready: break
        }
    }

    /// What became of ``drop``.
    mutating func handleDropped(_ transfer: FileMessage.Transfer, isTaken: Bool) {
        guard drop?.transfer == transfer else { return }
        drop = nil
        messages.append(.dropped(transfer, isTaken))
    }

    /// The room is gone: what is unfinished is removed, for nobody can go on with it.
    mutating func handleRoomGone() {
        for file in incoming.values { folder.remove(temporary: file.temporary) }
        for (file, _) in kept { folder.remove(temporary: file.temporary) }
        (incoming, kept, outgoing, drop) = ([:], [], [], nil)
    }

    // MARK: Coming in

    private mutating func begin(_ transfer: FileMessage.Transfer, _ put: FileMessage.Put) {
        guard policy.directions.contains(.toDesk) else { return tell(transfer, .notAllowed) }
        guard put.size <= policy.limit else { return tell(transfer, .tooLarge) }
        if let index = kept.firstIndex(where: { $0.file.key == put.key && $0.file.size == put.size }) {
            var file = kept.remove(at: index).file
            file.handleResumed()
            incoming[transfer] = file
            return messages.append(.ready(transfer, file.written))
        }
        // What is announced counts, whether it has come or not.
        let coming = incoming.values.map(\.self) + kept.map(\.file)
        let announced = coming.reduce(0) { $0 + ($1.size - $1.written) }
        guard folder.used + announced + put.size <= policy.total else { return tell(transfer, .folderFull) }
        do {
            let room = try folder.makeRoom()
            guard announced + put.size <= room else { return tell(transfer, .noSpace) }
            incoming[transfer] = IncomingFile(put, try folder.makeTemporary(put.key))
            messages.append(.ready(transfer, 0))
        } catch {
            tell(transfer, FileOutcome(error))
        }
    }

    private mutating func carryOut(
        _ step: IncomingFile.Step,
        of transfer: FileMessage.Transfer,
        delay: UInt32 = 0
    ) {
        switch step {
        case .nothing: break
        case .received(let count): messages.append(.received(transfer, count, delay: delay))
        case .written(let offset): messages.append(.confirmed(transfer, offset, isAgain: false))
        case .again(let offset): messages.append(.confirmed(transfer, offset, isAgain: true))
        case .failed(let outcome): fail(transfer, outcome)
        }
    }

    private mutating func finish(_ transfer: FileMessage.Transfer, _ size: UInt64, _ digest: FileDigest) {
        guard let file = incoming[transfer] else { return }
        // It was said before a block was to be sent again.
        guard size != file.size || file.isWritten else { return }
        guard file.isWhole(size, digest) else { return fail(transfer, .broken) }
        do {
            let name = try folder.rename(file.temporary, to: file.name)
            incoming[transfer] = nil
            messages.append(.outcome(transfer, .done, name: name))
            if isWatched { nextLook = Instant(nanoseconds: 0) }
        } catch {
            fail(transfer, FileOutcome(error))
        }
    }

    private mutating func fail(_ transfer: FileMessage.Transfer, _ outcome: FileOutcome) {
        if let file = incoming.removeValue(forKey: transfer) { folder.remove(temporary: file.temporary) }
        tell(transfer, outcome)
    }

    private mutating func keep(_ file: IncomingFile, now: Instant) {
        guard file.written > 0 else { return folder.remove(temporary: file.temporary) }
        kept.append((file, now + Self.keeping))
        if kept.count > Self.mostKept { folder.remove(temporary: kept.removeFirst().file.temporary) }
    }

    private mutating func tell(_ transfer: FileMessage.Transfer, _ outcome: FileOutcome) {
        messages.append(.outcome(transfer, outcome, name: ""))
    }

    // MARK: Going out

    private mutating func begin(
        _ transfer: FileMessage.Transfer,
        _ take: FileMessage.Take,
        now: Instant
    ) {
        guard policy.directions.contains(.fromDesk) else { return tell(transfer, .notAllowed) }
        guard let file = folder.openForReading(take.name) else { return tell(transfer, .notThere) }
        if take.version != 0, take.version != file.version { return tell(transfer, .changed) }
        let isBlock = take.offset == file.size || take.offset.isMultiple(of: UInt64(FileDigest.block))
        guard take.offset <= file.size, isBlock else { return tell(transfer, .broken) }
        outgoing.removeAll { $0.transfer == transfer }
        outgoing.append(OutgoingFile(transfer, file, take.name, from: take.offset, now: now))
    }

    private mutating func update(_ transfer: FileMessage.Transfer, _ change: (inout OutgoingFile) -> Void) {
        if let index = outgoing.firstIndex(where: { $0.transfer == transfer }) { change(&outgoing[index]) }
    }

    /// The next message for the room, if any: those who take something take turns.
    mutating func pollMessage(now: Instant) -> FileMessage? {
        if !messages.isEmpty { return messages.removeFirst() }
        for _ in outgoing.indices {
            var file = outgoing.removeFirst()
            let message = file.poll(now: now)
            if !file.hasFailed { outgoing.append(file) }
            if let message { return message }
        }
        return nil
    }

    // MARK: Time

    mutating func handleTimeout(now: Instant) {
        while let first = kept.first, first.until <= now {
            folder.remove(temporary: kept.removeFirst().file.temporary)
        }
        guard isWatched, let look = nextLook, look <= now else { return }
        nextLook = now + Self.lookInterval
        let (entries, hasMore) = folder.list()
        let parts = FileListing.parts(of: entries, hasMore: hasMore)
        guard parts != told else { return }
        told = parts
        messages += parts.map { .listing($0) }
    }

    /// - Parameter isLinkFull: Whether nothing can be sent: it says when it can.
    func pollTimeout(isLinkFull: Bool) -> Instant? {
        if isBusy, !isLinkFull { return Instant(nanoseconds: 0) }
        return [kept.first?.until, nextLook].compactMap(\.self).min()
    }

    private static let keeping = Interval.seconds(300)
    private static let mostKept = 64
    private static let lookInterval = Interval.milliseconds(1_500)
}
