import Harness

/// What `perflab calibrate` measures: kernels whose ratio is known in advance, of every kind and in
/// every pair. They are not listed with the experiments: `Lab.main` takes them as its `kit`.
public let calibrationBenchmarks: [Experiment] = [
  arithmeticPairs(), streamingPairs(), memoryPairs(), atomicsPairs(), allocationPairs(),
].flatMap { $0 }
