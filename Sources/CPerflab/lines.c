#include "cperflab_lines.h"

// A non-temporal store is of a whole line; else the two copies would differ in that too.
PERFLAB_WHOLE_VECTORS
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
