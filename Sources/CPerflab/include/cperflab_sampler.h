#ifndef CPERFLAB_SAMPLER_H
#define CPERFLAB_SAMPLER_H

#include <stddef.h>
#include <stdint.h>

/// The frames that are kept of a stack, from the innermost.
#define PERFLAB_STACK_DEPTH 96

/// Makes room for `stacks` stacks and forgets earlier ones. Returns 0 or an errno.
int perflab_sampler_prepare(size_t stacks);

/// Opens, stopped, an event of the kernel's processor clock that interrupts the calling thread and
/// those that it starts from now on, each every `period` nanoseconds of its own processor time
/// (`perf_event_open` with `sigtrap`, Linux 5.13). `perflab_perf_enable` starts it. Code that
/// blocks SIGTRAP needs Linux 5.18, before which the kernel ends the process.
/// Returns a descriptor, or a negated errno.
int perflab_sampler_open(uint64_t period, int user_only);

/// Interrupts the process every `period` nanoseconds of its processor time, no finer than the
/// kernel's tick (`setitimer`, `ITIMER_PROF`); 0 stops it. Returns 0 or an errno.
int perflab_sampler_timer(uint64_t period);

/// Stacks taken, and those for which there was no room.
size_t perflab_sampler_taken(void);
size_t perflab_sampler_lost(void);

/// The stack of this index: places in the code, the innermost first, and how many. A caller's
/// place is that of its call instruction's last byte.
size_t perflab_sampler_stack(size_t index, const uintptr_t **frames);

/// The file that a place in the code was loaded from, and how far into it the place lies; null where
/// it belongs to no file. The text lives as long as the file stays loaded.
const char *perflab_code_file(uintptr_t place, uintptr_t *offset);

/// A C++ name spelled out, which `free` takes back; null where it is none, or where the process
/// has no C++ library.
char *perflab_demangle_cxx(const char *mangled);

#endif
