import Appliance
import Testing

@Suite struct ChatHistoryTests {
    private func line(_ number: Int, length: Int = 8) -> [UInt8] {
        Array("\(number)".utf8) + Array(repeating: 0x20, count: length)
    }

    @Test func somebodyWhoComesLaterDoesNotReadWhatWasWrittenBefore() {
        var history = ChatHistory()
        history.append(line(0))
        history.append(line(1))
        let start = history.next
        #expect(history.lines(from: start).isEmpty)
        history.append(line(2))
        #expect(Array(history.lines(from: start)) == [line(2)])
        #expect(Array(history.lines(from: 0)) == [line(0), line(1), line(2)])
    }

    @Test func theOldestGiveWayToTheNewestByNumber() {
        var history = ChatHistory()
        for number in 0..<1_000 { history.append(line(number)) }
        #expect(history.next == 1_000)
        #expect(Array(history.lines(from: 0)) == (800..<1_000).map { line($0) })
        #expect(Array(history.lines(from: 990)) == (990..<1_000).map { line($0) })
        #expect(history.lines(from: 5_000).isEmpty)
    }

    @Test func aRoomThatFollowsAnotherCountsOn() {
        var history = ChatHistory(next: 12)
        #expect(history.next == 12 && history.lines(from: 0).isEmpty)
        history.append(line(12))
        #expect(history.next == 13)
        #expect(Array(history.lines(from: 3)) == [line(12)])
        #expect(history.lines(from: 13).isEmpty)
    }

    @Test func longLinesGiveWaySooner() {
        var history = ChatHistory()
        for number in 0..<200 { history.append(line(number, length: 4_096)) }
        let kept = history.lines(from: 0)
        #expect(kept.reduce(0) { $0 + $1.count } <= 256 << 10)
        #expect(kept.last == line(199, length: 4_096))
    }

    @Test func whatNobodyMayReadAnyMoreIsForgotten() {
        var history = ChatHistory()
        for number in 0..<5 { history.append(line(number)) }
        history.forget(before: 3)
        #expect(Array(history.lines(from: 0)) == [line(3), line(4)])
        history.forget(before: 100)
        #expect(history.lines(from: 0).isEmpty)
        #expect(history.next == 5)
    }
}
