#define _GNU_SOURCE
#include "cperflab_sampler.h"

#include <dlfcn.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/ucontext.h>
#include <sys/uio.h>
#include <unistd.h>
#include <unwind.h>

// Stacks are unwound by the handler itself, by the tables that the compilers left for exceptions.
// The kernel's own call chains follow frame pointers, which the C library has none of: a stack
// that ends in the allocator would lose its callers. Functions of the Swift library that never
// throw have no tables, but keep frame pointers: from there on these are followed.

struct stack {
  uintptr_t depth;
  uintptr_t frames[PERFLAB_STACK_DEPTH];
};

static struct stack *stacks;
static size_t capacity;
static atomic_size_t taken;

struct walk {
  struct stack *stack;
  uintptr_t interrupted;
  int reached;
  /// The frame pointer of the last frame that the tables led to.
  uintptr_t pointer;
};

#if defined(__x86_64__)
#define FRAME_POINTER 6
#else
#define FRAME_POINTER 29
#endif

static _Unwind_Reason_Code visit(struct _Unwind_Context *context, void *argument) {
  struct walk *walk = argument;
  int is_interrupted = 0;
  uintptr_t place = _Unwind_GetIPInfo(context, &is_interrupted);
  // The handler's own frames and the kernel's way into it come first.
  if (!walk->reached && place != walk->interrupted) return _URC_NO_REASON;
  walk->reached = 1;
  struct stack *stack = walk->stack;
  if (place == 0 || stack->depth == PERFLAB_STACK_DEPTH) return _URC_END_OF_STACK;
  stack->frames[stack->depth++] = is_interrupted ? place : place - 1;
  walk->pointer = (uintptr_t)_Unwind_GetGR(context, FRAME_POINTER);
  return _URC_NO_REASON;
}

/// Goes on from where the tables end. Memory is read by the kernel, which refuses a wild pointer.
static void follow(struct stack *stack, uintptr_t pointer) {
  while (pointer && pointer % sizeof(uintptr_t) == 0 && stack->depth < PERFLAB_STACK_DEPTH) {
    uintptr_t frame[2];
    struct iovec to = {frame, sizeof frame};
    struct iovec from = {(void *)pointer, sizeof frame};
    long count = syscall(SYS_process_vm_readv, getpid(), &to, 1ul, &from, 1ul, 0ul);
    if (count != (long)sizeof frame || frame[1] < 4096) return;
    stack->frames[stack->depth++] = frame[1] - 1;
    // A caller's frame lies above.
    if (frame[0] <= pointer) return;
    pointer = frame[0];
  }
}

static uintptr_t interrupted_at(const ucontext_t *context) {
#if defined(__x86_64__)
  return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return (uintptr_t)context->uc_mcontext.pc;
#else
#error "which register holds the place in the code?"
#endif
}

static void take(int signal, siginfo_t *info, void *context) {
  (void)signal;
  (void)info;
  int kept_errno = errno;
  size_t index = atomic_fetch_add_explicit(&taken, 1, memory_order_relaxed);
  if (index < capacity) {
    struct stack *stack = &stacks[index];
    struct walk walk = {stack, interrupted_at(context), 0, 0};
    stack->depth = 0;
    _Unwind_Backtrace(visit, &walk);
    if (walk.reached) follow(stack, walk.pointer);
    // Where the tables do not lead through the handler, the place alone is known.
    if (stack->depth == 0) stack->frames[stack->depth++] = walk.interrupted;
  }
  errno = kept_errno;
}

static int handle(int signal) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = take;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigfillset(&action.sa_mask);
  return sigaction(signal, &action, NULL) == 0 ? 0 : errno;
}

static _Unwind_Reason_Code nothing(struct _Unwind_Context *context, void *argument) {
  (void)context;
  (void)argument;
  return _URC_NO_REASON;
}

int perflab_sampler_prepare(size_t wanted) {
  if (stacks) munmap(stacks, capacity * sizeof *stacks);
  capacity = 0;
  void *memory = mmap(NULL, wanted * sizeof *stacks, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) {
    stacks = NULL;
    return errno;
  }
  stacks = memory;
  capacity = wanted;
  atomic_store(&taken, 0);
  // What the unwinder sets up at its first use must not happen within a handler.
  _Unwind_Backtrace(nothing, NULL);
  return 0;
}

int perflab_sampler_open(uint64_t period, int user_only) {
  int error = handle(SIGTRAP);
  if (error) return -error;
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_CPU_CLOCK;
  attributes.sample_period = period;
  attributes.sample_type = PERF_SAMPLE_IP;
  attributes.disabled = 1;
  attributes.inherit = 1;
  attributes.inherit_thread = 1;
  attributes.sigtrap = 1;
  attributes.remove_on_exec = 1;
  attributes.exclude_kernel = user_only != 0;
  attributes.exclude_hv = 1;
  long result = syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  return result >= 0 ? (int)result : -errno;
}

int perflab_sampler_timer(uint64_t period) {
  int error = period ? handle(SIGPROF) : 0;
  if (error) return error;
  struct itimerval timer;
  timer.it_interval.tv_sec = (time_t)(period / 1000000000u);
  timer.it_interval.tv_usec = (suseconds_t)(period % 1000000000u / 1000);
  timer.it_value = timer.it_interval;
  return setitimer(ITIMER_PROF, &timer, NULL) == 0 ? 0 : errno;
}

size_t perflab_sampler_taken(void) {
  size_t all = atomic_load(&taken);
  return all < capacity ? all : capacity;
}

size_t perflab_sampler_lost(void) {
  size_t all = atomic_load(&taken);
  return all > capacity ? all - capacity : 0;
}

size_t perflab_sampler_stack(size_t index, const uintptr_t **frames) {
  *frames = stacks[index].frames;
  return stacks[index].depth;
}

const char *perflab_code_file(uintptr_t place, uintptr_t *offset) {
  Dl_info info;
  if (!dladdr((const void *)place, &info) || !info.dli_fname || !info.dli_fbase) return NULL;
  *offset = place - (uintptr_t)info.dli_fbase;
  return info.dli_fname;
}

char *perflab_demangle_cxx(const char *mangled) {
  typedef char *(*demangler)(const char *, char *, size_t *, int *);
  demangler demangle = (demangler)dlsym(RTLD_DEFAULT, "__cxa_demangle");
  int status = 0;
  return demangle ? demangle(mangled, NULL, NULL, &status) : NULL;
}
