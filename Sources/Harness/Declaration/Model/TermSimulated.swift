import Statistics

extension Term {
  /// What a simulation of the very system that is measured comes to: the prediction of an experiment
  /// whose parts are real, and small enough to be simulated as they are.
  ///
  /// The median over runs with seeds of their own, as the measured value is the median over
  /// processes: where a queue grows without end, the mean of a short window is another number. A
  /// model is a pure function, so that the seeds are always the same ones.
  /// - Parameters:
  ///   - name: as the page shows it.
  ///   - run: the metric of one run, in the term's unit and above 0.
  public static func simulated(_ name: String, _ run: (_ seed: UInt64) -> Double) -> Term {
    let count: UInt64 = 49
    let values = (1...count).map { [run($0)] }
    let interval = OrderStatisticInterval().interval(values, level: PairedComparison.level)
    return .input(
      name, interval.estimate, low: interval.low, high: interval.high,
      source: "a simulation of this system, \(count) runs")
  }
}
