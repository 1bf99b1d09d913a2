import Appliance
import Testing

@Suite struct KeeperWordTests {
    private static let restarts = [
        ProgramRestart(of: "X server"), ProgramRestart(of: "é", problem: "memory ran out: für 5 MB"),
        ProgramRestart(of: String(repeating: "a", count: 126), problem: String(repeating: "b", count: 384)),
    ]
    private static let words: [KeeperWord] = [.desk] + restarts.map { .restarted($0) }

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
            let bytes = (0..<Int.random(in: 0...200, using: &random)).map { index in
                index == 0 ? UInt8.random(in: 0...5, using: &random) : .random(in: 0...255, using: &random)
            }
            if let word = KeeperWord(bytes) { #expect(word.bytes == bytes) }
            if let word = RoomWord(bytes) { #expect([word.rawValue] == bytes) }
        }
    }

    @Test func theRoomsWordsAreOneByteEach() {
        for word in RoomWord.allCases {
            #expect(RoomWord([word.rawValue]) == word)
            #expect(RoomWord([word.rawValue, 0]) == nil)
        }
        #expect(RoomWord([]) == nil)
        #expect(RoomWord([0]) == nil && RoomWord([5]) == nil)
    }
}
