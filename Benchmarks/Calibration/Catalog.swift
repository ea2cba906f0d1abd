import Harness

/// What `perflab calibrate` measures: kernels whose ratio is known beforehand, of every kind and
/// in every pair. No experiment of their own: passed to the laboratory as its kit.
public let calibrationBenchmarks: [Experiment] = [
  arithmeticPairs(), streamingPairs(), memoryPairs(), atomicsPairs(), allocationPairs(),
].flatMap { $0 }
