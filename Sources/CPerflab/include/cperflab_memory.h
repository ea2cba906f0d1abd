#ifndef CPERFLAB_MEMORY_H
#define CPERFLAB_MEMORY_H

#include <stddef.h>
#include <stdint.h>

/// The largest number of memory nodes that the calls below can name.
#define PERFLAB_NODE_LIMIT 64

/// Memory nodes that this process may allocate on, as a bit mask; 0 where the kernel knows no nodes.
uint64_t perflab_numa_nodes(void);

/// How memory is placed: on the nodes of the mask alone, in turn over them, or on them if possible.
enum perflab_placement {
  PERFLAB_PLACE_BIND,
  PERFLAB_PLACE_INTERLEAVE,
  PERFLAB_PLACE_PREFER,
};

/// `mbind`: places the pages of a mapping that are not there yet. Returns 0 or an errno.
int perflab_numa_place(void *start, size_t bytes, enum perflab_placement placement,
                       uint64_t nodes);

/// `move_pages` without moving: the node of each page, or a negated errno (-ENOENT: not touched).
/// Returns 0 or an errno.
int perflab_numa_locate(void *const pages[], size_t count, int nodes[]);

/// What a mapping's pages are asked to be.
enum perflab_advice {
  PERFLAB_ADVISE_HUGE,
  PERFLAB_ADVISE_NO_HUGE,
  /// Collapse into huge pages now (Linux 6.1).
  PERFLAB_ADVISE_COLLAPSE,
  PERFLAB_ADVISE_SEQUENTIAL,
  PERFLAB_ADVISE_RANDOM,
  PERFLAB_ADVISE_WILL_NEED,
  PERFLAB_ADVISE_DONT_NEED,
  /// Give the pages now, as if written to (Linux 5.14).
  PERFLAB_ADVISE_POPULATE,
};

/// `madvise`. Returns 0 or an errno.
int perflab_advise(void *start, size_t bytes, enum perflab_advice advice);

/// A private mapping of zeros. `huge` asks for pages of the hugetlb pool, else EINVAL or ENOMEM.
/// Returns 0 or an errno.
int perflab_map(size_t bytes, int huge, void **result);

/// Gives a mapping back. Returns 0 or an errno.
int perflab_unmap(void *start, size_t bytes);

/// Bytes of an ordinary page.
size_t perflab_page_bytes(void);

#endif
