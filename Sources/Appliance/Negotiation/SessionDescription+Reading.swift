internal import Wire

extension SessionDescription {
    /// Parses what a peer has sent, as far as it is ASCII.
    ///
    /// Nothing that the room understands is written in other letters. To find where those begin and end can take
    /// time that grows with the square of their number, such as for a row of regional indicators: each of their
    /// bytes is read as a question mark.
    init(reading sdp: String) throws(NegotiationError) {
        var text = sdp
        if !sdp.utf8.allSatisfy({ $0 < 0x80 }) {
            text = String(decoding: sdp.utf8.map { $0 < 0x80 ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
        }
        do {
            try self.init(parsing: text)
        } catch {
            throw .invalid(error.words)
        }
    }
}

extension SDPParseError {
    /// What is wrong, as the end of a sentence.
    fileprivate var words: String {
        switch self {
        case .tooLong:
            "it is longer than \(SessionDescription.maximumLength) bytes, or has more than "
                + "\(SessionDescription.maximumLineCount) lines or \(SessionDescription.maximumMediaCount) sections"
        case .malformedLine(let line): "its line \(line) does not follow the grammar"
        case .missingOrigin: "it has no origin"
        }
    }
}
