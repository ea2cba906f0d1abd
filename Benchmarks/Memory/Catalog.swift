import Harness

/// The experiments of the memory area, in the order of the curriculum.
public let memoryBenchmarks: [Experiment] = [
  .aosToSoA, .falseSharing, .allocatorChoice,
  .leak, .fragmentation, .bandwidth, .nonTemporalCopy,
  .freeListPool, .arena, .threadCaches, .hugePages, .softwarePrefetch, .pageReuse,
]
