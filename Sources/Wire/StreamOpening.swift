/// What a TCP connection is for, told from its first bytes: so one port serves the page, its TLS, and media.
///
/// The first bytes of TLS, HTTP and of a framed STUN message can never be the same: a record of TLS begins with its type and
/// version, a request of HTTP with a letter, and a frame with its length, which for a binding request is between 20 and
/// some hundred bytes, and then the message's type.
public enum StreamOpening: Hashable, Sendable {
    /// A frame (RFC 4571) with a STUN binding request: ICE-TCP (RFC 6544).
    case framedCheck
    /// A STUN message without a frame, as TURN has it over TCP and TLS (RFC 8656 §2.1, RFC 8489 §6.2.2).
    case message
    /// TLS, such as the page's HTTPS.
    case tls
    /// HTTP, or anything else: whoever reads it may say what is wrong.
    case other

    /// Bytes that tell for certain.
    public static let length = 10

    /// - Parameter bytes: What has come so far, at least one byte.
    /// - Returns: `nil`: more bytes are needed.
    public init?(_ bytes: RawSpan) {
        guard let first = bytes.bigEndian(UInt8.self, at: 0) else { return nil }
        switch first {
        case 0x16: self = .tls
        case 0...3:
            // Whatever is shorter may still become one.
            guard let start = bytes.bigEndian(UInt16.self, at: 0) else { return nil }
            guard let second = bytes.bigEndian(UInt16.self, at: 2) else { return nil }
            guard let third = bytes.bigEndian(UInt32.self, at: 4) else { return nil }
            if third == STUNMessage.magicCookie {
                self = .message
                return
            }
            // A length that STUN allows, then the message: its type, its own length, the cookie.
            guard (20...Self.longestCheck).contains(start), second == Self.bindingRequest,
                third >> 16 == UInt32(start) - 20
            else {
                self = .other
                return
            }
            guard let cookie = bytes.bigEndian(UInt32.self, at: 6) else { return nil }
            self = cookie == STUNMessage.magicCookie ? .framedCheck : .other
        default: self = .other
        }
    }

    private static let bindingRequest: UInt16 = 0x0001
    /// Bytes: a user name of 513 and every attribute that a check has.
    private static let longestCheck: UInt16 = 1_023
}
