import Harness

/// The experiments of the storage area, in the order of the curriculum.
public let storageBenchmarks: [Experiment] = [
  .workingSet, .readAhead, .queueDepth, .sequentialRandom, .submissionCost, .groupCommit,
  .logStructured, .admission,
  .missingIndex, .coveringIndex, .columnOrder, .indexWriteCost,
  .nPlusOne, .prepared, .pagination, .statistics,
  .btreeLSM, .rowColumn, .walMode, .durability,
]
