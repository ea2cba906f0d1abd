#include <hwloc.h>
#include <hwloc/cpukinds.h>

/// The processors and the efficiency rank of one kind of core; hwloc 3 changed the argument list.
/// Returns 0, or -1 with `errno` set.
static inline int perflab_hwloc_cpukind(hwloc_topology_t topology, unsigned index,
                                        hwloc_bitmap_t cpuset, int *efficiency) {
#if HWLOC_API_VERSION >= 0x00030000
  return hwloc_cpukinds_get_info(topology, index, cpuset, efficiency, NULL, 0);
#else
  return hwloc_cpukinds_get_info(topology, index, cpuset, efficiency, NULL, NULL, 0);
#endif
}

/// The interface that this was compiled against, to be compared with `hwloc_get_api_version()`.
static inline unsigned perflab_hwloc_built_version(void) { return HWLOC_API_VERSION; }
