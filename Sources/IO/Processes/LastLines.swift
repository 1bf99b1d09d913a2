/// The last lines of what a process writes, of bounded number and length, without what commands a terminal.
package struct LastLines {
    /// Bytes of each, without line breaks.
    private var lines: [[UInt8]] = []
    private var line: [UInt8] = []
    /// Of ``lines``.
    private var length = 0

    package init() {}

    package mutating func handle(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                keep()
            } else if line.count < Self.longest {
                line.append(byte)
            }
        }
    }

    /// The oldest one first.
    package var text: [String] {
        var all = self
        all.keep()
        return all.lines.map(Self.shown)
    }

    private mutating func keep() {
        defer { line.removeAll(keepingCapacity: true) }
        guard line.contains(where: { $0 > 0x20 && $0 != 0x7f }) else { return }
        lines.append(line)
        length += line.count
        while lines.count > Self.most || length > Self.longest { length -= lines.removeFirst().count }
    }

    private static func shown(_ line: [UInt8]) -> String {
        var text = String.UnicodeScalarView()
        for scalar in String(decoding: line, as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                if scalar == "\t" { text.append(" ") }
            default: text.append(scalar)
            }
        }
        return String(text)
    }

    /// Lines.
    package static let most = 20
    /// Bytes of all lines, and of one.
    package static let longest = 2_048
}
