internal import COpenSSL

/// One TLS 1.2 or 1.3 connection without I/O: bytes in, bytes out.
///
/// Whatever is called, take what is to be sent with ``pollSend(_:)`` afterwards. First ``receive(_:)`` what came
/// (a client calls ``handshake()`` once before); then ``handshake()`` until it is done, and from then on
/// ``pollReceived(_:)`` until there is nothing left.
package struct TLSSession: ~Copyable {
    package enum Progress: Hashable, Sendable {
        case done
        /// More has to come from the peer.
        case wanting
    }

    private let session, incoming, outgoing: OpaquePointer

    /// - Parameter peer: The name or address of a server whose certificate must be for it; `nil`: whatever the context trusts.
    package init(_ context: TLSContext, to peer: TLSName? = nil) throws(TLSError) {
        ERR_clear_error()
        // It takes a reference of its own, and until then the context must not go with its owner.
        let made = withExtendedLifetime(context) { SSL_new(context.context) }
        guard let session = made else { throw .lastLibraryError() }
        guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
            SSL_free(session)
            throw .lastLibraryError()
        }
        // The session owns both from here on.
        SSL_set_bio(session, incoming, outgoing)
        switch context.role {
        case .client: SSL_set_connect_state(session)
        case .server: SSL_set_accept_state(session)
        }
        if let peer, !Self.expect(peer, of: session) {
            SSL_free(session)
            throw .lastLibraryError()
        }
        self.session = session
        self.incoming = incoming
        self.outgoing = outgoing
    }

    private static func expect(_ peer: TLSName, of session: OpaquePointer) -> Bool {
        switch peer {
        case .host(let name):
            // A name within a wildcard's is a whole label (RFC 9525 §6.3).
            SSL_set_hostflags(session, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            return SSL_set1_host(session, name) == 1 && COpenSSL_SSL_set_tlsext_host_name(session, name) == 1
        case .address(let bytes):
            return X509_VERIFY_PARAM_set1_ip(SSL_get0_param(session), bytes, bytes.count) == 1
        }
    }

    deinit {
        SSL_free(session)
    }

    /// OpenSSL's name of the cipher suite, such as `TLS_AES_128_GCM_SHA256`; `nil` before there is one.
    package var suite: String? {
        guard let cipher = SSL_get_current_cipher(session), let name = SSL_CIPHER_get_name(cipher) else {
            return nil
        }
        return String(cString: name)
    }

    /// What both have agreed to speak; `nil` before that, and if the client has offered nothing.
    package var applicationProtocol: ApplicationProtocol? {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(session, &name, &count)
        return ApplicationProtocol(
            rawValue: String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
        )
    }

    /// Bytes that came from the peer.
    package mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard !bytes.isEmpty else { return }
        var written = 0
        guard BIO_write_ex(incoming, bytes.baseAddress, bytes.count, &written) == 1 else {
            throw .lastLibraryError()
        }
    }

    package mutating func handshake() throws(TLSError) -> Progress {
        ERR_clear_error()
        let result = SSL_do_handshake(session)
        if result == 1 { return .done }
        guard SSL_get_error(session, result) == SSL_ERROR_WANT_READ else { throw .lastLibraryError() }
        return .wanting
    }

    /// What the peer has said, in pieces of a record: calls `take` for each until nothing is left.
    ///
    /// - Returns: `done` once the peer has said that it sends no more.
    package mutating func pollReceived(_ take: (UnsafeRawBufferPointer) -> Void) throws(TLSError) -> Progress
    {
        let session = session
        let result = withUnsafeTemporaryAllocation(byteCount: Self.largestRecord, alignment: 1) { piece in
            while true {
                ERR_clear_error()
                var count = 0
                let result = SSL_read_ex(session, piece.baseAddress, piece.count, &count)
                guard result == 1 else { return SSL_get_error(session, result) }
                take(UnsafeRawBufferPointer(rebasing: piece.prefix(count)))
            }
        }
        switch result {
        case SSL_ERROR_WANT_READ: return .wanting
        case SSL_ERROR_ZERO_RETURN: return .done
        default: throw .lastLibraryError()
        }
    }

    /// Encrypts bytes for the peer of an established session.
    package mutating func send(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        guard !bytes.isEmpty else { return }
        ERR_clear_error()
        var written = 0
        guard SSL_write_ex(session, bytes.baseAddress, bytes.count, &written) == 1 else {
            throw .lastLibraryError()
        }
    }

    /// Says that nothing more is sent (RFC 8446 §6.1).
    package mutating func close() {
        ERR_clear_error()
        // What it returns tells whether the peer has done the same, which is not waited for.
        SSL_shutdown(session)
        ERR_clear_error()
    }

    /// How many bytes wait to be sent.
    package var sendCount: Int { Int(BIO_ctrl_pending(outgoing)) }

    /// Moves what is to be sent to `bytes`, and returns how many these are.
    package mutating func pollSend(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        var count = 0
        return BIO_read_ex(outgoing, bytes.baseAddress, bytes.count, &count) == 1 ? count : 0
    }

    /// Bytes of a record's content (RFC 8446 §5.1).
    private static let largestRecord = 16_384
}
