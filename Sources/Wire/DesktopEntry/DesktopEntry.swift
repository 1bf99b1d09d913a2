/// What a `.desktop` file says of a program (Desktop Entry Specification 1.5), as far as whoever starts it has to know.
public struct DesktopEntry: Hashable, Sendable {
    /// What it is called.
    public var name: LocalizedText
    /// What it is for; empty: nothing is said.
    public var comment: LocalizedText
    /// The command: a program, and its arguments.
    public var command: [String]
    /// The program that has to be there; `nil`: the command's is.
    public var tryExec: String?
    /// The directory in which it runs.
    public var directory: String?
    /// Whether it is to run in a terminal.
    public var isTerminal: Bool
    /// Whether it is one of those that are shown: neither hidden nor another desktop's.
    public var isShown: Bool

    /// The longest file that is read, in bytes.
    public static let maximumLength = 262_144
    /// The most lines that are read.
    public static let maximumLineCount = 8_192
}

/// Why a file is no desktop entry of a program.
public enum DesktopEntryError: Error, Hashable, Sendable {
    /// What is wrong with the command, in words.
    case command(String)
    /// The line, counted from 1, is neither a group, nor a key with a value.
    case malformedLine(Int)
    /// There is no such key, or nothing in it that can be seen.
    case missing(String)
    case notText
    /// It describes something else.
    case notAnApplication
    case tooLong
}

extension DesktopEntry {
    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: Where it is, for `%k`.
    ///   - desktops: What this desktop is called, for `OnlyShowIn` and `NotShowIn`.
    public init(
        parsing bytes: [UInt8],
        at path: String = "",
        desktops: [String] = []
    ) throws(DesktopEntryError) {
        let group = try DesktopEntryGroup(parsing: bytes)
        guard group["Type"] == "Application" else { throw .notAnApplication }
        guard let name = LocalizedText("Name", in: group), !name.text.isEmpty else { throw .missing("Name") }
        guard let exec = group.string("Exec") else { throw .missing("Exec") }
        self.name = name
        comment = LocalizedText("Comment", in: group) ?? LocalizedText("")
        command = try ExecCommand(exec, name: name.text, icon: group.string("Icon"), path: path).arguments
        tryExec = group.string("TryExec").flatMap { $0.isEmpty ? nil : $0 }
        directory = group.string("Path").flatMap { $0.isEmpty ? nil : $0 }
        isTerminal = group.isTrue("Terminal")
        let only = group.list("OnlyShowIn")
        let not = group.list("NotShowIn") ?? []
        isShown =
            !group.isTrue("NoDisplay") && !group.isTrue("Hidden") && !not.contains(where: desktops.contains)
            && (only.map { $0.contains(where: desktops.contains) } ?? true)
    }
}
