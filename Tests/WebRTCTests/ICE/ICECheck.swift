import WebRTC
import Wire

/// A binding request as a browser sends it, or as somebody hostile does.
struct ICECheck {
    var fragment: String? = Self.local.usernameFragment
    var password: String? = Self.local.password
    var kind = STUNMessage.Class.request
    var method = STUNMessage.binding
    var useCandidate = false
    var isControlled = false
    /// Comprehension-required, as long as it lies below 0x8000.
    var unknownAttribute: UInt16?
    var hasFingerprint = true

    static let local = ICECredentials(usernameFragment: "room", password: "password of the room")
    static let id = STUNTransactionID(high: 1, low: 2)

    var bytes: [UInt8] {
        var queue = TransmitQueue(capacity: 1)
        queue.append(to: SocketAddress(ipv4: 0, port: 0)) { out in
            out.appendSTUNHeader(kind, method: method, Self.id)
            if let fragment { out.appendSTUNUsername(fragment, "peer") }
            if isControlled {
                out.appendSTUNControlled(tieBreaker: 1)
            } else {
                out.appendSTUNControlling(tieBreaker: 1)
            }
            if useCandidate { out.appendSTUNUseCandidate() }
            if let unknownAttribute {
                out.append(bigEndian: unknownAttribute)
                out.append(bigEndian: 0 as UInt16)
            }
            out.appendSTUNPriority(1)
            if let password {
                out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
            }
            if hasFingerprint { out.appendSTUNFingerprint() }
        }
        return queue.withBytes(at: 0) { message in message.withUnsafeBytes { Array($0) } }
    }
}

extension SocketAddress {
    /// A documentation address (RFC 5737) whose last byte and port are `number`.
    static func peer(_ number: UInt16) -> Self {
        SocketAddress(ipv4: 0xcb00_7100 | UInt32(number & 0xff), port: 1_024 + number)
    }
}

extension Instant {
    static func seconds(_ count: Double) -> Self {
        Instant(nanoseconds: Int64((count * 1e9).rounded()))
    }
}
