// The processor's hint that memory will be read soon. It never faults, whatever the address, and changes nothing.

#pragma once

#include <stddef.h>

static inline void CPrefetch_lines(const void *start, size_t bytes) {
    const char *at = (const char *)start;
    for (size_t done = 0; done < bytes; done += 64) __builtin_prefetch(at + done);
}
