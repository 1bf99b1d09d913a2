internal import COpenSSL

/// What is spoken inside of TLS, by the name that both sides agree on in the handshake (ALPN, RFC 7301).
package enum ApplicationProtocol: String, CaseIterable, Sendable {
    /// HTTP/2 (RFC 9113 §3.2), which a server prefers.
    case http2 = "h2"
    /// HTTP/1.1 (RFC 7301 §6).
    case http1 = "http/1.1"

    /// A `ProtocolNameList`: names of which each has its length in front (RFC 7301 §3.1).
    static func list(_ protocols: [Self]) -> [UInt8] {
        protocols.flatMap { [UInt8($0.rawValue.utf8.count)] + $0.rawValue.utf8 }
    }
}

/// Takes the best of what a client offers (RFC 7301 §3.2), or ends the handshake: whoever speaks only something else would
/// not understand the answer.
func selectApplicationProtocol(
    _: OpaquePointer?,
    _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ chosenCount: UnsafeMutablePointer<UInt8>?,
    _ offered: UnsafePointer<UInt8>?,
    _ count: UInt32,
    _: UnsafeMutableRawPointer?
) -> CInt {
    // OpenSSL has checked that the lengths fit into one another.
    let all = UnsafeBufferPointer(start: offered, count: Int(count))
    for known in ApplicationProtocol.allCases {
        var at = 0
        while at < all.count {
            let name = all[(at + 1)...].prefix(Int(all[at]))
            if name.elementsEqual(known.rawValue.utf8) {
                chosen?.pointee = offered?.advanced(by: at + 1)
                chosenCount?.pointee = all[at]
                return SSL_TLSEXT_ERR_OK
            }
            at += 1 + name.count
        }
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}
