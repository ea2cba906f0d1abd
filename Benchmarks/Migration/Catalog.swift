import Harness

/// The experiments on migrations, in the order of the curriculum.
public let migrationBenchmarks: [Experiment] = [
  .document, .precomputedView, .dualWrite, .backfill, .inPlace, .canary, .canaryStatistics, .ramp,
  .compareRuns,
]
