#ifndef CPERFLAB_ACCOUNTING_H
#define CPERFLAB_ACCOUNTING_H

#include <stdint.h>

/// What the kernel has charged to a thread or to a process. Monotonic since its start.
struct perflab_usage {
  uint64_t user_ns;
  uint64_t system_ns;
  /// The same time by the scheduler's own clock: finer, but not split.
  uint64_t cpu_ns;
  uint64_t voluntary_switches;
  uint64_t involuntary_switches;
  uint64_t minor_faults;
  uint64_t major_faults;
};

/// `getrusage(RUSAGE_SELF)` and `CLOCK_PROCESS_CPUTIME_ID`: all threads, the ended ones included.
struct perflab_usage perflab_process_usage(void);

/// `getrusage(RUSAGE_THREAD)` and `CLOCK_THREAD_CPUTIME_ID`: the calling thread.
struct perflab_usage perflab_thread_usage(void);

/// Clock ticks a second in `/proc` (`sysconf(_SC_CLK_TCK)`).
long perflab_ticks_per_second(void);

#endif
