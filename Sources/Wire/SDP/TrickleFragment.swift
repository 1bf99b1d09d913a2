/// A piece of a session description about ICE: `application/trickle-ice-sdpfrag` (RFC 8840 §9), as WHIP and WHEP carry it.
///
/// Of its lines those are kept that the room understands: credentials and candidates, of all sections together, since all of
/// them share a transport.
public struct TrickleFragment: Hashable, Sendable {
    /// `nil`: it names none.
    public var usernameFragment: String?
    public var password: String?
    /// The mids of the sections that share the transport, the first of which the lines are about.
    public var mids: [String]
    /// Values of `a=candidate` lines, unread.
    public var candidates: [String]
    public var isICELite: Bool
    public var isComplete: Bool

    public init(
        usernameFragment: String? = nil,
        password: String? = nil,
        mids: [String] = [],
        candidates: [String] = [],
        isICELite: Bool = false,
        isComplete: Bool = false
    ) {
        self.usernameFragment = usernameFragment
        self.password = password
        self.mids = mids
        self.candidates = candidates
        self.isICELite = isICELite
        self.isComplete = isComplete
    }

    /// Why a text is no such fragment, as the end of a sentence.
    public struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// - Throws: If a line does not follow the grammar, credentials are not one pair, or there is too much of anything.
    public init(parsing text: String) throws(ParseError) {
        self.init()
        guard text.utf8.count <= Self.maximumLength else {
            throw ParseError(description: "it is longer than \(Self.maximumLength) bytes")
        }
        let lines = text.unicodeScalars.split(omittingEmptySubsequences: true) { $0 == "\n" || $0 == "\r" }
        for (index, scalars) in lines.enumerated() {
            let line = Substring(scalars)
            guard line.hasPrefix("a=") || line.hasPrefix("m=") else {
                throw ParseError(description: "its line \(index + 1) begins with neither a= nor m=")
            }
            // Which section it is of is all that an m= line says here.
            guard line.hasPrefix("a=") else { continue }
            let attribute = SDPAttribute(parsing: line.dropFirst(2))
            let value = attribute.value ?? ""
            switch attribute.name {
            case "candidate":
                candidates.append(value)
                guard candidates.count <= Self.maximumCandidates else {
                    throw ParseError(description: "it has more than \(Self.maximumCandidates) candidates")
                }
            case "end-of-candidates": isComplete = true
            case "ice-lite": isICELite = true
            case "ice-pwd": try Self.set(&password, value, 22)
            case "ice-ufrag": try Self.set(&usernameFragment, value, 4)
            case "mid":
                guard !mids.contains(value), mids.count < Self.maximumMIDs else { continue }
                mids.append(value)
            default: continue
            }
        }
        guard (usernameFragment == nil) == (password == nil) else {
            throw ParseError(description: "ice-ufrag and ice-pwd come together")
        }
    }

    private static func set(_ field: inout String?, _ value: String, _ least: Int) throws(ParseError) {
        // RFC 8839 §5.4.
        guard (least...256).contains(value.utf8.count), value.utf8.allSatisfy(\.isOfICE) else {
            throw ParseError(
                description: "its ICE credentials are not letters and digits of the right number"
            )
        }
        guard field == nil || field == value else {
            throw ParseError(description: "it has more than one pair of ICE credentials")
        }
        field = value
    }

    /// As an answer to an ICE restart; a client finds one pair of credentials in it, and lines that end in CRLF.
    public var text: String {
        var lines: [String] = []
        if isICELite { lines.append("a=ice-lite") }
        if !mids.isEmpty {
            lines.append("a=group:BUNDLE \(mids.joined(separator: " "))")
            lines.append("m=audio 9 UDP/TLS/RTP/SAVPF 0")
            lines.append("a=mid:\(mids[0])")
        }
        if let usernameFragment { lines.append("a=ice-ufrag:\(usernameFragment)") }
        if let password { lines.append("a=ice-pwd:\(password)") }
        lines += candidates.map { "a=candidate:\($0)" }
        if isComplete { lines.append("a=end-of-candidates") }
        return lines.map { $0 + "\r\n" }.joined()
    }

    /// Bytes.
    public static let maximumLength = 16_384
    public static let maximumCandidates = 128
    private static let maximumMIDs = 16
}

extension UInt8 {
    /// `ice-char` (RFC 8839 §5.4), and the `-`, `_` and `=` that some senders use beside it.
    fileprivate var isOfICE: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
