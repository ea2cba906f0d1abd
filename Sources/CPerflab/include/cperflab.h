/// C shims of perflab: what Swift cannot say itself. No policy lives here.
/// Every name begins with `perflab_`.
#ifndef CPERFLAB_H
#define CPERFLAB_H

#include <stddef.h>
#include <stdint.h>

#include "cperflab_accounting.h"
#include "cperflab_affinity.h"
#include "cperflab_build.h"
#include "cperflab_closure.h"
#include "cperflab_command.h"
#include "cperflab_core.h"
#include "cperflab_datagrams.h"
#include "cperflab_filesystem.h"
#include "cperflab_futex.h"
#include "cperflab_gzip.h"
#include "cperflab_hosts.h"
#include "cperflab_lines.h"
#include "cperflab_load.h"
#include "cperflab_memory.h"
#include "cperflab_network.h"
#include "cperflab_sampler.h"
#include "cperflab_sanitize.h"
#include "cperflab_perf.h"
#include "cperflab_poller.h"
#include "cperflab_process.h"
#include "cperflab_runtime.h"
#include "cperflab_uring.h"
#include "cperflab_vector.h"
#include "cperflab_storage.h"
#include "cperflab_throughput.h"

/// Hides a pointer from the optimiser: it must assume that the pointee is read and written.
static inline void perflab_escape(const void *pointer) {
  __asm__ volatile("" : : "g"(pointer) : "memory");
}

/// Returns its argument; the optimiser must take it for any value.
static inline int64_t perflab_opaque(int64_t value) {
  __asm__ volatile("" : "+r"(value));
  return value;
}

/// Removes a line from all caches, so that the next load comes from memory.
static inline void perflab_flush_line(const void *line) {
#if defined(__x86_64__) && defined(__CLFLUSHOPT__)
  // Flushes of several lines overlap, which those of clflush don't; a load may overtake the last.
  __asm__ volatile("clflushopt (%0)" : : "r"(line) : "memory");
#elif defined(__x86_64__)
  __asm__ volatile("clflush (%0)" : : "r"(line) : "memory");
#elif defined(__aarch64__)
  __asm__ volatile("dc civac, %0" : : "r"(line) : "memory");
#endif
}

/// A hint to the core that this is a spin loop (`pause` on x86-64, `yield` on arm64).
static inline void perflab_spin_hint(void) {
#if defined(__x86_64__)
  __asm__ volatile("pause");
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Nanoseconds of `CLOCK_MONOTONIC_RAW`: never stepped, never slewed by NTP.
uint64_t perflab_now(void);

#endif
