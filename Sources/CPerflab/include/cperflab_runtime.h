#ifndef CPERFLAB_RUNTIME_H
#define CPERFLAB_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

/// What a piece of code asked of Swift's runtime.
struct perflab_runtime_calls {
  uint64_t allocations;
  uint64_t retains;
  uint64_t releases;
};

/// Calls `body` in a copy of this process that has the calling thread alone, and counts the
/// objects allocated, retained and released there. 0, or -1 where this runtime has no hooks or the
/// copy did not come through: it is given five seconds, and must not start or wait for threads.
///
/// A copy, because the hooks are the whole process's, and because the runtime (6.3) loses the marks
/// of short and constant strings before it reaches them: a thread that retains one crashes.
///
/// Source: the hooks that stdlib/public/runtime/HeapObject.cpp exports for Instruments.
int perflab_count_runtime_calls(void (*body)(void *), void *context,
                                struct perflab_runtime_calls *calls);

/// Calls `body` in a copy of this process that has the calling thread alone, and counts the system
/// calls that it makes there. 0, or -1 where the copy may not be traced, or did not come through: it
/// is given five seconds, and must not start or wait for threads.
int perflab_count_system_calls(void (*body)(void *), void *context, uint64_t *calls);

// The runtime's own, called as the compiler does: `access` has room for three words. Flag 1 is a
// write, 32 says that the access is entered in the thread's list until its end.
// Source: stdlib/public/runtime/Exclusivity.cpp.
void swift_beginAccess(void *pointer, void *access, uintptr_t flags, void *site);
void swift_endAccess(void *access);

/// What an access costs that nothing can come between: a look at the accesses that are open.
static inline void perflab_check_access(void *pointer) {
  uintptr_t access[3];
  swift_beginAccess(pointer, access, 1, NULL);
}

/// What an access costs that lasts while other code runs: it is entered, and taken out again.
static inline void perflab_begin_and_end_access(void *pointer) {
  uintptr_t access[3];
  swift_beginAccess(pointer, access, 33, NULL);
  swift_endAccess(access);
}

#endif
