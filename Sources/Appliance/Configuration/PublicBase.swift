/// The address by which people reach the room from outside, such as `https://rooms.example.org/s/42/`.
package struct PublicBase: Hashable, Sendable, CustomStringConvertible {
    /// Whether browsers come by HTTPS.
    package let isSecure: Bool
    /// Name or address as it stands in `Host`, in lower case, with the port where it is not the scheme's own.
    package let authority: String
    /// What is before the room's own paths, without the slash at the end: `/s/42`, or empty.
    package let prefix: String

    /// Why an address cannot be one, in words.
    package struct Problem: Error, Hashable, Sendable { package let words: String }

    package init(_ text: String) throws(Problem) {
        let schemes = [("https://", true), ("http://", false)]
        guard let (scheme, isSecure) = schemes.first(where: { text.lowercased().hasPrefix($0.0) }) else {
            throw Problem(words: "begins with neither https:// nor http://")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let path = rest[authority.endIndex...]
        guard !authority.isEmpty, authority.utf8.allSatisfy(\.isOfAuthority) else {
            throw Problem(words: "names no host")
        }
        guard path.utf8.allSatisfy(\.isOfPath) else {
            throw Problem(words: "has more than a path behind the host")
        }
        let segments = path.split(separator: "/")
        guard !segments.contains(where: { $0 == "." || $0 == ".." }) else {
            throw Problem(words: "has . or .. in its path")
        }
        if let first = segments.first, Self.ownPaths.contains(String(first)) {
            throw Problem(words: "has a path that begins with /\(first), an address of the room's own")
        }
        self.isSecure = isSecure
        self.authority = Self.shortened(authority.lowercased(), isSecure: isSecure)
        prefix = segments.map { "/" + $0 }.joined()
    }

    /// The host alone, an IPv6 address without its brackets.
    package var name: String {
        if authority.first == "[" { return String(authority.dropFirst().prefix { $0 != "]" }) }
        return String(authority.prefix { $0 != ":" })
    }

    /// As `Origin` has it (RFC 6454 §6.2).
    package var origin: String { (isSecure ? "https://" : "http://") + authority }

    /// With the slash at the end, to which paths are added.
    package var description: String { origin + prefix + "/" }

    /// The authority without the port that its scheme has anyhow.
    static func shortened(_ authority: String, isSecure: Bool) -> String {
        let port = isSecure ? ":443" : ":80"
        return authority.hasSuffix(port) ? String(authority.dropLast(port.count)) : authority
    }

    /// First parts of the room's own paths, which no prefix can begin with: nobody could tell the two apart.
    private static let ownPaths: Set<String> = [
        "api", "check", "client", "health", "healthz", "metrics", "room", "whep", "whip",
    ]
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
    fileprivate var isOfAuthority: Bool { isLetterOrDigit || "-._:[]".utf8.contains(self) }
    fileprivate var isOfPath: Bool { isLetterOrDigit || "/-._~%!$&()*+,=:@".utf8.contains(self) }
}
