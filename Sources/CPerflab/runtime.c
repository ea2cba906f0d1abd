#define _GNU_SOURCE
#include "cperflab_runtime.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

// Weak, since a runtime without them is no error. Their calling convention is C's.
#define HOOK extern __attribute__((weak))
HOOK void *(*_swift_allocObject)(const void *, size_t, size_t);
HOOK void *(*_swift_retain)(void *);
HOOK void *(*_swift_retain_n)(void *, uint32_t);
HOOK void (*_swift_release)(void *);
HOOK void (*_swift_release_n)(void *, uint32_t);
HOOK _Atomic(_Bool) _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly;

static void *(*allocate)(const void *, size_t, size_t);
static void *(*retain)(void *);
static void *(*retain_n)(void *, uint32_t);
static void (*release)(void *);
static void (*release_n)(void *, uint32_t);
static struct perflab_runtime_calls counted;

static void *count_allocation(const void *type, size_t bytes, size_t mask) {
  counted.allocations += 1;
  return allocate(type, bytes, mask);
}

static void *count_retain(void *object) {
  counted.retains += 1;
  return retain(object);
}

static void *count_retain_n(void *object, uint32_t times) {
  counted.retains += times;
  return retain_n(object, times);
}

static void count_release(void *object) {
  counted.releases += 1;
  release(object);
}

static void count_release_n(void *object, uint32_t times) {
  counted.releases += times;
  release_n(object, times);
}

static void install(void) {
  allocate = _swift_allocObject;
  retain = _swift_retain;
  retain_n = _swift_retain_n;
  release = _swift_release;
  release_n = _swift_release_n;
  _swift_allocObject = count_allocation;
  _swift_retain = count_retain;
  _swift_retain_n = count_retain_n;
  _swift_release = count_release;
  _swift_release_n = count_release_n;
  _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = 1;
}

static int has_hooks(void) {
  return &_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly &&
         &_swift_allocObject && &_swift_retain && &_swift_retain_n && &_swift_release &&
         &_swift_release_n;
}

int perflab_count_runtime_calls(void (*body)(void *), void *context,
                                struct perflab_runtime_calls *calls) {
  if (!has_hooks()) return -1;
  struct perflab_runtime_calls *shared =
      mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return -1;
  pid_t copy = fork();
  if (copy == 0) {
    alarm(5);
    install();
    body(context);
    *shared = counted;
    _exit(0);
  }
  int status = -1;
  while (copy > 0 && waitpid(copy, &status, 0) < 0 && errno == EINTR) continue;
  *calls = *shared;
  munmap(shared, sizeof *shared);
  return copy > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}
