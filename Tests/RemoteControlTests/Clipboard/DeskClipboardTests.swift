import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct DeskClipboardTests {
    private static let now = Instant(nanoseconds: 0)

    private static func clipboard(_ directions: DeskDirections = .all) -> DeskClipboard {
        var clipboard = DeskClipboard()
        clipboard.handle(.policy(ClipboardPolicy(directions, limit: 1_000)), isScreenOpen: true, now: now)
        return clipboard
    }

    private static func actions(_ clipboard: inout DeskClipboard) -> [DeskClipboard.Action] {
        var actions: [DeskClipboard.Action] = []
        while let action = clipboard.pollAction() { actions.append(action) }
        return actions
    }

    private static func messages(_ clipboard: inout DeskClipboard) -> [ClipboardMessage] {
        var messages: [ClipboardMessage] = []
        while let message = clipboard.pollMessage() { messages.append(message) }
        return messages
    }

    /// A program copies text, and gives it when it is asked.
    private static func copy(_ text: [UInt8], on clipboard: inout DeskClipboard, time: UInt32 = 1) {
        clipboard.handleOwner(time: time, now: now)
        serve(text, on: &clipboard)
    }

    private static func serve(_ text: [UInt8], on clipboard: inout DeskClipboard) {
        while let action = clipboard.pollAction() {
            guard case .reader(.convert(let target, let slot, _)) = action else { continue }
            clipboard.handle(
                target == .targets ? .targets([.utf8String]) : .bytes(text),
                slot: slot,
                now: now
            )
        }
    }

    @Test func tellsWhatThereIsAndGivesItOnlyWhenItIsAskedFor() {
        var clipboard = Self.clipboard()
        Self.copy([0x61], on: &clipboard)
        let content = ClipboardContent([.text: [0x61]])
        #expect(Self.messages(&clipboard) == [.offer(ClipboardOffer(serial: 1, table: content.table))])
        clipboard.handle(.take(4, after: 0), isScreenOpen: true, now: Self.now)
        #expect(Self.messages(&clipboard) == [.content(4, content.table), .piece(4, offset: 0, [0x61])])
        clipboard.handle(.take(5, after: 0), isScreenOpen: true, now: Self.now)
        clipboard.handle(.cancel(5), isScreenOpen: true, now: Self.now)
        #expect(Self.messages(&clipboard).isEmpty)
    }

    @Test func whoeverAsksWhileSomethingIsReadGetsThat() {
        var clipboard = Self.clipboard()
        Self.copy([0x61], on: &clipboard)
        _ = Self.messages(&clipboard)
        clipboard.handleOwner(time: 2, now: Self.now)
        clipboard.handle(.take(4, after: 0), isScreenOpen: true, now: Self.now)
        #expect(Self.messages(&clipboard).isEmpty)
        Self.serve([0x62], on: &clipboard)
        #expect(Self.messages(&clipboard).last == .piece(4, offset: 0, [0x62]))
    }

    @Test func whatIsPutThereIsOwnedAndNotReadBack() {
        var clipboard = Self.clipboard()
        let content = ClipboardContent([.text: Array("put".utf8)])
        clipboard.handle(.put(7, LeaseID(1), content.table), isScreenOpen: true, now: Self.now)
        clipboard.handle(.piece(7, offset: 0, Array("put".utf8)), isScreenOpen: true, now: Self.now)
        #expect(Self.actions(&clipboard) == [.owner(.acquire)])
        clipboard.handleAcquired(true)
        clipboard.handleOwned()
        #expect(Self.actions(&clipboard).isEmpty)
        #expect(
            Self.messages(&clipboard) == [
                .offer(ClipboardOffer(serial: 1, table: content.table)), .outcome(7, .done),
            ]
        )
        // Others may take it.
        clipboard.handle(.take(8, after: 0), isScreenOpen: true, now: Self.now)
        #expect(Self.messages(&clipboard).last == .piece(8, offset: 0, Array("put".utf8)))
    }

    @Test func whatCannotBeIsRefusedInWords() {
        var (off, clipboard) = (Self.clipboard([]), Self.clipboard())
        let table = ClipboardContent([.text: [0x61]]).table
        let large = ClipboardContent([.text: Array(repeating: 0x61, count: 1_001)]).table
        off.handle(.put(1, LeaseID(1), table), isScreenOpen: true, now: Self.now)
        off.handle(.take(2, after: 0), isScreenOpen: true, now: Self.now)
        #expect(Self.messages(&off) == [.outcome(1, .notAllowed), .outcome(2, .notAllowed)])
        clipboard.handle(.put(1, LeaseID(1), table), isScreenOpen: false, now: Self.now)
        clipboard.handle(.put(2, LeaseID(1), large), isScreenOpen: true, now: Self.now)
        clipboard.handle(.take(3, after: 0), isScreenOpen: true, now: Self.now)
        clipboard.handle(.put(4, LeaseID(1), table), isScreenOpen: true, now: Self.now)
        clipboard.handle(.piece(4, offset: 0, [0xff]), isScreenOpen: true, now: Self.now)
        let outcomes: [(UInt16, ClipboardOutcome)] = [
            (1, .deskAway), (2, .tooLarge), (3, .empty), (4, .broken),
        ]
        #expect(Self.messages(&clipboard) == outcomes.map { .outcome($0, $1) })
    }

    @Test func withoutLeaveNothingIsRead() {
        var clipboard = Self.clipboard(.toDesk)
        clipboard.handleOwner(time: 1, now: Self.now)
        #expect(Self.actions(&clipboard).isEmpty)
        // What was there before the room has said what may be read is read then.
        var late = DeskClipboard()
        late.handleOwner(time: 1, now: Self.now)
        #expect(Self.actions(&late).isEmpty)
        late.handle(.policy(ClipboardPolicy(.all, limit: 10)), isScreenOpen: true, now: Self.now)
        #expect(!Self.actions(&late).isEmpty)
    }

    @Test func aProgramThatHasEndedIsSucceeded() {
        var clipboard = Self.clipboard()
        Self.copy([0x61], on: &clipboard)
        _ = Self.messages(&clipboard)
        clipboard.handleNoOwner(hasEnded: true)
        #expect(Self.actions(&clipboard) == [.owner(.acquire)])
        _ = Self.messages(&clipboard)
        clipboard.handleAcquired(true)
        clipboard.handleOwned()
        // That is nothing new.
        #expect(Self.messages(&clipboard).isEmpty)
        clipboard.handle(.take(8, after: 0), isScreenOpen: true, now: Self.now)
        #expect(Self.messages(&clipboard).last == .piece(8, offset: 0, [0x61]))
        clipboard.handleNoOwner(hasEnded: false)
        clipboard.handle(.take(9, after: 0), isScreenOpen: true, now: Self.now)
        #expect(Self.messages(&clipboard).last == .outcome(9, .empty))
    }

    @Test func whateverComesItHoldsNoMoreThanItMay() {
        var random = SplitMix64(seed: 3)
        var clipboard = Self.clipboard()
        var now = Self.now
        for _ in 0..<20_000 {
            now += .milliseconds(Int64(random.next() % 400))
            let slot = UInt8(random.next() % 8)
            switch random.next() % 9 {
            case 0: clipboard.handleOwner(time: UInt32(random.next() % 4), now: now)
            case 1: clipboard.handleNoOwner(hasEnded: random.next() % 2 == 0)
            case 2: clipboard.handleOwned()
            case 3: clipboard.handle(.bytes(random.bytes(upTo: 1_200)), slot: slot, now: now)
            case 4: clipboard.handle(.targets([.utf8String, .html, .png]), slot: slot, now: now)
            case 5: clipboard.handle(.incremental, slot: slot, now: now)
            case 6: clipboard.handlePiece(random.bytes(upTo: 600), slot: slot, now: now)
            case 7: clipboard.handleTimeout(now: now)
            default:
                clipboard.handle(.take(UInt16(random.next() % 8), after: 0), isScreenOpen: true, now: now)
            }
            #expect(clipboard.reader.room >= 0)
            var sent = 0
            while let message = clipboard.pollMessage() {
                if case .piece(_, _, let bytes) = message { sent += bytes.count }
            }
            #expect(sent <= 4 * 1_000)
            while clipboard.pollAction() != nil {}
        }
    }
}
