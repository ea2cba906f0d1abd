#ifndef CPERFLAB_AFFINITY_H
#define CPERFLAB_AFFINITY_H

#include <stdint.h>

/// The largest processor number that the calls below can name, plus one.
#define PERFLAB_CPU_LIMIT 1024

/// Restricts the calling thread to one processor. Returns 0 or an errno.
int perflab_pin(int cpu);

/// Restricts the calling thread to the processors whose byte in `allowed` is not zero.
/// Returns 0 or an errno.
int perflab_set_affinity(const uint8_t allowed[PERFLAB_CPU_LIMIT]);

/// The same for another thread, which may be a process of one thread.
int perflab_set_affinity_of(int thread, const uint8_t allowed[PERFLAB_CPU_LIMIT]);

/// Sets the bytes of the processors that the calling thread may use. Returns 0 or an errno.
int perflab_get_affinity(uint8_t allowed[PERFLAB_CPU_LIMIT]);

/// The processor that the calling thread runs on, or -1.
int perflab_current_cpu(void);

#endif
