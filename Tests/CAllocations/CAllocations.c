#include "CAllocations.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>

// glibc's own entry points; `malloc_usable_size` stays glibc's.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

// Thread-local, so that tests that run beside the one that counts do not disturb it.
static _Thread_local unsigned long count;
static _Thread_local long live;

unsigned long CAllocations_count(void) {
    return count;
}

long CAllocations_live(void) {
    return live;
}

static void *counted(void *block) {
    count += 1;
    live += (long)malloc_usable_size(block);
    return block;
}

void *malloc(size_t size) {
    return counted(__libc_malloc(size));
}

void *calloc(size_t members, size_t size) {
    return counted(__libc_calloc(members, size));
}

void *realloc(void *block, size_t size) {
    long before = (long)malloc_usable_size(block);
    void *moved = __libc_realloc(block, size);
    if (moved != NULL || size == 0) live -= before;
    return counted(moved);
}

void *memalign(size_t alignment, size_t size) {
    return counted(__libc_memalign(alignment, size));
}

void *aligned_alloc(size_t alignment, size_t size) {
    return counted(__libc_memalign(alignment, size));
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    void *memory = counted(__libc_memalign(alignment, size));
    if (memory == NULL) return ENOMEM;
    *block = memory;
    return 0;
}

void free(void *block) {
    live -= (long)malloc_usable_size(block);
    __libc_free(block);
}

unsigned long CAllocations_size(const void *block) { return malloc_usable_size((void *)block); }
