import Audit
import Glibc
import Testing

/// Processes that write to an audit and are killed, or run out of room.
@Suite struct AuditInterruptionTests {
    private let directory = TemporaryDirectory()

    /// Many times, at a random moment of a thousand entries, several times in one file.
    ///
    /// The process would write twice as many, and waits for whoever reads what it says: it never comes to its end.
    @Test func afterEveryKillTheAuditIsWholeUpToTheLastEntry() throws {
        var before = 0
        for round in 0..<60 {
            if round.isMultiple(of: 5) {
                before = 0
                unlink(directory.log)
                unlink(directory.log + ".head")
            }
            let writer = try #require(AuditWriterProcess([directory.log, "2000"]))
            var told = writer.read(.random(in: 0..<1_000))
            for _ in 0..<Int.random(in: 0..<20_000) { pause() }
            writer.kill()
            told += writer.read()
            #expect(writer.wait() == -SIGKILL)
            #expect(told.allSatisfy { $0 == "." }, "\(told.drop { $0 == "." })")

            let report = try AuditFile.verify(directory.log, head: AuditFile.head(of: directory.log))
            switch report.fault?.kind {
            case nil, .torn: break
            default: Issue.record("\(String(describing: report.fault))")
            }
            // Whatever was told to be kept is; one more may be that nobody has been told of.
            #expect((before + told.utf8.count...before + told.utf8.count + 1).contains(report.chain.count))
            #expect((0...1).contains(report.afterHead ?? 0))
            before = report.chain.count
            // What would be added next.
            _ = try AuditFile(directory.log, now: AuditTime(milliseconds: 0))
            if case .torn = report.fault?.kind { before += 1 }
        }
    }

    @Test func whereThereIsNoRoomItSaysSoAndGoesOnLater() throws {
        // In the middle of a line, at its end, and just before.
        let length = Samples.file(Samples.lines(1)).count
        for limit in [length * 5 + 40, 1_000, 1_001, 2_047, 2_500] {
            unlink(directory.log)
            unlink(directory.log + ".head")
            let writer = try #require(AuditWriterProcess([directory.log, "30", "\(limit)"]))
            let told = writer.read()
            #expect(writer.wait() == 0)
            let kept = told.prefix { $0 == "." }
            #expect(told == kept + "!!!" + String(repeating: ".", count: 27 - kept.count), "\(told)")
            let report = try AuditFile.verify(directory.log, head: AuditFile.head(of: directory.log))
            #expect(report.fault == nil && report.chain.count == 27 && report.afterHead == 0)
        }
    }

    private func pause() { _ = getppid() }
}
