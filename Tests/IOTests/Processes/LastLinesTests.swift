import IO
import Testing

@Suite struct LastLinesTests {
    private static func lines(_ parts: String...) -> [String] {
        var lines = LastLines()
        for part in parts { lines.handle(part.utf8) }
        return lines.text
    }

    @Test func theLastLinesAreKeptInOrder() {
        #expect(Self.lines("a\n\n b", "c\n", "d") == ["a", " bc", "d"])
        #expect(Self.lines() == [] && Self.lines("\n \t\n") == [])
        let many = Self.lines((0..<100).map { "\($0)\n" }.joined())
        #expect(many == (80..<100).map(String.init))
    }

    @Test func theyAreBounded() {
        let long = String(repeating: "x", count: 100_000)
        #expect(Self.lines(long).map(\.utf8.count) == [LastLines.longest])
        let some = Self.lines(String(repeating: String(repeating: "y", count: 200) + "\n", count: 50))
        #expect(some.map(\.utf8.count) == Array(repeating: 200, count: 10))
    }

    @Test func nothingInThemCommandsATerminal() {
        #expect(Self.lines("\u{1b}[31mred\u{7}\tand\u{202e} on\r\n") == ["[31mred and on"])
        var lines = LastLines()
        lines.handle([0xff, 0x41, 0x0a])
        #expect(lines.text == ["\u{fffd}A"])
    }
}
