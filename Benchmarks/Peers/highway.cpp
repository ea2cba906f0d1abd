// A peer from Highway: its vectorised quicksort.
#include "peers.hpp"

#include <hwy/base.h>
#include <hwy/contrib/sort/vqsort.h>
#if __has_include(<hwy/highway.h>)
#include <hwy/highway.h>
#endif

PEER const char *perflab_peer_version() {
#if defined(HWY_MAJOR)
  return "Highway " PERFLAB_TEXT(HWY_MAJOR) "." PERFLAB_TEXT(HWY_MINOR) "." PERFLAB_TEXT(
      HWY_PATCH) " (" PERFLAB_COMPILER ")";
#else
  return "Highway (" PERFLAB_COMPILER ")";
#endif
}

PEER void perflab_vqsort_integers(uint32_t *first, int64_t count) {
  static hwy::Sorter sort;
  sort(first, size_t(count), hwy::SortAscending());
}

/// Pairs of a key of 64 bits and, before it in memory, a value.
PEER void perflab_vqsort_pairs(void *first, int64_t count) {
  static hwy::Sorter sort;
  sort(static_cast<hwy::K64V64 *>(first), size_t(count), hwy::SortAscending());
}
