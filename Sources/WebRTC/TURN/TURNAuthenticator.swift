internal import Wire

/// Finds out who sent a request, by a long-term credential (RFC 8489 §9.2.4).
struct TURNAuthenticator: Sendable {
    enum Outcome {
        case proven(TURNUser)
        case refused(TURNRefusal)
    }

    private let credentials: TURNCredentials
    private var challenge: TURNChallenge

    init(_ credentials: TURNCredentials, random: RandomSource, now: Instant) {
        self.credentials = credentials
        challenge = TURNChallenge(random, now: now)
    }

    /// - Parameters:
    ///   - message: Parsed from `bytes`, as `attributes` were.
    ///   - holder: Whose allocation the connection has: they go on with their name also after its time, as browsers do, which are
    ///     told another one and keep the first; and there is nobody else.
    ///   - clock: Seconds since 1970.
    mutating func authenticate(
        _ message: STUNMessage,
        _ attributes: TURNAttributes,
        _ bytes: RawSpan,
        holder: TURNUser?,
        now: Instant,
        clock: Int64
    ) -> Outcome {
        guard message.messageIntegrity != nil else { return .refused(asking(401)) }
        guard let username = message.username, let realm = attributes.realm, let nonce = attributes.nonce
        else { return .refused(TURNRefusal(400)) }
        guard challenge.isFresh(now: now), bytes.holds(challenge.nonce, in: nonce) else {
            return .refused(asking(438))
        }
        guard bytes.holds(credentials.realm, in: realm), let name = bytes.text(in: username),
            let user = holder?.name == name ? holder : user(named: name, clock: clock),
            message.isAuthentic(bytes, key: user.key)
        else { return .refused(asking(401)) }
        guard holder == nil || holder == user else { return .refused(TURNRefusal(441, to: user)) }
        guard attributes.unknown.isEmpty else {
            return .refused(TURNRefusal(420, to: user, unknown: attributes.unknown))
        }
        return .proven(user)
    }

    /// For what the server sends by itself.
    mutating func transactionID() -> STUNTransactionID { challenge.transactionID() }

    private func asking(_ code: UInt16) -> TURNRefusal {
        TURNRefusal(code, asks: (credentials.realm, challenge.nonce))
    }

    private func user(named name: String, clock: Int64) -> TURNUser? {
        guard let (expiry, person) = TURNCredentials.parse(name), expiry > clock,
            let key = credentials.key(for: name)
        else { return nil }
        return TURNUser(name: name, person: String(person), key: key)
    }
}

/// Somebody whose messages have proved who they are.
struct TURNUser: Hashable, Sendable {
    var name: String
    /// The name without its time.
    var person: String
    var key: [UInt8]
}

/// An error response: its code, and what has to go along.
struct TURNRefusal: Sendable {
    var code: UInt16
    /// REALM and NONCE, with which the client is to try again.
    var asks: (realm: String, nonce: String)?
    /// Whose key protects it, if that is known.
    var user: TURNUser?
    var unknown: STUNUnknownAttributes

    init(
        _ code: UInt16,
        asks: (realm: String, nonce: String)? = nil,
        to user: TURNUser? = nil,
        unknown: STUNUnknownAttributes = STUNUnknownAttributes()
    ) {
        self.code = code
        self.asks = asks
        self.user = user
        self.unknown = unknown
    }

    func write(_ id: STUNTransactionID, method: UInt16, into output: inout TURNOutput) {
        output.refused.append(code)
        output.appendMessage { answer in
            answer.appendSTUNHeader(.errorResponse, method: method, id)
            answer.appendSTUNErrorCode(code)
            if let asks {
                answer.appendSTUNRealm(asks.realm)
                answer.appendSTUNNonce(asks.nonce)
            }
            if !unknown.isEmpty { answer.appendSTUNUnknownAttributes(unknown) }
            if let user { answer.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, key: user.key) } }
        }
    }
}

extension RawSpan {
    /// Whether these bytes are those of `text`.
    ///
    /// What is compared so is nobody's secret.
    fileprivate func holds(_ text: String, in range: Range<Int>) -> Bool {
        guard range.count == text.utf8.count else { return false }
        var place = range.lowerBound
        for byte in text.utf8 {
            guard self.byte(at: place) == byte else { return false }
            place += 1
        }
        return true
    }

    /// A name of ours, which is short and of characters that can be seen.
    fileprivate func text(in range: Range<Int>) -> String? {
        guard range.count <= 64 else { return nil }
        var bytes: [UInt8] = []
        extracting(range).appendBytes(to: &bytes)
        guard bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
