internal import COpenSSL
internal import Glibc

/// TLS over a socket that does not block, to a room whose certificate is its own: nobody vouches for it, and
/// a test knows whom it talks to.
final class SecureStream {
    private let context: OpaquePointer
    private let session: OpaquePointer

    /// Makes a session on a socket, which stays its owner's; `nil` if OpenSSL fails.
    init?(_ descriptor: CInt) {
        guard let context = SSL_CTX_new(TLS_client_method()), let session = SSL_new(context) else {
            return nil
        }
        self.context = context
        self.session = session
        SSL_set_fd(session, descriptor)
        SSL_set_connect_state(session)
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    /// As `recv`, and with its `errno`.
    func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        result(SSL_read(session, buffer.baseAddress, CInt(buffer.count)))
    }

    /// As `send`, and with its `errno`; what is tried again has to be the same bytes.
    func write(_ buffer: UnsafeRawBufferPointer) -> Int {
        result(SSL_write(session, buffer.baseAddress, CInt(buffer.count)))
    }

    private func result(_ returned: CInt) -> Int {
        guard returned <= 0 else { return Int(returned) }
        let reason = SSL_get_error(session, returned)
        ERR_clear_error()
        switch reason {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
            errno = EAGAIN
            return -1
        case SSL_ERROR_ZERO_RETURN: return 0
        default:
            errno = EIO
            return -1
        }
    }
}
