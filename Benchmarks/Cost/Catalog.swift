import Harness

/// The experiments of the cost breakdowns, in the order of the curriculum.
public let costBenchmarks: [Experiment] = [.indexOrScan]
