#include "cperflab_sanitize.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PERFLAB_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef PERFLAB_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
void perflab_poison(const void *start, size_t bytes) {
  __asan_poison_memory_region(start, bytes);
}
void perflab_unpoison(const void *start, size_t bytes) {
  __asan_unpoison_memory_region(start, bytes);
}
#else
void perflab_poison(const void *start, size_t bytes) {
  (void)start;
  (void)bytes;
}
void perflab_unpoison(const void *start, size_t bytes) {
  (void)start;
  (void)bytes;
}
#endif
