/// What the keys of one direction of a connection are for, in SRTP as in DTLS.
package enum CipherDirection {
    /// Decrypts and authenticates what comes from the peer.
    case open
    /// Encrypts and authenticates what goes to the peer.
    case seal

    /// OpenSSL's `enc` of `EVP_CipherInit_ex2`.
    var encrypts: CInt { self == .seal ? 1 : 0 }
}
