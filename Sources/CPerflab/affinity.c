#define _GNU_SOURCE
#include "cperflab_affinity.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

_Static_assert(CPU_SETSIZE >= PERFLAB_CPU_LIMIT, "cpu_set_t holds every processor that we name");

int perflab_pin(int cpu) {
  if (cpu < 0 || cpu >= PERFLAB_CPU_LIMIT) return EINVAL;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : errno;
}

int perflab_set_affinity(const uint8_t allowed[PERFLAB_CPU_LIMIT]) {
  return perflab_set_affinity_of(0, allowed);
}

int perflab_set_affinity_of(int thread, const uint8_t allowed[PERFLAB_CPU_LIMIT]) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int cpu = 0; cpu < PERFLAB_CPU_LIMIT; cpu++)
    if (allowed[cpu]) CPU_SET(cpu, &set);
  return sched_setaffinity(thread, sizeof set, &set) == 0 ? 0 : errno;
}

int perflab_get_affinity(uint8_t allowed[PERFLAB_CPU_LIMIT]) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return errno;
  for (int cpu = 0; cpu < PERFLAB_CPU_LIMIT; cpu++) allowed[cpu] = CPU_ISSET(cpu, &set) != 0;
  return 0;
}

int perflab_current_cpu(void) { return sched_getcpu(); }
