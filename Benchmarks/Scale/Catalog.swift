import Harness

/// The experiments of the scale journeys, in the order of the curriculum.
public let scaleBenchmarks: [Experiment] = [
  .sharedQueue, .readReplicas, .writeCeiling, .callDepth, .loadLevelling, .twoLevel, .originShield,
  .scatterGather, .metastable,
]
