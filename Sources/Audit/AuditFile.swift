package import Access
internal import Glibc
internal import IO

/// The audit's file: one line for each entry, on the disk before ``append(_:at:)`` returns, and beside it its head.
///
/// It has one writer in all processes (`flock`) and in this one, and blocks for as long as the disk takes: a few
/// milliseconds, so it is called from a thread that may wait.
package final class AuditFile {
    private let path: String
    private let descriptor: CInt
    private let key: AsymmetricKey?
    private var chain = AuditChain()
    /// Of all whole lines.
    private var length = 0
    /// Whether there may be something after them.
    private var isTorn = false

    /// Opens an audit, or begins one.
    ///
    /// A last line that is incomplete is moved to `PATH.torn`, and that is the next entry.
    ///
    /// - Parameters:
    ///   - path: Its head is at `PATH.head`.
    ///   - key: A private key, by which the head is signed.
    /// - Throws: ``AuditError`` if it cannot be opened, another room has it, or it is not as it was written.
    package init(_ path: String, key: AsymmetricKey? = nil, now: AuditTime) throws(AuditError) {
        self.path = path
        self.key = key
        descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .unusable(Self.systemWords) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw errno == EWOULDBLOCK ? .inUse : .unusable(Self.systemWords)
        }
        let report = try Self.report(on: descriptor, head: try Self.head(of: path))
        chain = report.chain
        length = report.wholeBytes
        switch report.fault?.kind {
        case nil: try Self.syncDirectory(of: path)
        case .torn(let bytes): try recover(bytes, now: now)
        default: if let fault = report.fault { throw .broken(fault) }
        }
    }

    deinit {
        guard descriptor >= 0 else { return }
        // Closing it would leave the lock to a process that was just forked, until that becomes another program.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Entries so far.
    package var count: Int { chain.count }

    /// Adds an entry and waits until it is on the disk, then does the same with the head.
    ///
    /// - Throws: ``AuditError/notWritten(_:)``: the file is as before, and the next call begins anew. What to do with a
    ///   room that cannot be audited is the caller's to say. ``AuditError/headNotWritten(_:)``: the entry is kept.
    package func append(_ entry: AuditEntry, at time: AuditTime) throws(AuditError) {
        if isTorn { try cut() }
        var next = chain
        let line = next.append(entry, at: time)
        guard Self.write(line, to: descriptor), fsync(descriptor) == 0 else {
            let words = Self.systemWords
            isTorn = true
            try? cut()
            throw .notWritten(words)
        }
        chain = next
        length += line.count
        try writeHead()
    }

    /// Reads an audit and says whether it is as it was written.
    ///
    /// - Parameter head: What it is compared with.
    /// - Throws: ``AuditError/unusable(_:)``.
    package static func verify(_ path: String, head: AuditHead?) throws(AuditError) -> AuditReport {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unusable(systemWords) }
        defer { close(descriptor) }
        return try report(on: descriptor, head: head)
    }

    /// Reads the head of an audit; `nil` if it has none.
    package static func head(of path: String) throws(AuditError) -> AuditHead? {
        try head(at: path + headSuffix)
    }

    /// Reads a head; `nil` if there is no such file.
    package static func head(at path: String) throws(AuditError) -> AuditHead? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .unusable(systemWords)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        try read(descriptor) { if bytes.count <= AuditHead.longest { bytes += $0 } }
        guard let head = AuditHead(parsing: bytes) else {
            throw .unusable("\(path) is not the head of an audit")
        }
        return head
    }

    // MARK: After an interruption

    /// Moves what follows the whole lines to a file beside, and says so in the audit.
    private func recover(_ bytes: Int, now: AuditTime) throws(AuditError) {
        var tail = [UInt8](repeating: 0, count: bytes)
        guard pread(descriptor, &tail, bytes, off_t(length)) == bytes else {
            throw .unusable(Self.systemWords)
        }
        let side = open(path + Self.tornSuffix, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard side >= 0 else { throw .notWritten(Self.systemWords) }
        defer { close(side) }
        guard Self.write(tail + [UInt8(ascii: "\n")], to: side), fsync(side) == 0 else {
            throw .notWritten(Self.systemWords)
        }
        try cut()
        try append(.recovered(bytes: bytes), at: now)
    }

    /// Takes away what follows the whole lines; this needs no room on the disk.
    private func cut() throws(AuditError) {
        guard ftruncate(descriptor, off_t(length)) == 0, fsync(descriptor) == 0 else {
            throw .notWritten(Self.systemWords)
        }
        isTorn = false
    }

    // MARK: The head

    /// Replaces the head as a whole, so that there is always one: the old or the new.
    ///
    /// ``append(_:at:)`` does it; to be called again where that could not.
    package func writeHead() throws(AuditError) {
        let head: AuditHead
        do throws(UnusableKey) {
            head = try AuditHead(chain, signedWith: key)
        } catch {
            throw .headNotWritten(error.description)
        }
        let fresh = path + Self.headSuffix + ".new"
        let file = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .headNotWritten(Self.systemWords) }
        defer { close(file) }
        guard
            Self.write(head.bytes, to: file), fsync(file) == 0, rename(fresh, path + Self.headSuffix) == 0
        else { throw .headNotWritten(Self.systemWords) }
    }

    // MARK: The system

    private static func report(on descriptor: CInt, head: AuditHead?) throws(AuditError) -> AuditReport {
        var verifier = AuditVerifier(head: head)
        try read(descriptor) { verifier.read($0) }
        return verifier.finish()
    }

    /// All that is in a file, in pieces.
    private static func read(_ descriptor: CInt, _ body: (ArraySlice<UInt8>) -> Void) throws(AuditError) {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unusable(systemWords) }
            guard count > 0 else { return }
            body(piece[..<count])
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest.removeFirst(count)
        }
        return true
    }

    /// A file that was just made is lost with the power unless its directory is on the disk, too.
    private static func syncDirectory(of path: String) throws(AuditError) {
        let end = path.lastIndex(of: "/")
        let directory = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unusable(systemWords) }
        defer { close(descriptor) }
        // Some file systems cannot, and need not.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .unusable(systemWords) }
    }

    /// Why the last call failed.
    private static var systemWords: String {
        switch errno {
        case ENOSPC, EDQUOT: "the disk is full"
        case EFBIG: "the file may not grow any further"
        case let number: SystemError(number: number).description
        }
    }

    private static let headSuffix = ".head"
    private static let tornSuffix = ".torn"
}
