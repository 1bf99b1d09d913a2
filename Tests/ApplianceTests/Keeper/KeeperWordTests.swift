import Appliance
import Testing

@Suite struct KeeperWordTests {
    private static let restarts = [
        ProgramRestart(of: "X server"), ProgramRestart(of: "é", problem: "memory ran out: für 5 MB"),
        ProgramRestart(of: String(repeating: "a", count: 126), problem: String(repeating: "b", count: 384)),
    ]
    private static let states: [ActivityState] = [
        .stopped, .starting, .running, .stopping, .failed(.notStarted), .failed(.exited(3)),
        .failed(.signalled(11)),
    ]
    private static let resets = DeskReset.Home.allCases.map {
        DeskReset(ended: 0x1234, left: 0x5678, home: $0)
    }
    private static let words: [KeeperWord] =
        [.desk, .resetting(7)] + restarts.map { .restarted($0) } + states.map { .activity(63, $0) }
        + resets.map { .reset(255, $0) }
    private static let roomWords: [RoomWord] = [
        .begun, .ready, .cutOff, .over, .start(0), .start(63), .stop(63), .reset(0), .reset(255),
    ]

    @Test(arguments: words) func whatIsWrittenIsRead(_ word: KeeperWord) {
        #expect(KeeperWord(word.bytes) == word)
        #expect(word.bytes.count <= KeeperWord.maximumLength)
    }

    @Test(arguments: restarts) func whatIsCutIsAnotherWordOrNone(_ restart: ProgramRestart) {
        let bytes = KeeperWord.restarted(restart).bytes
        for length in 0..<bytes.count {
            // What is said of a program is whatever is there, as long as it is text.
            switch KeeperWord(Array(bytes[..<length])) {
            case nil: break
            case .desk?: Issue.record("\(length) bytes of \(restart) are no link")
            case .restarted(let cut)?: #expect(cut.name == restart.name)
            case .activity, .reset, .resetting: Issue.record("it is of another kind")
            }
        }
        #expect(KeeperWord([]) == nil)
    }

    @Test func whatIsLongIsCutBetweenCharacters() {
        let long = String(repeating: "é", count: 500)
        let bytes = KeeperWord.restarted(ProgramRestart(of: long, problem: long)).bytes
        #expect(bytes.count == KeeperWord.maximumLength)
        let cut = ProgramRestart(
            of: String(repeating: "é", count: 63),
            problem: String(repeating: "é", count: 192)
        )
        #expect(KeeperWord(bytes) == .restarted(cut))
    }

    @Test func arbitraryBytesAreReadOrRefused() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...(Bool.random() ? 8 : 200), using: &random)).map { index in
                index == 0 ? UInt8.random(in: 0...0x14, using: &random) : .random(in: 0...255, using: &random)
            }
            if let word = KeeperWord(bytes) { #expect(word.bytes == bytes) }
            if let word = RoomWord(bytes) { #expect(word.bytes == bytes) }
        }
    }

    @Test func theRoomsWordsAreAByteOrTwo() {
        for word in Self.roomWords {
            #expect(RoomWord(word.bytes) == word)
            #expect(RoomWord(word.bytes + [0]) == nil)
            #expect(word.bytes.count == 1 || RoomWord([word.bytes[0]]) == nil)
        }
        #expect(RoomWord([]) == nil)
        #expect(RoomWord([0]) == nil && RoomWord([5]) == nil && RoomWord([0x13, 0]) == nil)
    }

    @Test func numbersOfTheShelfAreItsOwn() {
        for bytes: [UInt8] in [[0x10, 64], [0x11, 255]] { #expect(RoomWord(bytes) == nil) }
        for bytes: [UInt8] in [
            [0x03, 64, 0, 0], [0x03, 0, 7, 0], [0x03, 0, 0, 1], [0x03, 0, 5, 0], [0x03, 0, 6, 0],
            [0x03, 0, 0],
            [0x05, 0, 3, 0, 0, 0, 0], [0x05, 0, 0, 0, 0, 0], [0x04],
        ] { #expect(KeeperWord(bytes) == nil) }
    }
}
