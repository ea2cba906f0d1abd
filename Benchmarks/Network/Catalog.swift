import Harness

/// The experiments of the network area, in the order of the curriculum.
public let networkBenchmarks: [Experiment] = [
  .sendSize, .nagle, .datagramBatching,
  .keepAlive,
]
