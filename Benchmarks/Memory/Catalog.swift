import Harness

/// The experiments of the memory area, in the order of the curriculum.
public let memoryBenchmarks: [Experiment] = [
  .leak, .fragmentation, .cacheLevels, .cacheLineUse, .falseSharing, .readMostlySharing, .bandwidth,
  .nonTemporalCopy,
  .aosToSoA, .randomRecords, .hotColdSplit, .fieldPacking, .linkedListToArray, .loopInterchange,
  .tiledTranspose,
  .existentialToGeneric, .copyOnWrite, .sharedRefcount,
  .freeListPool, .arena, .threadCaches, .allocatorChoice, .jemallocOptions, .hugePages,
  .softwarePrefetch,
  .pageReuse,
]
