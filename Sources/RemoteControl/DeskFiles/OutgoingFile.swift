internal import Wire

/// A file that somebody takes from the desk: read a block at a time, and sent as fast as nothing else minds.
struct OutgoingFile {
    let transfer: FileMessage.Transfer
    let name: String
    let version: UInt64
    let size: UInt64
    private let file: OpenFile
    private var window = DelayBasedWindow()
    private var sent: UInt64
    private var acknowledged: UInt64
    /// The block that is being sent, and where it begins.
    private var block: [UInt8] = []
    private var start: UInt64
    /// Digests of the file up to the end of each block that is not confirmed yet.
    private var digests: [(end: UInt64, digest: FileDigest)]
    /// How far it has been read again, which was sent by another connection.
    private var reread: UInt64 = 0
    private var isAnnounced = false
    private var isBlockDue = false
    private var isEndSent = false
    private var failure: FileOutcome?
    private var lastWord: Instant

    /// - Parameter offset: Where a block begins, or the file's end.
    init(
        _ transfer: FileMessage.Transfer,
        _ file: OpenFile,
        _ name: String,
        from offset: UInt64,
        now: Instant
    ) {
        self.transfer = transfer
        self.file = file
        self.name = name
        version = file.version
        size = file.size
        (sent, acknowledged, start) = (offset, offset, offset)
        digests = [(0, .empty)]
        lastWord = now
    }

    /// Whether there is something to do without being told anything.
    var isBusy: Bool {
        failure != nil || !isAnnounced || (!isEndSent && (isBlockDue || mayGoOn))
    }

    private var mayGoOn: Bool { sent == size || sent - acknowledged < UInt64(window.bytes) }

    // MARK: The page

    mutating func handleReceived(_ count: UInt64, delay: UInt32, now: Instant) {
        lastWord = now
        guard count > acknowledged, count <= sent else { return }
        window.handleAcknowledgement(
            of: Int(clamping: count - acknowledged),
            delay: delay,
            flight: Int(clamping: sent - acknowledged),
            now: now
        )
        acknowledged = count
    }

    mutating func handleConfirmed(_ offset: UInt64, isAgain: Bool, now: Instant) {
        lastWord = now
        guard let index = digests.firstIndex(where: { $0.end == offset }) else { return }
        digests.removeFirst(index)
        guard isAgain else { return }
        digests = Array(digests.prefix(1))
        (sent, acknowledged, start) = (offset, offset, offset)
        (block, isBlockDue, isEndSent) = ([], false, false)
    }

    // MARK: Sending

    /// The next message; `nil`: the window is full, or it is all sent, or more must be read first.
    mutating func poll(now: Instant) -> FileMessage? {
        if let failure { return .outcome(transfer, failure, name: "") }
        if !isAnnounced { return announce() }
        if isBlockDue {
            isBlockDue = false
            let digest = FileDigest(of: block)
            let end = start + UInt64(block.count)
            digests.append((end, (digests.last?.digest ?? .empty).adding(digest)))
            (start, block) = (end, [])
            return .block(transfer, end: end, digest)
        }
        if now - lastWord > Self.silence {
            window.handleSilence()
            lastWord = now
        }
        guard !isEndSent, mayGoOn else { return nil }
        if sent == size { return end() }
        if block.isEmpty {
            let count = Int(min(UInt64(FileDigest.block), size - start))
            guard let bytes = file.read(at: start, count: count) else { return fail() }
            block = bytes
        }
        let place = Int(sent - start)
        let bytes = Array(block[place..<min(place + FileMessage.maximumPieceLength, block.count)])
        defer {
            sent += UInt64(bytes.count)
            isBlockDue = sent == start + UInt64(block.count)
        }
        let stamp = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000)
        return .piece(transfer, offset: sent, stamp: stamp, bytes)
    }

    /// Once what the page has already has been read, for the digest of the whole: a block at a time, others come between.
    private mutating func announce() -> FileMessage? {
        guard reread == sent else {
            let count = Int(min(UInt64(FileDigest.block), sent - reread))
            guard let bytes = file.read(at: reread, count: count) else { return fail() }
            reread += UInt64(count)
            digests = [(reread, (digests.last?.digest ?? .empty).adding(FileDigest(of: bytes)))]
            return nil
        }
        isAnnounced = true
        return .file(transfer, size: size, version: version, offset: sent, name: name)
    }

    private mutating func end() -> FileMessage? {
        guard file.version == version else { return fail() }
        isEndSent = true
        return .end(transfer, size: size, digests.last?.digest ?? .empty)
    }

    private mutating func fail() -> FileMessage? {
        failure = file.version == version ? .cannotRead : .changed
        return .outcome(transfer, file.version == version ? .cannotRead : .changed, name: "")
    }

    /// Whether nothing more will come of it.
    var hasFailed: Bool { failure != nil }

    private static let silence = Interval.seconds(2)
}
