internal import Wire

/// Whether a flight comes from somebody who has received ours, before OpenSSL believes any of it.
///
/// Nothing protects the messages of a handshake before its end, and OpenSSL gives up over the first that does
/// not fit. But each side signs what it has received from the other with the key of the certificate that it
/// shows: a forger who only knows the peer's address cannot. Whose certificate it is OpenSSL asks afterwards.
enum DTLSFlightProof {
    /// A client signs all messages so far (RFC 5246 §7.4.8).
    ///
    /// - Parameter transcript: the client's hello and the server's flight.
    static func isClients(_ flight: [DTLSFlight.Message], after transcript: [UInt8]) -> Bool {
        guard
            flight.map(\.type) == DTLSFlight.client,
            let certificate = firstCertificate(flight[0].body),
            let (scheme, signature) = signature(flight[2].body[...])
        else { return false }
        let content = transcript + flight[0].unfragmented + flight[1].unfragmented
        return DTLSSignature.isValid(signature, scheme: scheme, of: content, by: certificate)
    }

    /// A server signs both random numbers and its share of the keys (RFC 8422 §5.4).
    ///
    /// - Parameter clientRandom: that of our hello.
    static func isServers(_ flight: [DTLSFlight.Message], clientRandom: [UInt8]) -> Bool {
        guard
            flight.map(\.type) == DTLSFlight.server,
            flight[4].body.isEmpty,
            flight[0].body.count >= 34,
            let certificate = firstCertificate(flight[1].body)
        else { return false }
        // kind of curve (1) · curve (2) · length (1) · point
        let exchange = flight[2].body
        guard exchange.count > 4, exchange.count > 4 + Int(exchange[3]) else { return false }
        let share = exchange[..<(4 + Int(exchange[3]))]
        guard let (scheme, signature) = signature(exchange[share.endIndex...]) else { return false }
        let content = clientRandom + flight[0].body[2..<34] + share
        return DTLSSignature.isValid(signature, scheme: scheme, of: content, by: certificate)
    }

    // length of all (3) · length (3) · certificate …
    private static func firstCertificate(_ body: [UInt8]) -> ArraySlice<UInt8>? {
        guard body.count > 6 else { return nil }
        let length = Int(body[3]) << 16 | Int(body[4]) << 8 | Int(body[5])
        guard length > 0, body.count >= 6 + length else { return nil }
        return body[6..<(6 + length)]
    }

    // scheme (2) · length (2) · signature
    private static func signature(_ body: ArraySlice<UInt8>) -> (UInt16, ArraySlice<UInt8>)? {
        let bytes = Array(body.prefix(4))
        guard bytes.count == 4, body.count == 4 + (Int(bytes[2]) << 8 | Int(bytes[3])) else { return nil }
        return (UInt16(bytes[0]) << 8 | UInt16(bytes[1]), body.dropFirst(4))
    }
}
