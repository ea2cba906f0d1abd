import Harness

/// The experiments on migrations, in the order of the curriculum.
public let migrationBenchmarks: [Experiment] = services + database + cloud + performance

private let services: [Experiment] = [
  .boundaryByGraph, .tableOwner, .coarseAPI, .tracedMap, .crossCutting, .characteriseFirst,
  .hotspotsFirst, .cycles, .batchSize, .branches, .serviceCount, .bigBang, .orderByDelay,
  .reversible,
]

private let database: [Experiment] = [
  .document, .entityAttributeValue, .timeBuckets, .staleReads, .precomputedView, .search,
  .metricsSeries, .dualWrite, .shadowReads,
]

private let cloud: [Experiment] = [
  .waves, .measuredSize, .fullTCO, .copyCut, .dnsCut, .offHours, .generation, .storageClass,
  .imageLayers, .density, .cpuLimits, .spikyEndpoint, .startUp, .granularity,
]

private let performance: [Experiment] = [
  .compareRuns, .openLoopTest, .inPlace, .expandContract, .drain, .canary, .canaryStatistics, .ramp,
]
