/// A name that a file may have in the folder, whatever somebody has called it.
///
/// No path, nothing that cannot be seen or turns text around, nothing that hides a file or is taken for an option or, on other
/// systems, for a device; at most 255 bytes, with its ending.
public struct FileName: Hashable, Sendable {
    public let text: String

    public init(cleaning name: String) {
        let last = name.unicodeScalars.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last ?? []
        var kept = String.UnicodeScalarView()
        for scalar in last where !Self.isLeftOut(scalar) {
            // Spaces of any width look like a space.
            kept.append(scalar.properties.isWhitespace ? " " : scalar)
        }
        let scalars = kept.drop { ".- ~".unicodeScalars.contains($0) }
        var name = Self.trimmed(String(String.UnicodeScalarView(scalars)))
        if Self.isDevice(name) { name = "_" + name }
        name = Self.cut(name, to: Self.longest)
        text = name.isEmpty ? "file" : name
    }

    /// The name with a number, for where there is a file of that name already.
    public func numbered(_ number: Int) -> String {
        let (stem, ending) = Self.parts(of: text)
        let mark = " (\(number))"
        return Self.cut(stem, to: Self.longest - mark.utf8.count - ending.utf8.count, keepsEnding: false)
            + mark + ending
    }

    private static func isLeftOut(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
        // Joiners make one picture of several, and are needed to write Persian; what else is there turns text or is unseen.
        case .format: scalar != "\u{200c}" && scalar != "\u{200d}"
        default: false
        }
    }

    private static func trimmed(_ name: String) -> String {
        var scalars = Substring(name).unicodeScalars
        while let last = scalars.last, last == "." || last == " " { scalars.removeLast() }
        return String(scalars)
    }

    /// Whether Windows takes it for a device, with whatever ending.
    private static func isDevice(_ name: String) -> Bool {
        let stem = trimmed(String(name.prefix { $0 != "." })).uppercased()
        if ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$"].contains(stem) { return true }
        guard stem.hasPrefix("COM") || stem.hasPrefix("LPT") else { return false }
        return stem.count == 4 && stem.last.map { "0123456789¹²³".contains($0) } == true
    }

    /// What is before the ending, and the ending with its dot.
    private static func parts(of name: String) -> (stem: String, ending: String) {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex,
            name[dot...].utf8.count <= longestEnding
        else { return (name, "") }
        return (String(name[..<dot]), String(name[dot...]))
    }

    /// - Parameter length: Bytes of UTF-8.
    private static func cut(_ name: String, to length: Int, keepsEnding: Bool = true) -> String {
        guard name.utf8.count > length else { return name }
        let (stem, ending) = keepsEnding ? parts(of: name) : (name, "")
        var kept = ""
        var count = ending.utf8.count
        // By what people take for one letter, or by scalar where one such is longer than all of it.
        for character in stem {
            count += character.utf8.count
            guard count <= length else { break }
            kept.append(character)
        }
        return trimmed(kept) + ending
    }

    private static let longest = 255
    private static let longestEnding = 32
}
