import Harness

/// The experiments on the session cache.
let sessionsBenchmarks: [Experiment] = [
  .lookupKey
]
