import Harness

/// The experiments of the memory area, in the order of the curriculum.
public let memoryBenchmarks: [Experiment] = [
  .heapVsStack, .leak, .arcTraffic, .fragmentation, .cacheLevels, .cacheLineUse, .falseSharing,
  .readMostlySharing, .bandwidth, .nonTemporalCopy,
  .aosToSoA, .randomRecords, .hotColdSplit, .fieldPacking, .linkedListToArray, .loopInterchange,
  .tiledTranspose,
  .classToStruct, .existentialToGeneric, .copyOnWrite, .sharedRefcount, .exclusivityChecks,
  .freeListPool, .arena, .threadCaches, .allocatorChoice, .jemallocOptions, .hugePages,
  .softwarePrefetch,
  .pageReuse,
]
