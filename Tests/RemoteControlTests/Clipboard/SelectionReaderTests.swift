import RemoteControl
import Testing
import Wire

@Suite struct SelectionReaderTests {
    /// A reader, and the program that it asks, on virtual time.
    private struct Desk {
        var reader = SelectionReader(limit: 1_000)
        var now = Instant(nanoseconds: 0)
        var asked: (target: SelectionTarget, slot: UInt8, time: UInt32)?
        var discarded: [UInt8] = []

        mutating func result() -> SelectionReader.Result? { reader.pollResult() }

        mutating func drain() {
            while let action = reader.pollAction() {
                switch action {
                case .convert(let target, let slot, let time): asked = (target, slot, time)
                case .discard(let slot): discarded.append(slot)
                }
            }
        }

        mutating func copy(time: UInt32 = 1) {
            reader.handleOwner(time: time, now: now)
            drain()
        }

        mutating func answer(_ answer: SelectionReader.Answer) {
            guard let asked else { return }
            self.asked = nil
            reader.handle(answer, slot: asked.slot, now: now)
            drain()
        }

        mutating func pass(_ interval: Interval) {
            now += interval
            reader.handleTimeout(now: now)
            drain()
        }
    }

    private static let png: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]

    @Test func readsEveryFlavourThatThereIsOneAfterTheOther() {
        var desk = Desk()
        desk.copy(time: 77)
        #expect(desk.asked?.target == .targets)
        #expect(desk.asked?.time == 77)
        desk.answer(.targets([.targets, .png, .html, .string, .utf8String, .plainText]))
        #expect(desk.asked?.target == .utf8String)
        desk.answer(.bytes(Array("é\0".utf8)))
        #expect(desk.asked?.target == .html)
        desk.answer(.bytes(Array("<b>é</b>".utf8)))
        #expect(desk.asked?.target == .png)
        #expect(desk.reader.isBusy)
        desk.answer(.bytes(Self.png))
        #expect(!desk.reader.isBusy)
        let content = ClipboardContent([
            .text: Array("é".utf8), .html: Array("<b>é</b>".utf8), .png: Self.png,
        ])
        #expect(desk.result() == SelectionReader.Result(content: content))
        #expect(desk.reader.pollTimeout() == nil)
    }

    @Test func textIsTakenInTheBestEncodingThereIs() {
        var desk = Desk()
        desk.copy()
        desk.answer(.targets([.string]))
        desk.answer(.bytes([0x67, 0xfc]))
        #expect(desk.result()?.content[.text] == Array("gü".utf8))
        // Markup in UTF-16, as some write it.
        desk.copy()
        desk.answer(.targets([.html]))
        desk.answer(.bytes([0xff, 0xfe, 0xe9, 0, 0x3d, 0xd8, 0, 0xde]))
        #expect(desk.result()?.content[.html] == Array("é😀".utf8))
    }

    @Test func piecesArePutTogether() {
        var desk = Desk()
        desk.copy()
        desk.answer(.targets([.utf8String]))
        let slot = desk.asked?.slot ?? 0
        desk.answer(.incremental)
        #expect(desk.reader.expectsPiece(in: slot))
        for piece in ["one ", "two"] { desk.reader.handlePiece(Array(piece.utf8), slot: slot, now: desk.now) }
        #expect(desk.result() == nil)
        desk.reader.handlePiece([], slot: slot, now: desk.now)
        #expect(desk.result()?.content[.text] == Array("one two".utf8))
    }

    @Test func whatIsTooLargeIsLeftOutAndSaid() {
        var desk = Desk()
        desk.copy()
        desk.answer(.targets([.utf8String, .html, .png]))
        desk.answer(.bytes(Array(repeating: 0x61, count: 995)))
        desk.answer(.bytes(Array("<b></b>".utf8)))
        // The rest comes in pieces, and does not end.
        let slot = desk.asked?.slot ?? 0
        desk.answer(.incremental)
        desk.reader.handlePiece(Array(repeating: 0, count: 6), slot: slot, now: desk.now)
        desk.drain()
        #expect(desk.discarded == [slot])
        let result = desk.reader.pollResult()
        #expect(result?.hasTooLarge == true)
        #expect(result?.content.table.flavours == [.text])
        #expect(!desk.reader.expectsPiece(in: slot))
    }

    @Test func anOwnerThatDoesNotAnswerIsGivenUp() {
        var desk = Desk()
        desk.copy()
        desk.pass(.seconds(2))
        #expect(desk.result() == SelectionReader.Result())
        // One that answers to some of it: that is kept.
        desk.copy()
        desk.answer(.targets([.utf8String, .html]))
        desk.answer(.bytes([0x61]))
        desk.pass(.seconds(2))
        #expect(desk.result()?.content.table.flavours == [.text])
        #expect(!desk.reader.isBusy)
    }

    @Test func anOwnerThatGivesPiecesForEverIsGivenUp() {
        var desk = Desk()
        desk.copy()
        desk.answer(.targets([.utf8String]))
        let slot = desk.asked?.slot ?? 0
        desk.answer(.incremental)
        for _ in 0..<10 {
            desk.reader.handlePiece([0x61], slot: slot, now: desk.now)
            desk.pass(.seconds(1))
        }
        #expect(desk.result() != nil)
        #expect(!desk.reader.isBusy)
    }

    @Test func twoContentsAreNeverMixed() {
        var desk = Desk()
        desk.copy(time: 1)
        desk.answer(.targets([.utf8String, .html]))
        let late = desk.asked
        desk.copy(time: 2)
        #expect(desk.asked?.target == .targets)
        // The former owner's answers come to another property, or name another time.
        desk.reader.handle(.bytes([0x61]), slot: late?.slot ?? 0, now: desk.now)
        desk.reader.handleRefusal(of: .targets, time: 1, now: desk.now)
        desk.drain()
        #expect(desk.discarded == [late?.slot ?? 0])
        #expect(desk.asked?.target == .targets)
        desk.answer(.targets([.html]))
        desk.answer(.bytes([0x62]))
        #expect(desk.result()?.content == ClipboardContent([.html: [0x62]]))
    }

    @Test func whatIsCopiedVeryOftenIsReadTenTimesASecondAndTheLastOneAlways() {
        var desk = Desk()
        var (read, last) = (0, [UInt8]())
        func serve(_ text: [UInt8]) {
            while let asked = desk.asked {
                desk.answer(asked.target == .targets ? .targets([.utf8String]) : .bytes(text))
            }
            while let result = desk.reader.pollResult() {
                read += 1
                last = result.content[.text] ?? []
            }
        }
        for change in 0..<2_000 {
            desk.copy(time: UInt32(change))
            serve(Array("\(change)".utf8))
            desk.pass(.milliseconds(5))
            serve(Array("\(change)".utf8))
        }
        #expect((90...130).contains(read))
        for _ in 0..<100 {
            desk.pass(.milliseconds(5))
            serve(Array("1999".utf8))
        }
        #expect(last == Array("1999".utf8))
        #expect(!desk.reader.isBusy)
    }

    @Test func aProgramThatHasEndedLeavesWhatWasRead() {
        var desk = Desk()
        desk.copy()
        desk.answer(.targets([.utf8String, .html]))
        desk.answer(.bytes([0x61]))
        // While the rest is asked for.
        desk.reader.handleNoOwner(hasEnded: true)
        #expect(desk.result()?.isOrphan == true)
        desk.copy()
        desk.answer(.targets([.utf8String]))
        desk.answer(.bytes([0x62]))
        _ = desk.reader.pollResult()
        // And long after.
        desk.reader.handleNoOwner(hasEnded: true)
        let result = desk.reader.pollResult()
        #expect(result?.isOrphan == true)
        #expect(result?.content[.text] == [0x62])
        // What somebody has deleted is not brought back.
        desk.copy()
        desk.answer(.targets([.utf8String]))
        desk.answer(.bytes([0x63]))
        _ = desk.reader.pollResult()
        desk.reader.handleNoOwner(hasEnded: false)
        #expect(desk.result() == SelectionReader.Result())
    }

    @Test func passwordsAreNotRead() {
        var desk = Desk()
        desk.copy()
        desk.answer(.targets([.utf8String, .secret]))
        #expect(desk.asked == nil)
        #expect(desk.result() == SelectionReader.Result())
    }

    @Test func programsWithoutTargetsHaveText() {
        var desk = Desk()
        desk.copy(time: 5)
        desk.reader.handleRefusal(of: .targets, time: 5, now: desk.now)
        desk.drain()
        #expect(desk.asked?.target == .utf8String)
        desk.answer(.bytes([0x61]))
        #expect(desk.result()?.content[.text] == [0x61])
    }
}
