import Harness

/// The experiments on migrations, in the order of the curriculum.
public let migrationBenchmarks: [Experiment] =
  [
    .document, .entityAttributeValue, .timeBuckets, .staleReads, .precomputedView, .search,
    .dualWrite, .backfill,
  ] + [.dnsCut]
  + [
    .compareRuns, .openLoopTest, .inPlace, .drain, .canary, .canaryStatistics, .ramp,
  ]
