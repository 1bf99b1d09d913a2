internal import COpenSSL

/// What all connections of a server, or of a client, have in common: identity, versions and cipher suites.
package final class TLSContext: Sendable {
    package enum Role: Sendable { case client, server }

    package let role: Role
    /// The `SSL_CTX`.
    ///
    /// Nothing changes it after `init`, and OpenSSL counts its references atomically.
    nonisolated(unsafe) let context: OpaquePointer

    /// A server with the chain and the private key of two PEM files.
    package init(chainFile: String, keyFile: String) throws(TLSError) {
        role = .server
        context = try Self.makeServer { context in
            // Whoever starts the server may have no terminal to ask for a passphrase on.
            SSL_CTX_set_default_passwd_cb(context) { _, _, _, _ in -1 }
            return SSL_CTX_use_certificate_chain_file(context, chainFile) == 1
                && SSL_CTX_use_PrivateKey_file(context, keyFile, SSL_FILETYPE_PEM) == 1
                && SSL_CTX_check_private_key(context) == 1
        }
    }

    /// A server with a certificate that was made for it.
    package init(_ certificate: TLSCertificate) throws(TLSError) {
        role = .server
        context = try Self.makeServer { context in
            // The context takes references of its own to both, and until then they must not go with their owner.
            withExtendedLifetime(certificate) {
                SSL_CTX_use_certificate(context, certificate.certificate) == 1
                    && SSL_CTX_use_PrivateKey(context, certificate.key) == 1
            }
        }
    }

    /// A client that trusts every server, for tests.
    ///
    /// - Parameters:
    ///   - suites: OpenSSL's names of the cipher suites that it offers in TLS 1.2.
    ///   - newest: Whether it offers TLS 1.3 too.
    ///   - protocols: What it offers to speak inside of TLS, best first.
    package init(
        clientOffering suites: String,
        newest: Bool,
        protocols: [ApplicationProtocol] = []
    ) throws(TLSError) {
        role = .client
        let offered = ApplicationProtocol.list(protocols)
        context = try Self.make(TLS_client_method()) { context in
            SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nil)
            let version = newest ? TLS1_3_VERSION : TLS1_2_VERSION
            return COpenSSL_SSL_CTX_set_max_proto_version(context, Int(version)) == 1
                && SSL_CTX_set_cipher_list(context, suites) == 1
                // Unlike its neighbours this one returns 0 when all is well.
                && (offered.isEmpty || SSL_CTX_set_alpn_protos(context, offered, UInt32(offered.count)) == 0)
        }
    }

    /// A client that trusts whom this machine trusts, and no name but the one that it asks for.
    ///
    /// - Parameter authorities: A file in PEM of those who may vouch for servers, instead of the machine's.
    package init(clientTrusting authorities: String?) throws(TLSError) {
        role = .client
        context = try Self.make(TLS_client_method()) { context in
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            let isTold =
                authorities.map { SSL_CTX_load_verify_file(context, $0) }
                ?? SSL_CTX_set_default_verify_paths(context)
            return isTold == 1 && COpenSSL_SSL_CTX_set_min_proto_version(context, Int(TLS1_2_VERSION)) == 1
                && SSL_CTX_set_cipher_list(context, Self.cipherSuites) == 1
        }
    }

    deinit {
        SSL_CTX_free(context)
    }

    private static func makeServer(_ identity: (OpaquePointer) -> Bool) throws(TLSError) -> OpaquePointer {
        try make(TLS_server_method()) { context in
            SSL_CTX_set_options(context, COpenSSL_SSL_OP_PAGE)
            _ = COpenSSL_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
            SSL_CTX_set_alpn_select_cb(context, selectApplicationProtocol, nil)
            return SSL_CTX_set_num_tickets(context, 0) == 1
                && COpenSSL_SSL_CTX_set_min_proto_version(context, Int(TLS1_2_VERSION)) == 1
                && SSL_CTX_set_cipher_list(context, cipherSuites) == 1
                && COpenSSL_SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1
                && identity(context)
        }
    }

    private static func make(
        _ method: OpaquePointer?,
        _ configure: (OpaquePointer) -> Bool
    ) throws(TLSError) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(method) else { throw .lastLibraryError() }
        // Buffers of 16 KiB belong to connections that are at work, not to each that is open.
        _ = COpenSSL_SSL_CTX_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
        guard configure(context) else {
            let error = TLSError.lastLibraryError()
            SSL_CTX_free(context)
            throw error
        }
        return context
    }

    /// Forward secrecy and authenticated encryption only (RFC 9325 §4.2); all of TLS 1.3's have both.
    private static let cipherSuites = [
        "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
    ].joined(separator: ":")
}
