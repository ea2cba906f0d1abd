import Harness

/// The experiments on migrations, in the order of the curriculum.
public let migrationBenchmarks: [Experiment] = [
  .dualWrite, .backfill, .inPlace, .canaryStatistics,
]
