#ifndef C_ALLOCATIONS_H
#define C_ALLOCATIONS_H

/// How many blocks of memory the calling thread has asked for, since it began.
///
/// A test target that links this module counts: `malloc` and its kin are wrapped for the whole test process.
unsigned long CAllocations_count(void);

/// Bytes that the calling thread has asked for and not given back, since it began.
long CAllocations_live(void);

/// How many bytes there are in a block that was asked for: as many as that, and up to fifteen more.
unsigned long CAllocations_size(const void *block);

#endif
