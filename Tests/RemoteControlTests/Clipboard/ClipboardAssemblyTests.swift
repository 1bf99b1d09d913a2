import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct ClipboardAssemblyTests {
    private static let content = ClipboardContent([
        .text: Array("Größe".utf8), .html: Array(repeating: 0x61, count: 40_000),
        .png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] + Array(repeating: 0xff, count: 50_000),
    ])

    @Test func whatIsSentInPiecesIsPutTogetherAgain() {
        var (pieces, assembly) = (ClipboardPieces(Self.content, as: 3), ClipboardAssembly(Self.content.table))
        while let piece = pieces.poll() {
            guard case .piece(3, let offset, let bytes) = piece else { return #expect(Bool(false)) }
            #expect(assembly.content() == nil)
            #expect(bytes.count <= ClipboardMessage.maximumPieceLength)
            let isTaken = assembly.add(bytes, at: offset)
            #expect(isTaken)
        }
        #expect(pieces.isDone)
        #expect(assembly.content() == Self.content)
    }

    @Test func noMoreIsUnderWayThanTheWindow() {
        var pieces = ClipboardPieces(Self.content, as: 3, window: 30_000)
        var sent = 0
        func send() {
            while case .piece(_, _, let bytes)? = pieces.poll() { sent += bytes.count }
        }
        send()
        #expect((30_000..<30_000 + ClipboardMessage.maximumPieceLength).contains(sent))
        var isPossible = pieces.handleReceived(UInt32(sent + 1))
        #expect(!isPossible)
        while !pieces.isDone {
            isPossible = pieces.handleReceived(UInt32(sent))
            #expect(isPossible)
            send()
        }
        #expect(sent == Self.content.count)
        isPossible = pieces.handleReceived(0)
        #expect(!isPossible)
    }

    @Test func aGapARepetitionAndTooMuchAreRefused() {
        let table = ClipboardContent([.text: [1, 2, 3, 4]]).table
        for (offset, bytes) in [(1, [1]), (0, [1, 2, 3, 4, 5])] as [(UInt32, [UInt8])] {
            var assembly = ClipboardAssembly(table)
            let isTaken = assembly.add(bytes, at: offset)
            #expect(!isTaken)
        }
        var assembly = ClipboardAssembly(table)
        let isTaken = assembly.add([1, 2], at: 0)
        #expect(isTaken)
        let isTakenTwice = assembly.add([1, 2], at: 0)
        #expect(!isTakenTwice)
    }

    @Test func whatIsNoneOfItsKindIsNoContent() {
        var text = ClipboardAssembly(ClipboardContent([.text: [0x61, 0x62]]).table)
        _ = text.add([0xff, 0xfe], at: 0)
        #expect(text.isComplete && text.content() == nil)
        #expect(ClipboardContent([.png: [1, 2, 3], .html: []]).isEmpty)
    }
}
