import RemoteControl
import Testing
import Wire

@Suite struct SelectionOwnerTests {
    private static let now = Instant(nanoseconds: 0)
    private static let large = [UInt8](repeating: 0x61, count: 2 * SelectionOwner.pieceLength + 5)

    private static func owner(_ content: ClipboardContent) -> SelectionOwner {
        var owner = SelectionOwner()
        owner.own(content)
        _ = owner.pollAction()
        return owner
    }

    private static func request(_ target: SelectionTarget?, property: UInt32 = 9) -> SelectionOwner.Request {
        SelectionOwner.Request(requestor: 5, target: target, name: 3, property: property, time: 4)
    }

    private func answers(_ owner: inout SelectionOwner) -> [SelectionOwner.Action] {
        var actions: [SelectionOwner.Action] = []
        while let action = owner.pollAction() { actions.append(action) }
        return actions
    }

    @Test func saysWhatItHasAndGivesIt() {
        var owner = Self.owner(ClipboardContent([.text: Array("abc".utf8), .html: Array("<i>é</i>".utf8)]))
        let request = Self.request(.targets)
        owner.handle(request, now: Self.now)
        let targets: [SelectionTarget] = [
            .targets, .timestamp, .utf8String, .plainTextUTF8, .plainText, .text, .string, .html,
        ]
        #expect(
            answers(&owner) == [
                .write(.targets(targets), requestor: 5, property: 9), .answer(request, isThere: true),
            ]
        )
        owner.handle(Self.request(.string), now: Self.now)
        #expect(
            answers(&owner).first == .write(.bytes([0x61, 0x62, 0x63], .string), requestor: 5, property: 9)
        )
        owner.handle(Self.request(.html), now: Self.now)
        guard case .write(.bytes(let bytes, .html), 5, 9) = answers(&owner).first else {
            return #expect(Bool(false))
        }
        let markup = String(decoding: bytes, as: UTF8.self)
        #expect(markup.hasPrefix("<meta") && markup.hasSuffix("<i>é</i>"))
    }

    @Test func whatItHasNotIsRefused() {
        var owner = Self.owner(ClipboardContent([.text: Array("é日".utf8)]))
        for target in [.png, .html, .multiple, .secret, .string, nil] as [SelectionTarget?] {
            let request = Self.request(target)
            owner.handle(request, now: Self.now)
            #expect(answers(&owner) == [.answer(request, isThere: false)])
        }
        let obsolete = Self.request(.utf8String, property: 0)
        owner.handle(obsolete, now: Self.now)
        #expect(answers(&owner) == [.answer(obsolete, isThere: false)])
        owner.handleLost()
        let late = Self.request(.utf8String)
        owner.handle(late, now: Self.now)
        #expect(answers(&owner) == [.answer(late, isThere: false)])
    }

    @Test func muchIsGivenInPieces() {
        var owner = Self.owner(ClipboardContent([.text: Self.large]))
        let request = Self.request(.utf8String)
        owner.handle(request, now: Self.now)
        #expect(
            answers(&owner) == [
                .watch(5), .write(.incremental(UInt32(Self.large.count)), requestor: 5, property: 9),
                .answer(request, isThere: true),
            ]
        )
        // Another copy meanwhile changes nothing about this one.
        owner.own(ClipboardContent([.text: [0x62]]))
        _ = owner.pollAction()
        var got: [UInt8] = []
        for _ in 0..<3 {
            owner.handleDeleted(9, of: 5, now: Self.now)
            guard case .write(.bytes(let piece, .utf8String), 5, 9)? = owner.pollAction() else {
                return #expect(Bool(false))
            }
            got += piece
        }
        #expect(got == Self.large)
        owner.handleDeleted(9, of: 5, now: Self.now)
        #expect(answers(&owner) == [.write(.bytes([], .utf8String), requestor: 5, property: 9), .unwatch(5)])
        #expect(owner.pollTimeout() == nil)
        owner.handleDeleted(9, of: 5, now: Self.now)
        #expect(answers(&owner).isEmpty)
    }

    @Test func whoeverDoesNotTakeThePiecesIsGivenUp() {
        var owner = Self.owner(ClipboardContent([.text: Self.large]))
        owner.handle(Self.request(.utf8String), now: Self.now)
        _ = answers(&owner)
        owner.handleTimeout(now: Self.now + .seconds(5))
        #expect(answers(&owner) == [.unwatch(5)])
        owner.handle(Self.request(.utf8String), now: Self.now)
        _ = answers(&owner)
        owner.handleGone(5)
        #expect(answers(&owner).isEmpty)
        #expect(owner.pollTimeout() == nil)
    }

    @Test func thereIsABoundToWhatIsUnderWay() {
        var owner = Self.owner(ClipboardContent([.text: Self.large]))
        for property in 1...20 {
            owner.handle(Self.request(.utf8String, property: UInt32(property)), now: Self.now)
        }
        let refused = answers(&owner).count {
            if case .answer(_, isThere: false) = $0 { true } else { false }
        }
        #expect(refused == 4)
    }
}
