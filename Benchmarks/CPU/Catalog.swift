import Harness

/// The experiments of the CPU area, in the order of the curriculum.
public let cpuBenchmarks: [Experiment] = [
  .userVsSystemTime, .contextSwitchRate, .runQueueLength, .threadPoolSaturation, .hotPath,
  .timeComplexity, .searchLayout, .blockedMatmul, .simdByteScan, .simdDotProduct,
  .parallelPrefixSum, .radixSort, .workStealing, .forkJoin, .parallelQuicksort, .asyncBatching,
  .threadPool,
  .queueContention, .affinity, .numaFirstTouch, .smtSiblings, .branchPrediction,
  .instructionParallelism,
]
