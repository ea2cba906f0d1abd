#define _GNU_SOURCE
#include "cperflab.h"

#include <time.h>

uint64_t perflab_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC_RAW, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}
