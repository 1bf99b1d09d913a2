import Appliance
import Testing

@Suite struct KeeperWordTests {
    private static let words: [KeeperWord] = [
        .desk, .restarted("X server"), .restarted("é"), .restarted(String(repeating: "a", count: 127)),
    ]

    @Test(arguments: words) func whatIsWrittenIsRead(_ word: KeeperWord) {
        #expect(KeeperWord(word.bytes) == word)
        #expect(word.bytes.count <= KeeperWord.maximumLength)
    }

    @Test(arguments: words) func whatIsCutIsAnotherWordOrNone(_ word: KeeperWord) {
        for length in 0..<word.bytes.count {
            switch KeeperWord(Array(word.bytes[..<length])) {
            case nil: break
            case .desk?: Issue.record("\(length) bytes of \(word) are no link")
            case .restarted(let name)?:
                // A name is whatever is there, as long as it is text.
                #expect(KeeperWord.restarted(name).bytes == Array(word.bytes[..<length]))
            }
        }
        #expect(KeeperWord([]) == nil)
    }

    @Test func aLongNameIsCutBetweenCharacters() {
        let long = KeeperWord.restarted(String(repeating: "é", count: 100))
        #expect(long.bytes.count == KeeperWord.maximumLength - 1)
        #expect(KeeperWord(long.bytes) == .restarted(String(repeating: "é", count: 63)))
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
