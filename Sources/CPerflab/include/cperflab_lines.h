#ifndef CPERFLAB_LINES_H
#define CPERFLAB_LINES_H

#include <stddef.h>

/// Before a function whose vectors stay whole, as Swift's do: clang, tuned for some processors, splits
/// those of 512 bits into halves by default.
#if defined(__x86_64__)
#define PERFLAB_WHOLE_VECTORS __attribute__((min_vector_width(512)))
#else
#define PERFLAB_WHOLE_VECTORS
#endif

/// One cache line. With `PERFLAB_WHOLE_VECTORS`, clang makes of it the widest registers that the build
/// allows.
typedef long long perflab_line __attribute__((vector_size(64)));

/// Copies a line past the caches, between places that are aligned to 64. Only a store that fills
/// its line bypasses them well. `perflab_stream_end` comes after the last one.
static inline void perflab_stream_line(void *to, const void *from) {
  __builtin_nontemporal_store(*(const perflab_line *)from, (perflab_line *)to);
}

/// Non-temporal stores are weakly ordered on x86-64: what comes next must not overtake them.
static inline void perflab_stream_end(void) {
#if defined(__x86_64__)
  __asm__ volatile("sfence" : : : "memory");
#endif
}

/// Copies `bytes`, a multiple of 64, between places that are aligned to 64 and do not overlap.
/// A plain loop of loads and stores, which the compiler may not turn into a call of `memcpy`.
void perflab_copy_ordinary(void *to, const void *from, size_t bytes);

/// As `perflab_copy_ordinary`, with non-temporal stores: they go past the caches.
void perflab_copy_streaming(void *to, const void *from, size_t bytes);

#endif
