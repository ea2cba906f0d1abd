#ifndef CPERFLAB_LINES_H
#define CPERFLAB_LINES_H

#include <stddef.h>

/// Copies `bytes`, a multiple of 64, between places that are aligned to 64 and do not overlap.
/// A plain loop of loads and stores, which the compiler may not turn into a call of `memcpy`.
void perflab_copy_ordinary(void *to, const void *from, size_t bytes);

/// As `perflab_copy_ordinary`, with non-temporal stores: they go past the caches.
void perflab_copy_streaming(void *to, const void *from, size_t bytes);

#endif
