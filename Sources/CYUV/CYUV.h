#ifndef C_YUV_H
#define C_YUV_H

#include <stdint.h>

// libyuv's own headers are C++ with C linkage underneath; the verbs we call are declared here.

/// BGRx (X's 32-bit little-endian ZPixmap) to I420, BT.601 studio range. Returns 0 on success.
int ARGBToI420(const uint8_t *src_argb, int src_stride_argb, uint8_t *dst_y, int dst_stride_y, uint8_t *dst_u,
               int dst_stride_u, uint8_t *dst_v, int dst_stride_v, int width, int height);

/// How I420Scale looks at the pixels that one of the result stands for: the mean of all of them.
enum { kFilterBox = 3 };

/// A picture in another size. Returns 0 on success.
int I420Scale(const uint8_t *src_y, int src_stride_y, const uint8_t *src_u, int src_stride_u,
              const uint8_t *src_v, int src_stride_v, int src_width, int src_height, uint8_t *dst_y,
              int dst_stride_y, uint8_t *dst_u, int dst_stride_u, uint8_t *dst_v, int dst_stride_v,
              int dst_width, int dst_height, int filtering);

#endif
