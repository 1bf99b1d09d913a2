/// Reads an audit from its beginning to its end and finds the first thing that is not as it was written.
///
/// Call ``read(_:)`` with its bytes in pieces of any size, then ``finish()`` once. Memory is bounded by a line.
package struct AuditVerifier: Sendable {
    private let head: AuditHead?
    /// What came after the last line feed, as far as a line may be long, and how much it is in all.
    private var rest: [UInt8] = []
    private var restLength = 0
    private var lines = 0
    /// As far as everything is right.
    private var chain = AuditChain()
    private var wholeBytes = 0
    private var fault: AuditFault?

    /// - Parameter head: What the audit is compared with.
    package init(head: AuditHead? = nil) {
        self.head = head
    }

    package mutating func read(_ bytes: some Collection<UInt8>) {
        var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        while let piece = pieces.popFirst() {
            restLength += piece.count
            if restLength <= AuditLine.longest { rest += piece }
            if !pieces.isEmpty { readLine() }
        }
    }

    /// What was found, with all that was read.
    package func finish() -> AuditReport {
        var fault = fault
        if fault == nil, restLength > 0 {
            fault = AuditFault(line: lines + 1, kind: .torn(bytes: restLength))
        }
        if fault == nil, let head, head.count > chain.count {
            fault = AuditFault(line: lines + 1, kind: .tailMissing(count: head.count - chain.count))
        }
        return AuditReport(
            chain: chain,
            wholeBytes: wholeBytes,
            fault: fault,
            afterHead: head.map { max(0, chain.count - $0.count) }
        )
    }

    private mutating func readLine() {
        let line = restLength == rest.count ? AuditLine(parsing: rest) : nil
        let length = restLength + 1
        rest.removeAll(keepingCapacity: true)
        restLength = 0
        lines += 1
        if let fault {
            // An entry that was thought missing may stand further down.
            guard case .missing(let first, _) = fault.kind, line?.number == first else { return }
            self.fault = AuditFault(line: fault.line, kind: .moved)
        } else if let kind = judge(line) {
            fault = AuditFault(line: lines, kind: kind)
        } else if let line {
            chain = AuditChain(count: line.number, hash: line.hash)
            wholeBytes += length
        }
    }

    private func judge(_ line: AuditLine?) -> AuditFault.Kind? {
        guard let line else { return .damaged }
        let next = chain.count + 1
        guard line.isConsistent else { return .edited }
        guard line.number >= next else { return .repeated(line.number) }
        guard line.number == next else { return .missing(first: next, count: line.number - next) }
        guard line.previous == chain.hash else { return .replaced }
        if let head, head.count == line.number, head.hash != line.hash { return .otherThanHead }
        return nil
    }
}

/// What the ``AuditVerifier`` found.
package struct AuditReport: Hashable, Sendable {
    /// The entries before the first fault.
    package let chain: AuditChain
    /// How many bytes those are.
    package let wholeBytes: Int
    /// `nil`: everything is as it was written.
    package let fault: AuditFault?
    /// Entries that the head does not know of; `nil` without a head.
    ///
    /// One is in order: the room may have ended between writing the entry and the head.
    package let afterHead: Int?
}
