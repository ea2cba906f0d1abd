import Harness

/// The experiments on migrations, in the order of the curriculum.
public let migrationBenchmarks: [Experiment] = services + database + cloud + performance

private let services: [Experiment] = [
  .boundaryByGraph, .tableOwner, .coarseAPI, .tracedMap, .sharedDatabase, .crossCutting,
  .characteriseFirst, .hotspotsFirst, .cycles, .batchSize, .branches, .serviceCount, .bigBang,
  .orderByDelay, .reversible, .proxyTax, .edgeService, .coreService, .retireLegacy,
]

private let database: [Experiment] = [
  .document, .entityAttributeValue, .timeBuckets, .staleReads, .uniqueness, .counters,
  .precomputedView, .lookupTable, .analyticsCopy, .search, .sessionKV, .metricsSeries,
  .dualWrite, .backfill, .shadowReads,
]

private let cloud: [Experiment] = [
  .waves, .wavesOnLink, .measuredSize, .fullTCO, .copyCut, .parallelTransfer, .dnsCut, .offHours,
  .generation, .storageClass, .imageLayers, .density, .cpuLimits, .spikyEndpoint, .startUp,
  .granularity,
]

private let performance: [Experiment] = [
  .profileFirst, .blockingToAsync, .cacheInFront, .compilerFlags, .jsonLibrary, .protocolSwitch,
  .compareRuns, .replayedTraffic, .openLoopTest, .inPlace, .expandContract, .drain, .canary,
  .canaryStatistics, .ramp,
]
