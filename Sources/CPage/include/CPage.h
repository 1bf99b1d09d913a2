// The page's files as bytes of the binary. C has #embed; a Swift array literal of this size costs
// the compiler seconds.
#ifndef CPAGE_H
#define CPAGE_H

#include <stddef.h>

struct CPage_file {
    const char *path;
    const unsigned char *bytes;
    size_t count;
};

// The first of all files; the last is followed by an entry without a path.
const struct CPage_file *CPage_files(void);

#endif
