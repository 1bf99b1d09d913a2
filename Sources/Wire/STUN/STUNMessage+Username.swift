extension STUNMessage {
    /// The user name fragment of the agent that `message` is meant for: what stands before ':' in USERNAME.
    ///
    /// The owner of a socket shared by many transports asks this to find the transport of a source address
    /// that it does not know yet. Nothing is verified. Only fragments of at most
    /// ``longestUsernameFragment`` bytes are found: such a string is stored inline, so that a flood of
    /// requests costs no allocation.
    public static func localUsernameFragment(of message: RawSpan) -> String? {
        guard message.bigEndian(UInt32.self, at: 4) == magicCookie else { return nil }
        var offset = headerLength
        while let type = message.bigEndian(UInt16.self, at: offset),
            let length = message.bigEndian(UInt16.self, at: offset + 2)
        {
            if type == STUNAttributeType.username {
                let end = min(message.byteCount, offset + 4 + Int(length))
                return fragment(of: message, in: (offset + 4)..<max(end, offset + 4))
            }
            offset += 4 + (Int(length) + 3) & ~3
        }
        return nil
    }

    /// Which transaction the message, if it is a response, belongs to; `nil` for anything else.
    public static func answeredTransaction(of message: RawSpan) -> STUNTransactionID? {
        guard let type = message.bigEndian(UInt16.self, at: 0), type & 0x0100 != 0,
            message.bigEndian(UInt32.self, at: 4) == magicCookie,
            let high = message.bigEndian(UInt32.self, at: 8),
            let low = message.bigEndian(UInt64.self, at: 12)
        else { return nil }
        return STUNTransactionID(high: high, low: low)
    }

    /// In bytes.
    public static let longestUsernameFragment = 15

    /// Whether USERNAME begins with `fragment` and ':', as a request for the agent of that name does
    /// (RFC 8445 §7.2.2).
    public func isAddressed(to fragment: String, in message: RawSpan) -> Bool {
        guard let username, username.count > fragment.utf8.count else { return false }
        var offset = username.lowerBound
        for byte in fragment.utf8 {
            guard message.byte(at: offset) == byte else { return false }
            offset += 1
        }
        return message.byte(at: offset) == UInt8(ascii: ":")
    }

    private static func fragment(of message: RawSpan, in range: Range<Int>) -> String? {
        var end = range.lowerBound
        while end < range.upperBound, message.byte(at: end) != UInt8(ascii: ":") {
            guard isICECharacter(message.byte(at: end)) else { return nil }
            end += 1
        }
        let count = end - range.lowerBound
        guard end < range.upperBound, (1...longestUsernameFragment).contains(count) else { return nil }
        // Every one of the `count` bytes is initialised, and all are ASCII.
        return unsafe String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count { unsafe buffer[index] = message.byte(at: range.lowerBound + index) }
            return count
        }
    }

    /// `ice-char` (RFC 8839 §5.1).
    private static func isICECharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default:
            false
        }
    }
}
