import Harness

/// The experiments of the scale journeys, in the order of the curriculum.
public let scaleBenchmarks: [Experiment] = [
  .connectionPerRequest, .loggingCost, .deployRestart, .staticFiles,
  .connectionExhaustion, .poolSizing,
  .failover, .healthChecks, .automation, .splitBrain,
  .cacheAside, .stampede, .edgeCache, .slowQuery,
  .sharedQueue, .readReplicas, .writeCeiling, .callDepth, .loadLevelling, .twoLevel, .originShield,
  .scatterGather, .metastable,
]
