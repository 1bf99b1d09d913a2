#ifndef C_OPENSSL_DTLS_H
#define C_OPENSSL_DTLS_H

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ssl.h>

// Function-like macros, which Swift does not import: each shim expands one.

static inline EVP_PKEY *COpenSSL_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }

static inline long COpenSSL_SSL_CTX_set_min_proto_version(SSL_CTX *context, long version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline long COpenSSL_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *groups) {
    return SSL_CTX_set1_groups_list(context, groups);
}

static inline long COpenSSL_SSL_CTX_set1_sigalgs_list(SSL_CTX *context, const char *names) {
    return SSL_CTX_set1_sigalgs_list(context, names);
}

static inline long COpenSSL_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}

static inline long COpenSSL_SSL_CTX_set_max_cert_list(SSL_CTX *context, long bytes) {
    return SSL_CTX_set_max_cert_list(context, bytes);
}

static inline long COpenSSL_SSL_CTX_set_max_send_fragment(SSL_CTX *context, long bytes) {
    return SSL_CTX_set_max_send_fragment(context, bytes);
}

static inline long COpenSSL_SSL_set_mtu(SSL *session, long bytes) { return SSL_set_mtu(session, bytes); }

static inline int COpenSSL_SSL_set_app_data(SSL *session, void *data) { return SSL_set_app_data(session, data); }

static inline void *COpenSSL_SSL_get_app_data(const SSL *session) { return SSL_get_app_data(session); }

static inline void COpenSSL_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }

static inline void COpenSSL_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

// Parameters keep the pointer to their name: one that Swift makes of a text lasts no longer than the call.

static inline OSSL_PARAM COpenSSL_OSSL_KDF_digest(char *name) {
    return OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0);
}

static inline OSSL_PARAM COpenSSL_OSSL_KDF_secret(void *bytes, size_t count) {
    return OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SECRET, bytes, count);
}

static inline OSSL_PARAM COpenSSL_OSSL_KDF_seed(void *bytes, size_t count) {
    return OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SEED, bytes, count);
}

// Expanded from SSL_OP_BIT(), whose cast Swift does not import.

/// Every option the room sets: an MTU that we know, no state beyond the session, no second handshake.
static const uint64_t COpenSSL_SSL_OP_ROOM = SSL_OP_NO_QUERY_MTU | SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION
    | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE;

#endif
