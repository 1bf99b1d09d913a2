#ifndef C_ZLIB_H
#define C_ZLIB_H

#include <string.h>
#include <zlib.h>

/// Compresses to the gzip format (RFC 1952) in one go; returns the count of bytes, 0 if they do not fit.
/// `deflateInit2` is a macro.
static inline size_t CZlib_gzip(const unsigned char *bytes, size_t count, unsigned char *out, size_t capacity) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    // 15 bits of window, and 16 for gzip's head and tail.
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    stream.next_in = (unsigned char *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    int result = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}

#endif
