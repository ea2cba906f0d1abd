import Harness

/// The experiments of the network area, in the order of the curriculum.
public let networkBenchmarks: [Experiment] = [
  .sendSize, .bandwidthDelay, .fanOutTail, .coordinatedOmission, .lossCongestion, .lossHeadOfLine,
  .poolSize, .poolLeak,
  .nagle, .pipelining, .encoding, .datagramBatching,
  .keepAlive, .tlsResumption, .eventLoop, .acceptBurst,
  .twoChoices, .consistentHashing, .outlierEjection, .retryBudget,
]
