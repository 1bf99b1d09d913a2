#ifndef C_IPSEC_H
#define C_IPSEC_H

// AES-128-GCM of libipsec-mb, which uses the widest vector instructions of the processor, where it is installed.
//
// Debian has the library for x86-64 only, so it is neither linked nor required: it is loaded on first use, if its header
// was there when this was compiled, and the caller has OpenSSL to fall back on. `dlsym` and function pointers in a
// structure need C, and a header alone needs no target of its own.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__) && __has_include(<intel-ipsec-mb.h>)

#include <dlfcn.h>
#include <intel-ipsec-mb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A key's schedule, and the library's functions: Swift may compile these functions more than once, so they share no state.
typedef struct {
    struct gcm_key_data schedule;
    IMB_MGR *library;
} CIPSec_key;

// The structure of function pointers is that of the header: another version is left alone.
static inline IMB_MGR *CIPSec_load(void) {
    // Debian 12 has version 1, Debian 13 version 2.
    char name[32];
    snprintf(name, sizeof name, "libIPSec_MB.so.%d", IMB_VERSION_NUM >> 16);
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return NULL;
    unsigned (*version)(void) = (unsigned (*)(void))dlsym(handle, "imb_get_version");
    IMB_MGR *(*allocate)(uint64_t) = (IMB_MGR * (*)(uint64_t)) dlsym(handle, "alloc_mb_mgr");
    void (*initialise)(IMB_MGR *, IMB_ARCH *) = (void (*)(IMB_MGR *, IMB_ARCH *))dlsym(handle, "init_mb_mgr_auto");
    if (!version || !allocate || !initialise || version() != IMB_VERSION_NUM) return NULL;
    IMB_MGR *library = allocate(0);
    if (!library) return NULL;
    initialise(library, NULL);
    // Without AES instructions it is no faster than OpenSSL, and not of constant time.
    return library->features & IMB_FEATURE_AESNI ? library : NULL;
}

/// A schedule for a key of 16 bytes, or NULL without the library; CIPSec_free_key wipes and frees it.
static inline void *CIPSec_make_key(const uint8_t *bytes) {
    static _Atomic(IMB_MGR *) loaded;
    static atomic_bool isMissing;
    if (atomic_load(&isMissing)) return NULL;
    IMB_MGR *library = atomic_load(&loaded);
    if (!library) {
        // Two threads at once load it twice, which harms nobody.
        library = CIPSec_load();
        atomic_store(&loaded, library);
        atomic_store(&isMissing, library == NULL);
    }
    CIPSec_key *key = NULL;
    if (!library || posix_memalign((void **)&key, 64, sizeof *key)) return NULL;
    key->library = library;
    IMB_AES128_GCM_PRE(library, bytes, &key->schedule);
    return key;
}

static inline void CIPSec_free_key(void *key) {
    if (!key) return;
    explicit_bzero(key, sizeof(CIPSec_key));
    free(key);
}

/// Encrypts `length` bytes, in place or out of place, and writes a tag of 16 bytes. The nonce has 12.
static inline void CIPSec_seal(const void *made, uint8_t *out, const uint8_t *in, size_t length, const uint8_t *nonce,
                               const uint8_t *header, size_t header_length, uint8_t *tag) {
    const CIPSec_key *key = made;
    struct gcm_context_data context;
    IMB_AES128_GCM_ENC(key->library, &key->schedule, &context, out, in, length, nonce, header, header_length, tag, 16);
}

/// Decrypts `length` bytes in place; returns whether `tag` is theirs.
static inline bool CIPSec_open(const void *made, uint8_t *bytes, size_t length, const uint8_t *nonce,
                               const uint8_t *header, size_t header_length, const uint8_t *tag) {
    const CIPSec_key *key = made;
    struct gcm_context_data context;
    uint8_t computed[16], difference = 0;
    IMB_AES128_GCM_DEC(key->library, &key->schedule, &context, bytes, bytes, length, nonce, header, header_length,
                       computed, 16);
    for (int i = 0; i < 16; i++) difference |= computed[i] ^ tag[i];
    return difference == 0;
}

#else

static inline void *CIPSec_make_key(const uint8_t *key) { return (void)key, (void *)0; }
static inline void CIPSec_free_key(void *schedule) { (void)schedule; }

static inline void CIPSec_seal(const void *schedule, uint8_t *out, const uint8_t *in, size_t length,
                               const uint8_t *nonce, const uint8_t *header, size_t header_length, uint8_t *tag) {
    (void)schedule, (void)out, (void)in, (void)length, (void)nonce, (void)header, (void)header_length, (void)tag;
}

static inline bool CIPSec_open(const void *schedule, uint8_t *bytes, size_t length, const uint8_t *nonce,
                               const uint8_t *header, size_t header_length, const uint8_t *tag) {
    (void)schedule, (void)bytes, (void)length, (void)nonce, (void)header, (void)header_length, (void)tag;
    return false;
}

#endif

#endif
