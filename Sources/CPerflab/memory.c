#define _GNU_SOURCE
#include "cperflab_memory.h"

#include <errno.h>
#include <numa.h>
#include <numaif.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

_Static_assert(sizeof(unsigned long) * 8 >= PERFLAB_NODE_LIMIT, "a mask is one word");

uint64_t perflab_numa_nodes(void) {
  if (numa_available() < 0) return 0;
  uint64_t mask = 0;
  for (unsigned node = 0; node < PERFLAB_NODE_LIMIT; node++)
    if (numa_bitmask_isbitset(numa_all_nodes_ptr, node)) mask |= (uint64_t)1 << node;
  return mask;
}

int perflab_numa_place(void *start, size_t bytes, enum perflab_placement placement,
                       uint64_t nodes) {
  int mode = placement == PERFLAB_PLACE_BIND         ? MPOL_BIND
             : placement == PERFLAB_PLACE_INTERLEAVE ? MPOL_INTERLEAVE
                                                     : MPOL_PREFERRED;
  unsigned long mask = nodes;
  // The kernel uses one bit less than it is given (mbind(2), bugs).
  return mbind(start, bytes, mode, &mask, PERFLAB_NODE_LIMIT + 1, 0) == 0 ? 0 : errno;
}

int perflab_numa_locate(void *const pages[], size_t count, int nodes[]) {
  return move_pages(0, count, (void **)pages, NULL, nodes, 0) == 0 ? 0 : errno;
}

int perflab_advise(void *start, size_t bytes, enum perflab_advice advice) {
  static const int codes[] = {
      [PERFLAB_ADVISE_HUGE] = MADV_HUGEPAGE,
      [PERFLAB_ADVISE_NO_HUGE] = MADV_NOHUGEPAGE,
      [PERFLAB_ADVISE_COLLAPSE] = MADV_COLLAPSE,
      [PERFLAB_ADVISE_SEQUENTIAL] = MADV_SEQUENTIAL,
      [PERFLAB_ADVISE_RANDOM] = MADV_RANDOM,
      [PERFLAB_ADVISE_WILL_NEED] = MADV_WILLNEED,
      [PERFLAB_ADVISE_DONT_NEED] = MADV_DONTNEED,
      [PERFLAB_ADVISE_POPULATE] = MADV_POPULATE_WRITE,
  };
  if (advice < 0 || advice >= sizeof codes / sizeof codes[0]) return EINVAL;
  return madvise(start, bytes, codes[advice]) == 0 ? 0 : errno;
}

int perflab_map(size_t bytes, int huge, void **result) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | (huge ? MAP_HUGETLB : 0);
  void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (start == MAP_FAILED) return errno;
  *result = start;
  return 0;
}

int perflab_unmap(void *start, size_t bytes) { return munmap(start, bytes) == 0 ? 0 : errno; }

size_t perflab_page_bytes(void) { return (size_t)sysconf(_SC_PAGESIZE); }
