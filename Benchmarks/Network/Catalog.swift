import Harness

/// The experiments of the network area, in the order of the curriculum.
public let networkBenchmarks: [Experiment] = [
  .sendSize, .bandwidthDelay, .lossCongestion, .lossHeadOfLine, .nagle, .pipelining, .encoding,
  .datagramBatching, .keepAlive, .tlsResumption, .eventLoop, .acceptBurst, .consistentHashing,
]
