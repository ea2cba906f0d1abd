#ifndef CPERFLAB_STORAGE_H
#define CPERFLAB_STORAGE_H

/// `O_DIRECT`, which Swift does not see: `open` without the page cache.
enum { PERFLAB_O_DIRECT =
#if defined(__aarch64__)
  0200000
#else
  040000
#endif
};

#endif
