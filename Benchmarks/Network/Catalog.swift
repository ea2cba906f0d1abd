import Harness

/// The experiments of the network area, in the order of the curriculum.
public let networkBenchmarks: [Experiment] = [
  .sendSize, .nagle, .encoding, .datagramBatching, .tlsResumption, .eventLoop, .acceptBurst,
  .consistentHashing,
]
