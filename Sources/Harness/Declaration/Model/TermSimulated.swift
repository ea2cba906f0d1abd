extension Term {
  /// What a simulation of the very system that is measured comes to: the prediction of an experiment
  /// whose parts are real, and small enough to be simulated as they are.
  ///
  /// A model is a pure function, so that the seeds are always the same ones. The interval is that of
  /// the mean over them (95%, Student's distribution).
  /// - Parameters:
  ///   - name: as the page shows it.
  ///   - run: the metric of one run, in the term's unit and above 0.
  public static func simulated(_ name: String, _ run: (_ seed: UInt64) -> Double) -> Term {
    let count = 10
    let values = (1...count).map { run(UInt64($0)) }
    let mean = values.reduce(0, +) / Double(count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    // The 97.5th percentile for nine degrees of freedom.
    let error = 2.262 * (squares / Double(count * (count - 1))).squareRoot()
    return .input(
      name, mean, low: max(0.1 * mean, mean - error), high: mean + error,
      source: "a simulation of this system, \(count) runs")
  }
}
