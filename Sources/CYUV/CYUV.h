#ifndef C_YUV_H
#define C_YUV_H

#include <stdint.h>

// libyuv's own headers are C++ with C linkage underneath; the verbs we call are declared here.

/// BGRx (X's 32-bit little-endian ZPixmap) to I420, BT.601 studio range. Returns 0 on success.
int ARGBToI420(const uint8_t *src_argb, int src_stride_argb, uint8_t *dst_y, int dst_stride_y, uint8_t *dst_u,
               int dst_stride_u, uint8_t *dst_v, int dst_stride_v, int width, int height);

#endif
