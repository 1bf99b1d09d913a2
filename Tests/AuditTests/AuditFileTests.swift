import Access
import Audit
import Glibc
import Testing

@Suite struct AuditFileTests {
    private let directory = TemporaryDirectory()
    private let now = AuditTime(milliseconds: 1_800_000_000_000)

    @Test func anAuditGoesOnWhereItEnded() throws {
        for round in 1...3 {
            let file = try AuditFile(directory.log, now: now)
            for entry in Samples.entries { try file.append(entry, at: now) }
            #expect(file.count == round * Samples.entries.count)
        }
        let report = try AuditFile.verify(directory.log, head: AuditFile.head(of: directory.log))
        #expect(report.fault == nil && report.afterHead == 0)
        #expect(report.chain.count == 3 * Samples.entries.count)
        #expect(directory.bytes().count == report.wholeBytes)
    }

    @Test func nobodyElseMayReadIt() throws {
        let file = try AuditFile(directory.log, now: now)
        try file.append(Samples.entries[0], at: now)
        for name in ["log", "log.head"] {
            var status = stat()
            #expect(stat("\(directory.path)/\(name)", &status) == 0 && status.st_mode & 0o777 == 0o600)
        }
    }

    @Test func itHasOneWriter() throws {
        let file = try AuditFile(directory.log, now: now)
        #expect(throws: AuditError.inUse) { try AuditFile(directory.log, now: now) }
        try file.append(Samples.entries[0], at: now)
        // Reading it is another matter.
        #expect(try AuditFile.verify(directory.log, head: nil).chain.count == 1)
    }

    @Test func theHeadIsSignedWhereThereIsAKey() throws {
        let key = try AsymmetricKey.generate()
        let file = try AuditFile(directory.log, key: key, now: now)
        try file.append(Samples.entries[0], at: now)
        let head = try #require(try AuditFile.head(of: directory.log))
        #expect(head.isSigned(by: key) && head.count == 1)
    }

    /// Whatever was left of the last line.
    @Test func aTornLineIsCutOffAtEveryByteAndKept() throws {
        let lines = Samples.lines(3)
        let whole = Samples.file(Array(lines[..<2]))
        for count in 1...lines[2].count {
            let torn = lines[2].prefix(count)
            directory.write(whole + torn)
            directory.write([], to: "log.torn")
            let file = try AuditFile(directory.log, now: now)
            try file.append(Samples.entries[0], at: now)
            let bytes = directory.bytes()
            let report = Samples.verify(bytes)
            #expect(bytes.starts(with: whole) && report.fault == nil && report.chain.count == 4)
            let recovered = bytes.dropFirst(whole.count).prefix { $0 != 0x0a }
            let object = try JSONObject(parsing: Array(recovered))
            #expect(object["event"] == .string("recovered") && object["bytes"] == .integer(Int64(count)))
            #expect(directory.bytes("log.torn") == torn + [0x0a])
            unlink(directory.log + ".head")
        }
    }

    @Test func anAuditThatWasChangedIsNotAddedTo() throws {
        let lines = Samples.lines(4)
        var edited = Samples.file(lines)
        edited[10] ^= 1
        for bytes in [edited, Samples.file([lines[0], lines[2]]), Array("something else\n".utf8)] {
            directory.write(bytes)
            let error = #expect(throws: AuditError.self) { try AuditFile(directory.log, now: now) }
            guard case .broken? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(directory.bytes() == bytes)
        }
        // Nor one whose last entries were taken away.
        directory.write(Samples.file(lines))
        try AuditFile(directory.log, now: now).append(Samples.entries[0], at: now)
        directory.write(Samples.file(Array(lines[..<3])))
        #expect(throws: AuditError.broken(AuditFault(line: 4, kind: .tailMissing(count: 2)))) {
            try AuditFile(directory.log, now: now)
        }
    }

    @Test func whatCannotBeOpenedIsSaidInWords() throws {
        let error = #expect(throws: AuditError.self) { try AuditFile("/nowhere/log", now: now) }
        #expect(error?.description == "The audit cannot be used: No such file or directory.")
        #expect(throws: AuditError.self) { try AuditFile(directory.path, now: now) }
        #expect(throws: AuditError.self) { try AuditFile.verify("/nowhere/log", head: nil) }
        #expect(try AuditFile.head(of: "/nowhere/log") == nil)
        directory.write(Array("nonsense".utf8), to: "log.head")
        #expect(throws: AuditError.self) { try AuditFile.head(of: directory.log) }
        #expect(throws: AuditError.self) { try AuditFile(directory.log, now: now) }
    }

    @Test func aHeadThatCannotBeWrittenIsToldAndTheEntryKept() throws {
        let file = try AuditFile(directory.log, now: now)
        mkdir(directory.log + ".head.new", 0o700)
        let error = #expect(throws: AuditError.self) { try file.append(Samples.entries[0], at: now) }
        #expect(error?.description == "The audit's head could not be written: Is a directory.")
        rmdir(directory.log + ".head.new")
        try file.append(Samples.entries[1], at: now)
        let report = try AuditFile.verify(directory.log, head: AuditFile.head(of: directory.log))
        #expect(report.fault == nil && report.chain.count == 2 && report.afterHead == 0)
    }
}
