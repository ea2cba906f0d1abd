import Harness

/// The experiments of the storage area, in the order of the curriculum.
public let storageBenchmarks: [Experiment] = [
  .missingIndex, .coveringIndex, .columnOrder, .indexWriteCost,
  .nPlusOne, .prepared, .pagination, .statistics,
  .btreeLSM, .rowColumn, .walMode, .durability,
]
