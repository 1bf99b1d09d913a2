#ifndef C_OPUS_H
#define C_OPUS_H

#include <stdint.h>

// The verbs of libopus that we call, declared here: to build takes no more than the library, which GStreamer's plugins
// bring along. Its ABI has been the same since 1.0 (RFC 6716).

typedef struct OpusEncoder OpusEncoder;

OpusEncoder *opus_encoder_create(int32_t rate, int channels, int application, int *error);
void opus_encoder_destroy(OpusEncoder *encoder);

/// Returns the packet's length, or a negative error. `samples` counts one channel.
int32_t opus_encode(OpusEncoder *encoder, const int16_t *pcm, int samples, unsigned char *packet, int32_t capacity);
typedef struct OpusDecoder OpusDecoder;

OpusDecoder *opus_decoder_create(int32_t rate, int channels, int *error);
void opus_decoder_destroy(OpusDecoder *decoder);

/// Returns the samples of one channel, or a negative error. No packet: what came before is drawn out by `samples`. With `fec`
/// what the packet has of the one before.
int opus_decode(OpusDecoder *decoder, const unsigned char *packet, int32_t length, int16_t *pcm, int samples, int fec);

int opus_encoder_ctl(OpusEncoder *encoder, int request, ...);
const char *opus_strerror(int error);

enum { COpus_APPLICATION_AUDIO = 2049 };

enum {
    COpus_SET_BITRATE = 4002,
    COpus_SET_COMPLEXITY = 4010,
    COpus_SET_INBAND_FEC = 4012,
    COpus_SET_PACKET_LOSS_PERC = 4014,
};

/// `opus_encoder_ctl` with an integer: Swift does not call variadic functions.
static inline int COpus_encoder_set(OpusEncoder *encoder, int request, int32_t value) {
    return opus_encoder_ctl(encoder, request, value);
}

#endif
