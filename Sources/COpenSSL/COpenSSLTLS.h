#ifndef C_OPENSSL_TLS_H
#define C_OPENSSL_TLS_H

#include <openssl/ssl.h>

// Function-like macros, which Swift does not import: each shim expands one.

static inline long COpenSSL_SSL_CTX_set_max_proto_version(SSL_CTX *context, long version) {
    return SSL_CTX_set_max_proto_version(context, version);
}

static inline long COpenSSL_SSL_CTX_set_mode(SSL_CTX *context, long mode) { return SSL_CTX_set_mode(context, mode); }

static inline long COpenSSL_SSL_set_tlsext_host_name(SSL *session, const char *name) {
    return SSL_set_tlsext_host_name(session, name);
}

// Expanded from SSL_OP_BIT(), whose cast Swift does not import.

/// Every option of the page's server: no state beyond the connection, no second handshake, our order of suites.
static const uint64_t COpenSSL_SSL_OP_PAGE =
    SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE;

#endif
