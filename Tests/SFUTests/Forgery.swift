import WebRTC
import Wire

/// What somebody in the room can make with the credentials that are rightly theirs.
enum Forgery {
    /// A valid check, which can be sent in anybody's name.
    ///
    /// - Parameters:
    ///   - credentials: The room's, of the forger's own transport.
    ///   - peer: The forger's.
    static func check(
        _ credentials: ICECredentials,
        _ peer: ICECredentials,
        nominates: Bool = true
    ) -> [UInt8] {
        bytes { out in
            out.appendSTUNHeader(.request, STUNTransactionID(high: 0xf0f0, low: 0x0f0f))
            out.appendSTUNUsername(credentials.usernameFragment, peer.usernameFragment)
            out.appendSTUNControlling(tieBreaker: 7)
            if nominates { out.appendSTUNUseCandidate() }
            out.appendSTUNPriority(1)
            out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: credentials.password) }
            out.appendSTUNFingerprint()
        }
    }

    /// The answer to a check of the room's, by somebody who has read it.
    static func answer(to check: RawSpan, _ peer: ICECredentials, mapped: SocketAddress) -> [UInt8]? {
        guard let message = try? STUNMessage(parsing: check), message.kind == .request else { return nil }
        return bytes { out in
            out.appendSTUNHeader(.successResponse, message.transactionID)
            out.appendSTUNXORMappedAddress(mapped, message.transactionID)
            out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: peer.password) }
            out.appendSTUNFingerprint()
        }
    }

    private static func bytes(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
        var queue = TransmitQueue(capacity: 1)
        queue.append(to: SocketAddress(ipv4: 0, port: 0), write)
        return queue.withBytes(at: 0) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
    }
}
