#include "cperflab_lines.h"

// clang, tuned for some processors, splits a line into halves by default; the two copies would then
// differ in that too.
#if defined(__x86_64__)
__attribute__((min_vector_width(512)))
#endif
void perflab_copy_ordinary(void *to, const void *from, size_t bytes) {
  perflab_line *out = to;
  const perflab_line *in = from;
  for (size_t index = 0; index < bytes / sizeof(perflab_line); index++) {
    out[index] = in[index];
    __asm__ volatile("" : : : "memory");
  }
}

void perflab_copy_streaming(void *to, const void *from, size_t bytes) {
  perflab_line *out = to;
  const perflab_line *in = from;
  for (size_t index = 0; index < bytes / sizeof(perflab_line); index++)
    perflab_stream_line(&out[index], &in[index]);
  perflab_stream_end();
}
