import Access
import Audit
import TestSupport
import Testing
import Wire

/// Whatever is done to an audit is found.
@Suite struct AuditVerifierTests {
    private let lines = Samples.lines(50)

    @Test func whatWasWrittenIsInOrderInPiecesOfAnySize() {
        let file = Samples.file(lines)
        for size in [1, 7, 300, 65_536] {
            var verifier = AuditVerifier()
            for start in stride(from: 0, to: file.count, by: size) {
                verifier.read(file[start..<min(start + size, file.count)])
            }
            let report = verifier.finish()
            #expect(report.fault == nil && report.chain.count == 50 && report.wholeBytes == file.count)
        }
        #expect(Samples.verify([]).fault == nil)
    }

    /// Wherever it is, the line that it is in is named, or the one that it is joined to.
    @Test func everySingleBitThatIsTurnedIsFound() {
        var before = AuditVerifier()
        for index in lines.indices {
            let next = Samples.file(Array(lines[index..<min(index + 2, 50)]))
            for at in 0...lines[index].count {
                for bit in 0..<8 {
                    var bytes = next
                    bytes[at] ^= 1 << UInt8(bit)
                    var verifier = before
                    verifier.read(bytes)
                    let report = verifier.finish()
                    guard report.fault?.line == index + 1, report.chain.count == index else {
                        Issue.record("bit \(bit) of byte \(at) of line \(index + 1) was not found")
                        return
                    }
                }
            }
            before.read(Samples.file([lines[index]]))
        }
        #expect(before.finish().fault == nil)
    }

    @Test func everyRemovedLineIsFound() {
        for index in lines.indices {
            var left = lines
            left.remove(at: index)
            // Without the last one nothing is missing that the rest would know of.
            let kind: AuditFault.Kind? = index == 49 ? nil : .missing(first: index + 1, count: 1)
            #expect(Samples.verify(Samples.file(left)).fault?.kind == kind)
        }
        let fault = Samples.verify(Samples.file(Array(lines[..<3] + lines[9...]))).fault
        #expect(fault == AuditFault(line: 4, kind: .missing(first: 4, count: 6)))
        #expect(fault?.description == "before line 4 entries 4 to 9 were removed")
    }

    @Test func everySwapAndEveryRepetitionIsFound() {
        for one in lines.indices {
            for other in lines.indices where other > one {
                var swapped = lines
                swapped.swapAt(one, other)
                #expect(
                    Samples.verify(Samples.file(swapped)).fault == AuditFault(line: one + 1, kind: .moved)
                )
            }
            var repeated = lines
            repeated.insert(lines[one], at: .random(in: one + 1...50))
            guard case .repeated(one + 1)? = Samples.verify(Samples.file(repeated)).fault?.kind else {
                Issue.record("the repetition of line \(one + 1) was not found")
                return
            }
        }
    }

    @Test func everyTruncationIsFoundWithTheHead() throws {
        var chain = AuditChain()
        let file = Samples.file(Samples.lines(50, chain: &chain))
        let head = try AuditHead(chain)
        var before = AuditVerifier(head: head)
        for index in lines.indices {
            #expect(
                before.finish().fault == AuditFault(line: index + 1, kind: .tailMissing(count: 50 - index))
            )
            for count in 1...lines[index].count {
                var verifier = before
                verifier.read(lines[index].prefix(count))
                guard verifier.finish().fault == AuditFault(line: index + 1, kind: .torn(bytes: count)) else {
                    Issue.record("\(count) bytes of line \(index + 1) were taken for a whole one")
                    return
                }
            }
            before.read(Samples.file([lines[index]]))
        }
        #expect(before.finish().fault == nil)
        #expect(Samples.verify(file, head: head).afterHead == 0)
    }

    /// Whoever knows how it works can write a chain of their own, but not one that the head vouches for.
    @Test func aChainThatWasWrittenAnewIsFoundByTheHead() throws {
        var chain = AuditChain()
        _ = Samples.lines(50, chain: &chain)
        var other = AuditChain()
        _ = other.append(.left(person: 9, .went), at: AuditTime(milliseconds: 0))
        let forged = [Array(other.append(.left(person: 9, .went), at: AuditTime(milliseconds: 1)).dropLast())]
        let joined = lines[..<1] + forged + lines[2...]
        #expect(Samples.verify(Samples.file(Array(joined))).fault == AuditFault(line: 2, kind: .replaced))

        var anew = AuditChain()
        _ = anew.append(.left(person: 9, .went), at: AuditTime(milliseconds: 0))
        var file: [UInt8] = []
        anew = AuditChain()
        for _ in 0..<50 { file += anew.append(.left(person: 9, .went), at: AuditTime(milliseconds: 0)) }
        #expect(Samples.verify(file).fault == nil)
        #expect(
            try Samples.verify(file, head: AuditHead(chain)).fault
                == AuditFault(line: 50, kind: .otherThanHead)
        )
    }

    /// The room may have ended between the two.
    @Test func entriesThatTheHeadDoesNotKnowYetAreCounted() throws {
        var chain = AuditChain()
        _ = Samples.lines(48, chain: &chain)
        let report = try Samples.verify(Samples.file(lines), head: AuditHead(chain))
        #expect(report.fault == nil && report.afterHead == 2)
    }

    @Test func whatIsNoAuditIsNone() {
        for text in ["\n", "hello\n", "{}\n", String(repeating: "x", count: 100_000) + "\n"] {
            #expect(Samples.verify(text.utf8).fault == AuditFault(line: 1, kind: .damaged))
        }
        #expect(
            Samples.verify(String(repeating: "x", count: 100_000).utf8).fault?.kind == .torn(bytes: 100_000)
        )
        // Windows' line ends, and a line between.
        let file = Samples.file(lines)
        #expect(
            Samples.verify(file.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : [$0] }).fault
                == AuditFault(line: 1, kind: .damaged)
        )
        #expect(Samples.verify(file + [0x0a]).fault == AuditFault(line: 51, kind: .damaged))
    }

    @Test func arbitraryChangesAreFound() {
        var numbers = SplitMix64(seed: 3)
        let file = Samples.file(Samples.lines(5))
        for _ in 0..<5_000 {
            var bytes = file
            let start = Int.random(in: 0..<bytes.count, using: &numbers)
            let end = min(bytes.count, start + Int.random(in: 0...400, using: &numbers))
            bytes.replaceSubrange(start..<end, with: numbers.bytes(upTo: 20))
            guard bytes != file else { continue }
            let report = Samples.verify(bytes)
            // All that can go unnoticed is a missing end.
            #expect(report.fault != nil || file.starts(with: bytes))
        }
    }

    @Test func everyFaultHasASentence() {
        let kinds: [AuditFault.Kind] = [
            .damaged, .edited, .missing(first: 2, count: 1), .missing(first: 2, count: 3), .moved,
            .otherThanHead,
            .repeated(1), .replaced, .tailMissing(count: 1), .tailMissing(count: 2), .torn(bytes: 7),
        ]
        let sentences = kinds.map { AuditFault(line: 4, kind: $0).description }
        #expect(Set(sentences).count == kinds.count)
        #expect(sentences.allSatisfy { $0.contains("line 4") || $0.contains("after line 3") })
    }
}
