#include "cperflab_lines.h"

// One cache line. Clang makes of it the widest registers that the build allows.
typedef long long line __attribute__((vector_size(64)));

void perflab_copy_ordinary(void *to, const void *from, size_t bytes) {
  line *out = to;
  const line *in = from;
  for (size_t index = 0; index < bytes / sizeof(line); index++) {
    out[index] = in[index];
    __asm__ volatile("" : : : "memory");
  }
}

void perflab_copy_streaming(void *to, const void *from, size_t bytes) {
  line *out = to;
  const line *in = from;
  for (size_t index = 0; index < bytes / sizeof(line); index++)
    __builtin_nontemporal_store(in[index], &out[index]);
#if defined(__x86_64__)
  // Non-temporal stores are weakly ordered: what comes next must not overtake them.
  __asm__ volatile("sfence" : : : "memory");
#endif
}
