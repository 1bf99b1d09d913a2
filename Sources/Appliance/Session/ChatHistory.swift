/// What was written in the room, kept in memory for pages that are loaded again.
///
/// Lines are numbered from 0, in a room that follows one that has crashed from where that was. A person is shown those from the number that was next when they came:
/// whoever wrote before trusted the people who were there then, and nobody else.
package struct ChatHistory {
    private var lines: [[UInt8]] = []
    private var size = 0
    /// The number of the oldest line that is kept.
    private var first: Int

    /// - Parameter next: The number of the first line.
    package init(next: Int = 0) {
        first = next
    }

    /// The number of the line that is written next.
    package var next: Int { first + lines.count }

    /// Keeps a line, in place of the oldest ones where there is no room left.
    package mutating func append(_ line: [UInt8]) {
        lines.append(line)
        size += line.count
        while lines.count > Self.maximumLines || size > Self.maximumBytes { removeFirst() }
    }

    /// The lines from a number on, oldest first, as far as they are kept.
    package func lines(from number: Int) -> ArraySlice<[UInt8]> {
        lines[min(max(0, number - first), lines.count)...]
    }

    /// Forgets the lines before a number: nobody is left who may read them.
    package mutating func forget(before number: Int) {
        while first < number, !lines.isEmpty { removeFirst() }
    }

    private mutating func removeFirst() {
        size -= lines.removeFirst().count
        first += 1
    }

    private static let maximumLines = 200
    /// A page that is loaded again is sent all of it at once, so it has to fit a channel's send buffer.
    private static let maximumBytes = 256 << 10
}
