#define _GNU_SOURCE
#include "cperflab_accounting.h"

#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static uint64_t from_timeval(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

static struct perflab_usage read_usage(int who, clockid_t clock) {
  // Neither call can fail with these arguments.
  struct rusage usage = {0};
  struct timespec time = {0};
  getrusage(who, &usage);
  clock_gettime(clock, &time);
  return (struct perflab_usage){
      .user_ns = from_timeval(usage.ru_utime),
      .system_ns = from_timeval(usage.ru_stime),
      .cpu_ns = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec,
      .voluntary_switches = (uint64_t)usage.ru_nvcsw,
      .involuntary_switches = (uint64_t)usage.ru_nivcsw,
      .minor_faults = (uint64_t)usage.ru_minflt,
      .major_faults = (uint64_t)usage.ru_majflt,
  };
}

struct perflab_usage perflab_process_usage(void) {
  return read_usage(RUSAGE_SELF, CLOCK_PROCESS_CPUTIME_ID);
}

struct perflab_usage perflab_thread_usage(void) {
  return read_usage(RUSAGE_THREAD, CLOCK_THREAD_CPUTIME_ID);
}

long perflab_ticks_per_second(void) { return sysconf(_SC_CLK_TCK); }
