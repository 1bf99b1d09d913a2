/// A file that somebody puts on the desk: a block at a time is put together, compared with its digest, and written.
struct IncomingFile {
    /// What a piece or a block has led to.
    enum Step {
        case nothing
        /// So much has come.
        case received(UInt64)
        /// All up to there is written.
        case written(UInt64)
        /// The block is to be sent again.
        case again(UInt64)
        case failed(FileOutcome)
    }

    let key: FileKey
    let name: FileName
    let size: UInt64
    let temporary: String
    private let file: OpenFile
    /// Bytes that are written, and their digest.
    private(set) var written: UInt64 = 0
    private var digest = FileDigest.empty
    private var block: [UInt8] = []
    private var wrong = 0

    init(_ put: FileMessage.Put, _ temporary: (file: OpenFile, name: String)) {
        key = put.key
        name = FileName(cleaning: put.name)
        size = put.size
        file = temporary.file
        self.temporary = temporary.name
    }

    /// Another connection goes on with it.
    mutating func handleResumed() { block = [] }

    mutating func add(_ bytes: [UInt8], at offset: UInt64) -> Step {
        // What was under way when something was to be sent again.
        guard offset == written + UInt64(block.count) else { return .nothing }
        let room = min(UInt64(FileDigest.block), size - written) - UInt64(block.count)
        guard UInt64(bytes.count) <= room else { return .failed(.broken) }
        if block.isEmpty { block.reserveCapacity(Int(room)) }
        block += bytes
        return .received(written + UInt64(block.count))
    }

    mutating func endBlock(at end: UInt64, _ announced: FileDigest) -> Step {
        guard !block.isEmpty, end == written + UInt64(block.count) else { return .nothing }
        let isLast = end == size
        guard isLast || block.count == FileDigest.block else { return .failed(.broken) }
        let found = FileDigest(of: block)
        guard found == announced else {
            wrong += 1
            block = []
            return wrong > Self.mostWrong ? .failed(.broken) : .again(written)
        }
        if let failure = file.write(block, at: written) { return .failed(FileOutcome(failure)) }
        digest = digest.adding(found)
        (written, block) = (end, [])
        return .written(written)
    }

    var isWritten: Bool { written == size }

    /// Whether all of it is there and is what was announced.
    func isWhole(_ size: UInt64, _ announced: FileDigest) -> Bool {
        size == self.size && written == size && announced == digest
    }

    /// Blocks of one file that may arrive otherwise than they were announced.
    private static let mostWrong = 8
}

extension FileOutcome {
    init(_ failure: SharedFolder.Failure) {
        self =
            switch failure {
            case .cannotWrite, .notThere: .cannotWrite
            case .noSpace: .noSpace
            }
    }
}
