import Harness

/// The experiments of the network area, in the order of the curriculum.
public let networkBenchmarks: [Experiment] = [
  .fanOutTail, .coordinatedOmission, .poolSize, .poolLeak, .twoChoices, .outlierEjection,
  .retryBudget,
]
