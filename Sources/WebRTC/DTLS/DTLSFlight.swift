internal import Wire

/// The handshake messages of one flight, put together from their fragments.
///
/// Whoever knows the peer's address can send fragments, too. A later fragment takes the place of an earlier
/// one that it contradicts, so that what a forged one has spoilt is mended when the peer repeats its flight.
struct DTLSFlight {
    /// A whole message.
    struct Message: Equatable {
        var type: UInt8
        var sequence: UInt16
        var body: [UInt8]

        /// As one fragment, which is the form that signatures and Finished cover (RFC 6347 §4.2.6).
        var unfragmented: [UInt8] {
            let length = [body.count >> 16, body.count >> 8, body.count].map { UInt8(truncatingIfNeeded: $0) }
            return [type] + length + [UInt8(sequence >> 8), UInt8(sequence & 0xff), 0, 0, 0] + length + body
        }
    }

    /// The message sequence that the flight begins with.
    let first: UInt16
    /// The types of its messages, in order (RFC 5246 §7.4).
    let types: [UInt8]

    /// By their place.
    private var messages: [Int: (message: Message, gaps: [Range<Int>])] = [:]

    init(first: UInt16 = 0, _ types: [UInt8]) {
        self.first = first
        self.types = types
    }

    /// Takes a fragment; returns whether it belongs to this flight and brings something.
    mutating func insert(_ fragment: DTLSFragment, of datagram: RawSpan) -> Bool {
        let place = Int(fragment.sequence) - Int(first)
        guard types.indices.contains(place), types[place] == fragment.type else { return false }
        let known = messages[place].flatMap { $0.message.body.count == fragment.length ? $0 : nil }
        if known == nil { makeRoom(for: fragment.length, at: place) }
        var (message, gaps) =
            known
            ?? (
                Message(
                    type: fragment.type,
                    sequence: fragment.sequence,
                    body: [UInt8](repeating: 0, count: fragment.length)
                ),
                fragment.length == 0 ? [] : [0..<fragment.length]
            )
        let isNews = known == nil || gaps.contains { $0.overlaps(fragment.part) }
        datagram.extracting(fragment.body).withUnsafeBytes { source in
            message.body.replaceSubrange(fragment.part, with: source)
        }
        gaps = gaps.flatMap { gap in
            [
                gap.lowerBound..<min(gap.upperBound, max(gap.lowerBound, fragment.part.lowerBound)),
                max(gap.lowerBound, min(gap.upperBound, fragment.part.upperBound))..<gap.upperBound,
            ]
            .filter { !$0.isEmpty }
        }
        // No sender cuts a message into as many pieces.
        guard gaps.count <= Self.mostGaps else { return false }
        messages[place] = (message, gaps)
        return isNews
    }

    /// The messages, once all of them are whole.
    var complete: [Message]? {
        var found: [Message] = []
        for place in types.indices {
            guard let entry = messages[place], entry.gaps.isEmpty else { return nil }
            found.append(entry.message)
        }
        return found
    }

    /// What claims to be long must not keep the others out.
    private mutating func makeRoom(for length: Int, at place: Int) {
        messages[place] = nil
        func isFull() -> Bool {
            messages.values.reduce(length) { $0 + $1.message.body.count } > DTLSFragment.longestMessage
        }
        if isFull() { messages = messages.filter(\.value.gaps.isEmpty) }
        if isFull() { messages = [:] }
    }

    private static let mostGaps = 32
}

extension DTLSFlight {
    /// What opens a handshake.
    static let hello: [UInt8] = [1]
    /// HelloVerifyRequest.
    static let verifyRequest: [UInt8] = [3]
    /// ServerHello, Certificate, ServerKeyExchange, CertificateRequest, ServerHelloDone: nobody is trusted here
    /// who does not ask for a certificate.
    static let server: [UInt8] = [2, 11, 12, 13, 14]
    /// Certificate, ClientKeyExchange, CertificateVerify.
    static let client: [UInt8] = [11, 16, 15]
}
