/// A session description: the grammar of RFC 8866 as WebRTC uses it (RFC 8829 §5), without its meaning.
///
/// Kept are `o=`, `s=`, `t=`, `c=` and `a=` of the session, and the media sections. Lines of other types are
/// legal and skipped. Written lines end in CRLF; a bare LF is accepted.
public struct SessionDescription: Hashable, Sendable {
    /// The value of the `o=` line.
    public var origin: String
    /// The value of the `s=` line.
    public var name: String
    /// The value of the `t=` line.
    public var timing: String
    public var attributes: [SDPAttribute]
    public var media: [MediaDescription]

    public init(
        origin: String,
        name: String = "-",
        timing: String = "0 0",
        attributes: [SDPAttribute] = [],
        media: [MediaDescription] = []
    ) {
        self.origin = origin
        self.name = name
        self.timing = timing
        self.attributes = attributes
        self.media = media
    }

    /// The longest description that is read, in bytes: a browser's answer for ``maximumMediaCount`` sections.
    public static let maximumLength = 524_288
    /// The most media sections that are read: a camera and a microphone of each of seventy people, and some.
    public static let maximumMediaCount = 160
    /// The most lines that are read.
    public static let maximumLineCount = 16_384
}

/// Why a text is not a session description.
public enum SDPParseError: Error, Hashable, Sendable {
    /// More bytes, lines or media sections than are read.
    case tooLong
    /// The line, counted from 1, does not follow the grammar.
    case malformedLine(Int)
    /// There is no `o=` line.
    case missingOrigin
}

extension SessionDescription {
    /// Parses a description; its first line must be `v=0`.
    public init(parsing text: String) throws(SDPParseError) {
        guard text.utf8.count <= Self.maximumLength else { throw .tooLong }
        // CR LF is one Character, so lines are cut by scalar.
        let lines = text.unicodeScalars.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r" }
        guard lines.count <= Self.maximumLineCount else { throw .tooLong }
        guard let version = lines.first, String(version) == "v=0" else { throw .malformedLine(1) }

        var origin: String?
        self.init(origin: "")
        for (index, scalars) in lines.enumerated().dropFirst() {
            let line = Substring(scalars)
            guard
                let type = line.unicodeScalars.first, ("a"..."z").contains(type),
                line.unicodeScalars.dropFirst().first == "="
            else { throw .malformedLine(index + 1) }
            let value = Substring(line.unicodeScalars.dropFirst(2))
            switch type {
            case "m":
                guard media.count < Self.maximumMediaCount else { throw .tooLong }
                guard let section = MediaDescription(parsing: value) else { throw .malformedLine(index + 1) }
                media.append(section)
            case "a":
                guard !value.isEmpty else { throw .malformedLine(index + 1) }
                handle(SDPAttribute(parsing: value))
            case "c" where !media.isEmpty: media[media.count - 1].connection = String(value)
            case "o": origin = String(value)
            case "s": name = String(value)
            case "t": timing = String(value)
            default: break
            }
        }
        guard let origin else { throw .missingOrigin }
        self.origin = origin
    }

    private mutating func handle(_ attribute: SDPAttribute) {
        if media.isEmpty {
            attributes.append(attribute)
        } else {
            media[media.count - 1].attributes.append(attribute)
        }
    }

    /// The description as text.
    public var text: String {
        var text = "v=0\r\no=\(origin)\r\ns=\(name)\r\nt=\(timing)\r\n"
        for attribute in attributes { text += attribute.line + "\r\n" }
        for section in media { section.write(into: &text) }
        return text
    }
}
